import { Table, Text } from '@mantine/core'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { Card } from '../../ui/layout/card.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import classes from './api-page.module.css'

/** What callers send that Kurir leaves out: a look here explains many a surprise. */
export function UnknownParametersCard() {
  const { t, format } = useDictionary()
  const { api } = t
  return (
    <Card title={api.unknown} intro={api.unknownIntro}>
      <QueryBoundary of={useCallQuery('api.unknownParameters', {}, { isPolled: true })}>
        {(list) =>
          list.length === 0 ? (
            <Text c="dimmed">{api.unknownNone}</Text>
          ) : (
            <div className={classes.scroll}>
              <Table className="digits" aria-label={api.unknown}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{api.unknownColumns.name}</Table.Th>
                    <Table.Th>{api.unknownColumns.route}</Table.Th>
                    <Table.Th ta="right">{api.unknownColumns.count}</Table.Th>
                    <Table.Th>{api.unknownColumns.last}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {list.map((one) => (
                    <Table.Tr key={`${one.route} ${one.name}`}>
                      <Table.Td>
                        <code>{one.name}</code>
                      </Table.Td>
                      <Table.Td>{one.route}</Table.Td>
                      <Table.Td ta="right">{format.count(one.count)}</Table.Td>
                      <Table.Td>{format.moment(one.lastAt)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )
        }
      </QueryBoundary>
    </Card>
  )
}
