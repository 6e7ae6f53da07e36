import type { Database } from '../../storage/database/database.ts'
import { sentenceOf } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { MessageContentsTable } from './message-contents-table.ts'
import { wordsOfContent, wordsOfRecipient } from '../log/search-words.ts'

/** What of a row is searched. */
export interface Searched {
  sequence: number
  recipient: string
  text: string | null
  fileName: string | null
}

type SearchedRow = { sequence: number; request: number; recipient: string }

/** Pages of the index that are merged in one transaction: some 4 ms of work. */
const pagesAtATime = 32

/**
 * The SQL of the search index (FTS5). It holds words only, no copy of the texts; changes are made inside
 * Database.write.
 */
export class SearchTable {
  readonly #database: Database
  readonly #contents: MessageContentsTable
  #last: { text: string | null; fileName: string | null; words: string } = {
    text: null,
    fileName: null,
    words: '',
  }

  constructor(database: Database) {
    this.#database = database
    this.#contents = new MessageContentsTable(database)
  }

  /** Makes the index where there is none; answers false where this build of SQLite has no FTS5. */
  async create(log: Logger): Promise<boolean> {
    try {
      await this.#database.write(() => {
        this.#database
          .statement(
            `CREATE VIRTUAL TABLE IF NOT EXISTS messages_search USING
               fts5(words, content='', contentless_delete=1, detail='none', tokenize='ascii')`,
          )
          .run()
      })
      return true
    } catch (error) {
      log.warn({ reason: sentenceOf(error) }, 'no search index; searches scan the rows')
      return false
    }
  }

  add(row: Searched): void {
    const { text, fileName } = row
    // Messages of one call follow each other.
    if (this.#last.text !== text || this.#last.fileName !== fileName) {
      this.#last = { text, fileName, words: wordsOfContent(row) }
    }

    this.#database
      .statement('INSERT INTO messages_search (rowid, words) VALUES (?, ?)')
      .run(row.sequence, `${this.#last.words} ${wordsOfRecipient(row.recipient)}`)
  }

  remove(sequence: number): void {
    this.#database.statement('DELETE FROM messages_search WHERE rowid = ?').run(sequence)
  }

  /**
   * The index is written in parts, each of which a search has to look through: brings them a little further towards
   * one, and answers whether there is more to do.
   * @param anew whether all parts there are begin to be merged; else what was begun goes on, without those since
   */
  merge(anew: boolean): boolean {
    const before = this.#changes()
    this.#database
      .statement(`INSERT INTO messages_search (messages_search, rank) VALUES ('merge', ?)`)
      .run(anew ? -pagesAtATime : pagesAtATime)
    // FTS5's own way of telling: the statement itself is one change.
    return this.#changes() - before >= 2
  }

  #changes(): number {
    const row = this.#database.statement<{ changes: number }>('SELECT total_changes() AS changes').get()
    return row?.changes ?? 0
  }

  /** Rows above a sequence, oldest first. */
  rowsAbove(sequence: number, limit: number): Searched[] {
    const contentOf = this.#contents.reader()
    return this.#database
      .statement<SearchedRow>(
        'SELECT sequence, request, recipient FROM messages WHERE sequence > ? ORDER BY sequence LIMIT ?',
      )
      .all(sequence, limit)
      .map((row) => ({ ...row, ...contentOf(row.request) }))
  }

  row(sequence: number): Searched | undefined {
    const row = this.#database
      .statement<SearchedRow>('SELECT sequence, request, recipient FROM messages WHERE sequence = ?')
      .get(sequence)
    return row === undefined ? undefined : { ...row, ...this.#contents.of(row.request) }
  }
}
