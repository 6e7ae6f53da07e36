import { setTimeout as pause } from 'node:timers/promises'
import { sentenceOf } from '../failure.ts'
import type { Logger } from '../logger.ts'
import type { Database } from '../storage/database.ts'
import type { MarksTable } from './marks-table.ts'
import type { SearchTable } from './search-table.ts'

/** Rows are indexed when nothing has been accepted for so long, in milliseconds, … */
const quiet = 400
/** … or when so many wait for it; they are looked through as they are until then. */
const mostFresh = 3_000
/** How long one transaction works, and the rest after it, in milliseconds, so that sends are not held up. */
const worksFor = 4
const restsFor = 8
/** Parts of the index are merged once it has so many more rows, and is so many times as long, as after the last time. */
const mergedAfter = 20_000
const mergedGrowth = 1.25
/** Nothing is merged until so long after the start, in milliseconds: there is enough to do by then. */
const startsMerging = 10_000
/** Rows read at a time. */
const slice = 200

export interface SearchIndexParts {
  database: Database
  table: SearchTable
  marks: MarksTable
  log: Logger
}

/**
 * Keeps the search index up with the rows, behind their backs: indexing costs as much as writing the row,
 * and nobody searches for what was accepted a moment ago faster than it is looked through.
 */
export class SearchIndex {
  readonly #parts: SearchIndexParts
  #available = false
  #indexed = 0
  #newest = 0
  #timer: NodeJS.Timeout | null = null
  #waits = 0
  /** Whether a merge is under way. */
  #merging = false
  #running: Promise<void> | null = null
  #stopping = false

  constructor(parts: SearchIndexParts) {
    this.#parts = parts
  }

  get available(): boolean {
    return this.#available
  }

  /** The newest sequence that the index has. */
  get indexed(): number {
    return this.#indexed
  }

  async start(newest: number): Promise<void> {
    this.#available = await this.#parts.table.create(this.#parts.log)
    this.#indexed = this.#parts.marks.get('indexed')
    this.noteRows(newest)
    if (this.#available && this.#timer === null && this.#mergeIsDue) this.#wait(startsMerging)
  }

  /** Rows up to that sequence are there to be indexed. */
  noteRows(newest: number): void {
    this.#newest = Math.max(this.#newest, newest)
    if (!this.#available || this.#stopping || this.#newest <= this.#indexed || this.#running !== null) return
    if (this.#newest - this.#indexed > mostFresh) {
      this.#begin()
      return
    }
    this.#wait(quiet)
  }

  /** What is searched of a row has changed. Only inside Database.write. */
  renew(sequence: number): void {
    if (!this.#available || sequence > this.#indexed) return
    this.#parts.table.remove(sequence)
    const row = this.#parts.table.row(sequence)
    if (row !== undefined) this.#parts.table.add(row)
  }

  /** The row is gone. Only inside Database.write. */
  remove(sequence: number): void {
    if (this.#available && sequence <= this.#indexed) this.#parts.table.remove(sequence)
  }

  /** Indexes and merges everything that is there. */
  async catchUp(): Promise<void> {
    this.#begin()
    await this.#running
  }

  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#running
  }

  get #mergeIsDue(): boolean {
    const merged = this.#parts.marks.get('merged')
    return this.#indexed >= Math.max(merged + mergedAfter, merged * mergedGrowth)
  }

  #wait(ms: number): void {
    if (this.#timer !== null && this.#waits === ms) {
      this.#timer.refresh()
      return
    }
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#begin(), ms)
    this.#timer.unref()
    this.#waits = ms
  }

  #begin(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#running ??= this.#run()
      .catch((thrown: unknown) => {
        // What was not indexed is looked through, and indexed with the next rows.
        this.#parts.log.warn({ reason: sentenceOf(thrown) }, 'the search index could not be written')
      })
      .finally(() => {
        this.#running = null
      })
  }

  async #run(): Promise<void> {
    let merging = false
    while (this.#works) {
      // What is accepted meanwhile is indexed when all is quiet again.
      if (merging && this.#newest > this.#indexed) break
      if (!(await this.#indexSlice())) {
        merging = await this.#mergeSlice()
        if (!merging) break
      }
      await pause(restsFor)
    }
    if (this.#works && this.#newest > this.#indexed) this.#wait(quiet)
  }

  get #works(): boolean {
    return !this.#stopping && this.#available && this.#parts.database.health === 'ok'
  }

  /** Answers whether there is more. */
  async #mergeSlice(): Promise<boolean> {
    const { database, table, marks } = this.#parts
    if (!this.#mergeIsDue) return false
    this.#merging = await database.write(() => {
      const more = table.merge(!this.#merging)
      if (!more) marks.set('merged', this.#indexed)
      return more
    })
    return this.#merging
  }

  /** Answers whether there is more. */
  async #indexSlice(): Promise<boolean> {
    const { database, table, marks } = this.#parts
    const rows = table.rowsAbove(this.#indexed, slice)
    if (rows.length === 0) {
      // Those that were noted are gone again.
      this.#newest = this.#indexed
      return false
    }
    const before = this.#indexed
    const written = database.write(() => {
      const endsAt = performance.now() + worksFor
      let last = before
      for (const row of rows) {
        table.add(row)
        last = row.sequence
        if (performance.now() > endsAt) break
      }
      marks.set('indexed', last)
      // Before it is on the disk: a row that is removed or renewed until then is in the index already.
      this.#indexed = last
    })
    await written.catch((thrown: unknown) => {
      this.#indexed = before
      throw thrown
    })
    this.#newest = Math.max(this.#newest, rows.at(-1)?.sequence ?? this.#indexed)
    return this.#indexed < this.#newest
  }
}
