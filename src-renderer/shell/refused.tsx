import { Center, Stack, Text, Title } from '@mantine/core'
import { IconKeyOff } from '@tabler/icons-react'
import { useDictionary } from '../i18n/dictionary.tsx'

/** The program does not know this window's token: nothing can be shown. */
export function Refused() {
  const { link } = useDictionary().t.common
  return (
    <Center component="main" h="100%" p="xl">
      <Stack align="center" maw="28rem" ta="center">
        <IconKeyOff size={40} aria-hidden color="var(--mantine-color-dimmed)" />
        <Title order={1}>{link.refusedTitle}</Title>
        <Text c="dimmed">{link.refused}</Text>
      </Stack>
    </Center>
  )
}
