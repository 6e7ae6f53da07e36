import { Button, Menu } from '@mantine/core'
import { IconBraces, IconDownload, IconTable } from '@tabler/icons-react'
import type { MessageFilter } from '../../../src-preload/contract.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useAct } from '../../program/call.ts'
import { followSaving } from '../../program/savings.ts'

/** Writes what the filter shows into a file; progress and "cancel" are at the edge of the window. */
export function ExportButton({ filter }: { filter: MessageFilter }) {
  const { log } = useDictionary().words
  const start = useAct('messages.export')
  const write = (format: 'csv' | 'json') =>
    start.mutate({ filter, format }, { onSuccess: (saving) => saving !== null && followSaving(saving) })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />} loading={start.isPending}>
          {log.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconTable size={16} />} onClick={() => write('csv')}>
          {log.exportCsv}
        </Menu.Item>
        <Menu.Item leftSection={<IconBraces size={16} />} onClick={() => write('json')}>
          {log.exportJson}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
