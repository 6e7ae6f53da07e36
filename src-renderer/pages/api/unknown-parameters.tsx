import { Table, Text } from '@mantine/core'
import { Answer } from '../../components/answer.tsx'
import { Surface } from '../../components/surface.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useAnswer } from '../../program/call.ts'
import classes from './api-page.module.css'

/** What callers send that Kurir leaves out: a look here explains many a surprise. */
export function UnknownParameters() {
  const { words, format } = useDictionary()
  const { api } = words
  return (
    <Surface title={api.unknown} intro={api.unknownIntro}>
      <Answer of={useAnswer('api.unknownParameters', {}, { untold: true })}>
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
      </Answer>
    </Surface>
  )
}
