import { Button, Table, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { RefusedCaller } from '../../../src-preload/contract.ts'
import { Card } from '../../ui/layout/card.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { askAgain, useCallMutation, useCallQuery } from '../../program/ipc-call.ts'
import classes from './api-page.module.css'

/** Who was refused that a setting would let in, with the button that does so. Nothing is shown while there is nobody. */
export function RefusedCallersCard() {
  const { api } = useDictionary().t
  const { data: list = [] } = useCallQuery('api.refusedCallers', {}, { isPolled: true })
  if (list.length === 0) return null
  return (
    <Card title={api.refused} intro={api.refusedIntro}>
      <div className={classes.scroll}>
        <Table className="digits" aria-label={api.refused}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{api.refusedColumns.who}</Table.Th>
              <Table.Th ta="right">{api.refusedColumns.count}</Table.Th>
              <Table.Th>{api.refusedColumns.last}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.map((caller) => (
              <Row key={`${caller.kind} ${caller.value}`} caller={caller} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Card>
  )
}

function Row({ caller }: { caller: RefusedCaller }) {
  const { t, format } = useDictionary()
  const client = useQueryClient()
  const allow = useCallMutation('api.allowRefused')
  const { kind, value } = caller
  return (
    <Table.Tr>
      <Table.Td>
        <div>
          {t.api.refusedKinds[kind]}: <code>{value}</code>
        </div>
        <Text size="sm" c="dimmed">
          {t.api.refusedSettings[kind]}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{format.count(caller.count)}</Table.Td>
      <Table.Td>{format.moment(caller.lastAt)}</Table.Td>
      <Table.Td ta="right">
        <Button
          variant="default"
          size="compact-sm"
          loading={allow.isPending}
          aria-label={t.api.allowCaller(value)}
          onClick={() =>
            allow.mutate({ kind, value }, { onSettled: () => askAgain(client, 'api.refusedCallers') })
          }
        >
          {t.api.allow}
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}
