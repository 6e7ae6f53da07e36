import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './empty.module.css'

interface EmptyProps {
  icon: ReactNode
  title: string
  text: string
  children?: ReactNode
}

/** Says why there is nothing, and what would change that. */
export function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <Stack align="center" ta="center" gap="xs" px="md" py="xl" className={classes.empty}>
      <div className={classes.icon} aria-hidden>
        {icon}
      </div>
      <Text fw={600}>{title}</Text>
      <Text c="dimmed" maw="26rem">
        {text}
      </Text>
      {children}
    </Stack>
  )
}
