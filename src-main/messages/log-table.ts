import type { Database, Value } from '../storage/database.ts'
import { stateNumber } from './message-state.ts'
import type { Message, MessageState } from './message.ts'
import { messageColumns, messageOf } from './messages-table.ts'
import type { MessageRow } from './messages-table.ts'
import { firstSince } from './recall-table.ts'
import { isNumberPart, searchQuery } from './search-words.ts'

/** What the log shows; what is left out or null stands for "any". Times in milliseconds since the epoch. */
export interface Filter {
  search?: string | null
  deviceId?: string | null
  states?: readonly MessageState[] | null
  keyName?: string | null
  /** Made at or after. */
  from?: number | null
  /** Made before. */
  to?: number | null
}

/** Rows that a search looks through at most while the index is behind: after a restore, say. */
const mostFresh = 20_000

interface Condition {
  sql: string
  values: Value[]
}

/** The SQL that reads the log: newest first, by key set, so that a page costs the same wherever it is. */
export class LogTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Messages below a sequence, newest first.
   * @param index whether there is a search index, and the newest sequence that it has
   */
  page(
    filter: Filter,
    below: number,
    limit: number,
    index: { available: boolean; indexed: number },
  ): Message[] {
    const { indexed } = index
    const conditions = this.#conditions(filter)
    // SQLite seeks by one upper bound only.
    const before = Math.min(below, filter.to == null ? below : firstSince(this.#database, filter.to))
    const search = filter.search?.trim() ?? ''
    if (search === '') return this.#read(conditions, before, limit)
    if (!index.available) return this.#read([...conditions, likeCondition(search)], before, limit)
    // What the index does not have yet is little and new, and is looked through as it is.
    const fresh = before > indexed + 1 ? this.#fresh(conditions, search, { before, limit, indexed }) : []
    if (fresh.length >= limit) return fresh
    return [...fresh, ...this.#found(conditions, search, Math.min(before, indexed + 1), limit - fresh.length)]
  }

  range(): { oldest: number; newest: number } | null {
    const row = this.#database
      .statement<{ oldest: number | null; newest: number | null }>(
        'SELECT (SELECT min(sequence) FROM messages) AS oldest, (SELECT max(sequence) FROM messages) AS newest',
      )
      .get()
    if (row === undefined || row.oldest === null || row.newest === null) return null
    return { oldest: row.oldest, newest: row.newest }
  }

  #fresh(
    conditions: Condition[],
    search: string,
    { before, limit, indexed }: { before: number; limit: number; indexed: number },
  ): Message[] {
    const from = Math.min(before, this.range()?.newest ?? 0)
    const above = { sql: 'm.sequence > ?', values: [Math.max(indexed, from - mostFresh)] }
    return this.#read([...conditions, above, likeCondition(search)], before, limit)
  }

  #found(conditions: Condition[], search: string, before: number, limit: number): Message[] {
    const query = searchQuery(search)
    if (query === null) return []
    return this.#database
      .statement<MessageRow>(
        `SELECT ${qualified} FROM messages_search s JOIN messages m ON m.sequence = s.rowid
         WHERE s.messages_search MATCH ? AND s.rowid < ?${sqlOf(conditions)} ORDER BY s.rowid DESC LIMIT ?`,
      )
      .all(query, before, ...valuesOf(conditions), limit)
      .map(messageOf)
  }

  #read(conditions: Condition[], before: number, limit: number): Message[] {
    return this.#database
      .statement<MessageRow>(
        `SELECT ${qualified} FROM messages m WHERE m.sequence < ?${sqlOf(conditions)}
         ORDER BY m.sequence DESC LIMIT ?`,
      )
      .all(before, ...valuesOf(conditions), limit)
      .map(messageOf)
  }

  #conditions(filter: Filter): Condition[] {
    const conditions: Condition[] = []
    const add = (sql: string, ...values: Value[]): void => void conditions.push({ sql, values })
    if (filter.deviceId != null) add('m.device_id = ?', filter.deviceId)
    if (filter.keyName != null) add('m.key_name = ?', filter.keyName)
    if (filter.states != null) {
      const numbers = [...new Set(filter.states)]
        .map((state) => stateNumber(state))
        .sort((one, other) => one - other)
      add(`m.state IN (${numbers.join(', ')})`)
    }
    if (filter.from != null) add('m.sequence >= ?', firstSince(this.#database, filter.from))
    return conditions
  }
}

const qualified = messageColumns
  .split(',')
  .map((column) => `m.${column.trim()}`)
  .join(', ')

function sqlOf(conditions: readonly Condition[]): string {
  return conditions.map(({ sql }) => ` AND ${sql}`).join('')
}

function valuesOf(conditions: readonly Condition[]): Value[] {
  return conditions.flatMap(({ values }) => values)
}

/**
 * Looks through the rows themselves: every word must be in the text, the file's name or the number; a number is
 * found in any spelling, spaces included.
 */
function likeCondition(search: string): Condition {
  const words = search.split(/\s+/)
  const sql = words.map(
    () => `(m.text LIKE ? ESCAPE '\\' OR m.file_name LIKE ? ESCAPE '\\' OR m.recipient LIKE ?)`,
  )
  const values = words.flatMap((word) => {
    const pattern = `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    return [pattern, pattern, isNumberPart(word) ? `%${digitsOf(word)}%` : pattern]
  })
  if (!isNumberPart(search)) return { sql: sql.join(' AND '), values }
  return {
    sql: `((${sql.join(' AND ')}) OR m.recipient LIKE ?)`,
    values: [...values, `%${digitsOf(search)}%`],
  }
}

function digitsOf(word: string): string {
  return word.replaceAll(/\D/g, '').replace(/^0+/, '')
}
