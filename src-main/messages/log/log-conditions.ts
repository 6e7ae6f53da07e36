import type { Value } from '../../storage/database/database.ts'
import type { Filter } from '../store/log-table.ts'
import { stateNumber } from '../message-state.ts'
import { isNumberPart } from './search-words.ts'

/** SQL with the values of its places. */
export interface Condition {
  sql: string
  values: Value[]
}

/** Sequences below `before`, down to `from`. */
export interface Range {
  before: number
  from: number
}

/** Something that is asked of rows and that an index answers. */
export interface Listed {
  /** The sequences in a range that fit, from the index alone, each part of it in order. */
  within: (range: Range) => Condition
  /** The same asked of a row `m` as it lies there; null where only the index can tell. */
  row: Condition | null
  /** Whether nearly every row fits, so that a list of those that do says little. */
  usual: boolean
}

/** Where nearly every row of a log ends, sooner or later. */
const usualStates = (['sent', 'delivered', 'read'] as const).map(stateNumber)

/** Those of states come first: their UNION ALL binds no tighter than the INTERSECT of what follows. */
export function listedBy(filter: Filter): Listed[] {
  const listed: Listed[] = []
  if (filter.states != null) listed.push(inStates([...new Set(filter.states)].map(stateNumber)))
  if (filter.deviceId != null) listed.push(withValue('device_id', filter.deviceId))
  if (filter.keyName != null) listed.push(withValue('key_name', filter.keyName))
  return listed
}

/** Rows that the search index finds. */
export function foundBy(query: string): Listed {
  return {
    within: ({ before, from }) => ({
      sql: `SELECT rowid AS sequence FROM messages_search
            WHERE messages_search MATCH ? AND rowid < ? AND rowid >= ?`,
      values: [query, before, from],
    }),
    row: null,
    usual: false,
  }
}

/** Those of a list that a row tells of that they fit something else, too. */
export function fitting(list: Condition, row: Condition): Condition {
  return {
    sql: `SELECT l.sequence FROM (${list.sql}) l
          WHERE EXISTS (SELECT 1 FROM messages m WHERE m.sequence = l.sequence AND +${row.sql})`,
    values: [...list.values, ...row.values],
  }
}

/** A list of several parts as one, in order, for use anywhere in an INTERSECT. */
export function merged({ sql, values }: Condition): Condition {
  return { sql: `SELECT sequence FROM (${sql} ORDER BY sequence DESC)`, values }
}

/**
 * Looks through the rows themselves: every word must be in the text, the file's name or the number; a number is
 * found in any spelling, spaces included.
 */
export function likeCondition(search: string): Condition {
  const words = search.split(/\s+/)
  const sql = words.map(
    () => `(m.recipient LIKE ? OR EXISTS (SELECT 1 FROM requests r WHERE r.number = m.request
      AND (r.text LIKE ? ESCAPE '\\' OR r.file_name LIKE ? ESCAPE '\\')))`,
  )
  const values = words.flatMap((word) => {
    const pattern = `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    return [isNumberPart(word) ? `%${digitsOf(word)}%` : pattern, pattern, pattern]
  })
  if (!isNumberPart(search)) return { sql: sql.join(' AND '), values }
  return {
    sql: `((${sql.join(' AND ')}) OR m.recipient LIKE ?)`,
    values: [...values, `%${digitsOf(search)}%`],
  }
}

function withValue(column: 'device_id' | 'key_name', value: string): Listed {
  return {
    within: ({ before, from }) => ({
      sql: `SELECT sequence FROM messages WHERE ${column} = ? AND sequence < ? AND sequence >= ?`,
      values: [value, before, from],
    }),
    row: { sql: `m.${column} = ?`, values: [value] },
    usual: false,
  }
}

/** One state after the other would not be in order: they are merged. */
function inStates(states: number[]): Listed {
  return {
    within: ({ before, from }) => ({
      sql: states
        .map(
          (state) =>
            `SELECT sequence FROM messages WHERE state = ${state} AND sequence < ? AND sequence >= ?`,
        )
        .join(' UNION ALL '),
      values: states.flatMap(() => [before, from]),
    }),
    row: { sql: `m.state IN (${states.join(', ')})`, values: [] },
    usual: usualStates.every((state) => states.includes(state)),
  }
}

function digitsOf(word: string): string {
  return word.replaceAll(/\D/g, '').replace(/^0+/, '')
}
