import type { Database, Value } from '../../storage/database/database.ts'
import { fitting, foundBy, likeCondition, listedBy, merged } from '../log/log-conditions.ts'
import type { Condition, Listed, Range } from '../log/log-conditions.ts'
import type { Message, MessageState } from '../message.ts'
import { messageColumns, messageOf } from './messages-table.ts'
import type { MessageRow } from './messages-table.ts'
import { MessageContentsTable } from './message-contents-table.ts'
import { firstSince } from './send-history-table.ts'
import { searchQuery } from '../log/search-words.ts'

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

/** Characters of a search that count: more than any word has that is found by it. */
const maxSearchCharacters = 1_000
/** Rows that a search looks through at most while the index is behind: after a restore, say. */
const maxFreshRows = 20_000
/** So few rows are looked at one by one: some 5 ms. */
const smallSetRows = 5_000

/** The SQL that reads the log: newest first, by key set, so that a page costs the same wherever it is. */
export class LogTable {
  readonly #database: Database
  readonly #contents: MessageContentsTable

  constructor(database: Database) {
    this.#database = database
    this.#contents = new MessageContentsTable(database)
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
    if (filter.states?.length === 0) return []
    const { indexed } = index
    const listed = listedBy(filter)
    const range = {
      before: Math.min(below, filter.to == null ? below : firstSince(this.#database, filter.to)),
      from: filter.from == null ? 0 : firstSince(this.#database, filter.from),
    }
    const search = filter.search?.trim().slice(0, maxSearchCharacters) ?? ''
    if (search === '') return this.#listed(listed, range, limit)
    // The index holds words alone: what has none, an emoji or a %, is looked for in the rows themselves.
    if (!index.available || searchQuery(search) === null) return this.#checked(listed, search, range, limit)
    // What the index does not have yet is little and new, and is looked through as it is.
    const fresh = range.before > indexed + 1 ? this.#fresh(listed, search, { range, limit, indexed }) : []
    const query = searchQuery(search)
    if (fresh.length >= limit || query === null) return fresh
    const older = { ...range, before: Math.min(range.before, indexed + 1) }
    return [...fresh, ...this.#listed([...listed, foundBy(query)], older, limit - fresh.length)]
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
    listed: Listed[],
    search: string,
    { range, limit, indexed }: { range: Range; limit: number; indexed: number },
  ): Message[] {
    const newest = Math.min(range.before, this.range()?.newest ?? 0)
    const from = Math.max(range.from, indexed + 1, newest - maxFreshRows + 1)
    return this.#checked(listed, search, { ...range, from }, limit)
  }

  /** Looks through the rows for words. */
  #checked(listed: Listed[], search: string, range: Range, limit: number): Message[] {
    return this.#read([...rowsOf(listed), likeCondition(search)], range, limit)
  }

  /**
   * What fits all of it. The indexes alone tell which rows do, each read in order and only as far as the page
   * goes, unless one of them has so few that these are looked at.
   */
  #listed(listed: Listed[], range: Range, limit: number): Message[] {
    if (listed.length === 0) return this.#read([], range, limit)
    const lead = listed.length === 1 ? undefined : this.#fewOf(listed, range)
    if (lead !== undefined) {
      // With the plus SQLite takes no index of theirs instead.
      const others = rowsOf(listed.filter((one) => one !== lead)).map(({ sql, values }) => ({
        sql: `+${sql}`,
        values,
      }))
      const { sql, values } = lead.within(range)
      return this.#read([{ sql: `m.sequence IN (${sql})`, values }, ...others], range, limit)
    }
    const all = this.#lists(listed, range)
    const rows = this.#database
      .statement<MessageRow>(
        `SELECT ${messageColumns} FROM messages WHERE sequence IN
           (${all.map(({ sql }) => sql).join(' INTERSECT ')} ORDER BY sequence DESC LIMIT ?)
         ORDER BY sequence DESC`,
      )
      .all(...valuesOf(all), limit)
    return this.#messagesOf(rows)
  }

  /**
   * One list for each that is asked. What nearly every row fits is looked up in the rows of a single other; after
   * several it is the last, since they may have little in common.
   */
  #lists(listed: Listed[], range: Range): Condition[] {
    const usual = listed.find((one) => one.usual)
    const [first, ...others] = listed.filter((one) => one !== usual).map(({ within }) => within(range))
    if (first === undefined || usual?.row == null) return listed.map(({ within }) => within(range))
    if (others.length === 0) return [fitting(first, usual.row)]
    return [first, ...others, merged(usual.within(range))]
  }

  /** The first that few rows fit, where the rows themselves can tell whether the others do. */
  #fewOf(listed: Listed[], range: Range): Listed | undefined {
    return listed.find((one) => {
      if (one.usual || listed.some((other) => other !== one && other.row === null)) return false
      const { sql, values } = one.within(range)
      const row = this.#database
        .statement<{ count: number }>(`SELECT count(*) AS count FROM (${sql} LIMIT ${smallSetRows})`)
        .get(...values)
      return (row?.count ?? 0) < smallSetRows
    })
  }

  #read(conditions: Condition[], { before, from }: Range, limit: number): Message[] {
    const rows = this.#database
      .statement<MessageRow>(
        `SELECT ${messageColumns} FROM messages m
         WHERE m.sequence < ? AND m.sequence >= ?${conditions.map(({ sql }) => ` AND ${sql}`).join('')}
         ORDER BY m.sequence DESC LIMIT ?`,
      )
      .all(before, from, ...valuesOf(conditions), limit)
    return this.#messagesOf(rows)
  }

  #messagesOf(rows: readonly MessageRow[]): Message[] {
    const contentOf = this.#contents.reader()
    return rows.map((row) => messageOf(row, contentOf(row.request)))
  }
}

function rowsOf(listed: readonly Listed[]): Condition[] {
  return listed.flatMap(({ row }) => row ?? [])
}

function valuesOf(conditions: readonly Condition[]): Value[] {
  return conditions.flatMap(({ values }) => values)
}
