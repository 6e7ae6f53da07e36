import { Button, Group, SegmentedControl } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useState } from 'react'
import type { RequestOf } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'
import { Snippets } from '../../ui/text/snippet-tabs.tsx'
import { Card } from '../../ui/layout/card.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import { useOpenExternal } from '../../program/open-external.ts'

type Task = 'text' | 'media' | 'voice'

/** Calls to copy, with everything filled in that Kurir knows. */
export function Guide() {
  const { api } = useDictionary().t
  const [task, setTask] = useState<Task>('text')
  const devices = useCallQuery('devices.list', {}).data ?? []
  const open = useOpenExternal()
  // The API itself serves it.
  const canOpen = useCallQuery('api.status', {}).data?.state === 'running'
  const sender = devices.find(({ state }) => state.name === 'connected') ?? devices[0]
  return (
    <Card
      title={api.guide}
      intro={api.guideIntro}
      action={
        <Button
          variant="default"
          disabled={!canOpen}
          rightSection={<IconExternalLink size={15} />}
          onClick={() => open('api-docs')}
        >
          {api.openReference}
        </Button>
      }
    >
      <Group mb="sm">
        <SegmentedControl
          aria-label={api.guideWhat}
          value={task}
          onChange={(value) => setTask(value as Task)}
          data={Object.entries(api.guideTasks).map(([value, label]) => ({ value, label }))}
        />
      </Group>
      <Snippets call={callFor(task, sender?.number ?? '6285500000000', api.sampleText)} />
    </Card>
  )
}

const recipient = '6281234567890'

function callFor(task: Task, sender: string, text: string): RequestOf<'api.snippets'> {
  const common = { sender, number: recipient }
  switch (task) {
    case 'text':
      return { route: '/send-message', parameters: { ...common, message: text } }
    case 'media':
      return {
        route: '/send-media',
        parameters: { ...common, media_type: 'pdf', url: 'https://example.com/receipt.pdf', caption: text },
      }
    case 'voice':
      return {
        route: '/send-media',
        parameters: { ...common, media_type: 'audio', url: 'https://example.com/voice.mp3', ppt: 'true' },
      }
    default:
      return assertNever(task)
  }
}
