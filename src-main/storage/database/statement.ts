import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

/** What can be bound to a parameter; `undefined` cannot. */
export type Value = SQLInputValue
/** A row as SQLite gives it: columns by name, blobs as Uint8Array. */
export type Row = Record<string, SQLOutputValue>

/** What a statement asks and tells the database that it belongs to. */
interface Owner {
  /** Whether rows may be changed right now. */
  mayChange: () => boolean
  /** Hears of what SQLite threw, and says what is thrown on. */
  failed: (error: unknown) => unknown
}

/** Places and names: `(1, 'a')` for `?`, or `({ id: 1 })` for `$id`. */
type Parameters = Value[] | [Record<string, Value>]

/**
 * A prepared statement, kept for as long as the database is open. Parameters are bound by place (`?`) or,
 * as one object, by name (`$name`). The type of a row is the caller's word.
 */
export class Statement<Shape = Row> {
  readonly #prepared: StatementSync
  readonly #owner: Owner

  constructor(prepared: StatementSync, owner: Owner) {
    this.#prepared = prepared
    this.#owner = owner
  }

  get(...parameters: Parameters): Shape | undefined {
    return this.#watched(() => this.#prepared.get(...(parameters as Value[]))) as Shape | undefined
  }

  all(...parameters: Parameters): Shape[] {
    return this.#watched(() => this.#prepared.all(...(parameters as Value[]))) as Shape[]
  }

  /** Rows one by one; to be finished within one turn of the event loop. */
  iterate(...parameters: Parameters): IterableIterator<Shape> {
    return this.#watched(() => this.#prepared.iterate(...(parameters as Value[]))) as IterableIterator<Shape>
  }

  /** Changes rows; only inside Database.write, so that every change is in a group that is synced. */
  run(...parameters: Parameters): { changes: number; lastInsertRowid: number } {
    if (!this.#owner.mayChange()) throw new Error('rows are changed inside Database.write only')
    const { changes, lastInsertRowid } = this.#watched(() => this.#prepared.run(...(parameters as Value[])))
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) }
  }

  #watched<T>(act: () => T): T {
    try {
      return act()
    } catch (error) {
      throw this.#owner.failed(error)
    }
  }
}
