import type { Database } from '../../storage/database/database.ts'

/**
 * How far something has come that goes through the rows bit by bit; `removed` is the newest row that is gone. From
 * `renewed from` to `renewed to` the search index is still to be renewed.
 */
export type Checkpoint =
  | 'indexed'
  | 'merged'
  | 'removed'
  | 'swept texts'
  | 'swept encoded'
  | 'keeping texts'
  | 'renewed from'
  | 'renewed to'

/** The SQL of those marks; changes are made inside Database.write. */
export class CheckpointsTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  get(name: Checkpoint): number {
    const row = this.#database
      .statement<{ value: number }>('SELECT value FROM message_marks WHERE name = ?')
      .get(name)
    return row?.value ?? 0
  }

  set(name: Checkpoint, value: number): void {
    this.#database
      .statement(
        'INSERT INTO message_marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      )
      .run(name, value)
  }
}
