import { Button, Menu } from '@mantine/core'
import { IconBraces, IconDownload, IconTable } from '@tabler/icons-react'
import type { MessageFilter } from '../../../src-preload/contract.ts'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useWriteFile } from '../../program/use-downloads.ts'

/** Writes what the filter shows into a file; progress and "cancel" are at the edge of the window. */
export function ExportButton({ filter }: { filter: MessageFilter }) {
  const { log } = useDictionary().t
  const start = useWriteFile('messages.export')
  const write = (format: 'csv' | 'xlsx' | 'json') => start.mutate({ filter, format })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />} loading={start.isPending}>
          {log.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconTable size={16} />} onClick={() => write('xlsx')}>
          {log.exportXlsx}
        </Menu.Item>
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
