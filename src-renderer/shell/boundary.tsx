import { Button, Stack, Text, Title } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { useDictionary } from '../i18n/dictionary.tsx'

/** Keeps one broken page from leaving the window empty. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children
  }
}

function Broken() {
  const { crash } = useDictionary().t.common
  return (
    <Stack p="xl" align="flex-start" role="alert">
      <Title order={1}>{crash.title}</Title>
      <Text>{crash.text}</Text>
      <Button onClick={() => window.location.reload()}>{crash.reload}</Button>
    </Stack>
  )
}
