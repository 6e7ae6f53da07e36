import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './page-header.module.css'

/** A page's name, one sentence about it, and what is done there most. */
export function PageHeader({ title, intro, children }: HeaderProps) {
  return (
    <header className={classes.header}>
      <div className={classes.t}>
        <Title order={1}>{title}</Title>
        {intro !== undefined && <p className={classes.intro}>{intro}</p>}
      </div>
      {children}
    </header>
  )
}

interface HeaderProps {
  title: string
  intro?: string
  children?: ReactNode
}
