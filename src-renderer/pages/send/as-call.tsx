import { Button, Collapse, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCode } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { Device } from '../../../src-preload/contract.ts'
import { Snippets } from '../../ui/text/snippet-tabs.tsx'
import { Card } from '../../ui/layout/card.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { parametersFor, type Draft } from './draft.ts'

const redrawAfterMs = 300

/** The draft as the call that the operator's own program would make. */
export function AsCall({ draft, device }: { draft: Draft; device: Device }) {
  const { send } = useDictionary().t
  const [open, setOpen] = useState(false)
  const [settled] = useDebouncedValue(draft, redrawAfterMs)
  const area = useId()
  return (
    <Card>
      <Button
        variant="subtle"
        leftSection={<IconCode size={16} />}
        aria-expanded={open}
        aria-controls={area}
        onClick={() => setOpen(!open)}
      >
        {send.asCall}
      </Button>
      <Collapse expanded={open} id={area} keepMounted={false}>
        <Text size="sm" c="dimmed" my="sm">
          {send.asCallText} {settled.mode !== 'text' && settled.sourceKind === 'file' && send.asCallUpload}
        </Text>
        <Snippets
          call={{
            route: settled.mode === 'text' ? '/send-message' : '/send-media',
            parameters: parametersFor(settled, device.number ?? '6281234567890'),
          }}
        />
      </Collapse>
    </Card>
  )
}
