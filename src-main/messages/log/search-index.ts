import { setTimeout as pause } from 'node:timers/promises'
import { sentenceOf } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Database } from '../../storage/database/database.ts'
import type { CheckpointsTable } from '../store/checkpoints-table.ts'
import type { SearchTable } from '../store/search-table.ts'

/** Rows are indexed when nothing has been accepted for so long, in milliseconds, … */
const idleMs = 400
/** … or when so many wait for it; they are looked through as they are until then. */
const maxFreshRows = 3_000
/** How long one transaction works, and the rest after it, in milliseconds, so that sends are not held up. */
const sliceMs = 4
const pauseMs = 8
/** Parts of the index are merged once it has so many more rows, and is so many times as long, as after the last time. */
const mergedAfter = 20_000
const mergedGrowth = 1.25
/** Nothing is merged until so long after the start, in milliseconds: there is enough to do by then. */
const startsMerging = 10_000
/** Rows read at a time. */
const sliceRows = 200

export interface SearchIndexDependencies {
  database: Database
  table: SearchTable
  checkpoints: CheckpointsTable
  log: Logger
}

/**
 * Keeps the search index up with the rows, behind their backs: indexing costs as much as writing the row,
 * and nobody searches for what was accepted a moment ago faster than it is looked through.
 */
export class SearchIndex {
  readonly #dependencies: SearchIndexDependencies
  #available = false
  #indexed = 0
  #newest = 0
  #timer: NodeJS.Timeout | null = null
  #waits = 0
  /** Whether a merge is under way. */
  #merging = false
  #running: Promise<void> | null = null
  #stopping = false

  constructor(dependencies: SearchIndexDependencies) {
    this.#dependencies = dependencies
  }

  get available(): boolean {
    return this.#available
  }

  /** The newest sequence that the index has. */
  get indexed(): number {
    return this.#indexed
  }

  async start(newest: number): Promise<void> {
    this.#available = await this.#dependencies.table.create(this.#dependencies.log)
    this.#indexed = this.#dependencies.checkpoints.get('indexed')
    this.noteRows(newest)
    if (this.#available && this.#timer === null && this.#mergeIsDue) this.#wait(startsMerging)
  }

  /** Rows up to that sequence are there to be indexed. */
  noteRows(newest: number): void {
    this.#newest = Math.max(this.#newest, newest)
    if (!this.#available || this.#stopping || this.#newest <= this.#indexed || this.#running !== null) return
    if (this.#newest - this.#indexed > maxFreshRows) {
      this.#begin()
      return
    }
    this.#wait(idleMs)
  }

  /** What is searched of a row has changed. Only inside Database.write. */
  renew(sequence: number): void {
    if (!this.#available || sequence > this.#indexed) return
    this.#dependencies.table.remove(sequence)
    const row = this.#dependencies.table.row(sequence)
    if (row !== undefined) this.#dependencies.table.add(row)
  }

  /** The row is gone. Only inside Database.write. */
  remove(sequence: number): void {
    if (this.#available && sequence <= this.#indexed) this.#dependencies.table.remove(sequence)
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
    const merged = this.#dependencies.checkpoints.get('merged')
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
      .catch((error: unknown) => {
        // What was not indexed is looked through, and indexed with the next rows.
        this.#dependencies.log.warn({ reason: sentenceOf(error) }, 'could not write the search index')
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
      await pause(pauseMs)
    }
    if (this.#works && this.#newest > this.#indexed) this.#wait(idleMs)
  }

  get #works(): boolean {
    return !this.#stopping && this.#available && this.#dependencies.database.health === 'ok'
  }

  /** Answers whether there is more. */
  async #mergeSlice(): Promise<boolean> {
    const { database, table, checkpoints } = this.#dependencies
    if (!this.#mergeIsDue) return false
    this.#merging = await database.write(() => {
      const more = table.merge(!this.#merging)
      if (!more) checkpoints.set('merged', this.#indexed)
      return more
    })
    return this.#merging
  }

  /** Answers whether there is more. */
  async #indexSlice(): Promise<boolean> {
    const { database, table, checkpoints } = this.#dependencies
    const rows = table.rowsAbove(this.#indexed, sliceRows)
    if (rows.length === 0) {
      // Those that were noted are gone again.
      this.#newest = this.#indexed
      return false
    }
    const before = this.#indexed
    const written = database.write(() => {
      const endsAt = performance.now() + sliceMs
      let last = before
      for (const row of rows) {
        table.add(row)
        last = row.sequence
        if (performance.now() > endsAt) break
      }
      checkpoints.set('indexed', last)
      // Before it is on the disk: a row that is removed or renewed until then is in the index already.
      this.#indexed = last
    })
    await written.catch((error: unknown) => {
      this.#indexed = before
      throw error
    })
    this.#newest = Math.max(this.#newest, rows.at(-1)?.sequence ?? this.#indexed)
    return this.#indexed < this.#newest
  }
}
