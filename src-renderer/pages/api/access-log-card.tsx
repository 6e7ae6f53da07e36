import { Button, Table, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { AccessLogEntry } from '../../../src-preload/contract.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { Card } from '../../ui/layout/card.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import type { Sentence } from '../../i18n/en/devices.ts'
import { useCallQuery } from '../../program/ipc-call.ts'
import classes from './api-page.module.css'

const shown = 30

/** Who called lately, and how it ended. Asked for when the page is opened, and again at a press. */
export function AccessLogCard() {
  const { api } = useDictionary().t
  const entries = useCallQuery('api.accessLog', { limit: shown }, { isPolled: true })
  return (
    <Card
      title={api.access}
      intro={api.accessIntro}
      action={
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconRefresh size={14} />}
          loading={entries.isFetching}
          onClick={() => void entries.refetch()}
        >
          {api.refresh}
        </Button>
      }
    >
      <QueryBoundary of={entries}>
        {(list) => (list.length === 0 ? <Text c="dimmed">{api.accessNone}</Text> : <Entries list={list} />)}
      </QueryBoundary>
    </Card>
  )
}

function Entries({ list }: { list: AccessLogEntry[] }) {
  const { t, format } = useDictionary()
  const { accessColumns: columns } = t.api
  return (
    <div className={classes.scroll}>
      <Table className="digits" aria-label={t.api.access}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{columns.at}</Table.Th>
            <Table.Th>{columns.route}</Table.Th>
            <Table.Th>{columns.key}</Table.Th>
            <Table.Th>{columns.result}</Table.Th>
            <Table.Th ta="right">{columns.ms}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.map((entry, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- calls of one moment have no other identity
            <Table.Tr key={`${entry.at} ${index}`}>
              <Table.Td>{format.short(entry.at)}</Table.Td>
              <Table.Td>
                {entry.method} {entry.route}
              </Table.Td>
              <Table.Td>{entry.keyName ?? '–'}</Table.Td>
              <Table.Td className={entry.status < 400 ? classes.good : classes.bad}>
                <Result entry={entry} />
              </Table.Td>
              <Table.Td ta="right">{t.api.ms(format.count(Math.round(entry.ms)))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

/** What it means, and the code that the calling program was given. */
function Result({ entry }: { entry: AccessLogEntry }) {
  const { t } = useDictionary()
  if (entry.status < 400) return t.api.accessSent
  const sentences: Partial<Record<string, Sentence>> = t.failures
  const sentence = sentences[entry.result]
  return (
    <>
      {sentence !== undefined && <div>{sentence.what}</div>}
      <code className={classes.resultCode}>{entry.result}</code>
    </>
  )
}
