import type { Database } from '../../storage/database/database.ts'

export interface DayRow {
  day: number
  deviceId: string
  sent: number
  failed: number
}

/** The SQL of the counts by day; changes are made inside Database.write. */
export class CountsTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  count(day: number, deviceId: string, sent: number, failed: number): void {
    this.#database
      .statement(
        `INSERT INTO daily_counts (day, device_id, sent, failed) VALUES (?, ?, ?, ?)
         ON CONFLICT (day, device_id) DO UPDATE SET sent = sent + excluded.sent, failed = failed + excluded.failed`,
      )
      .run(day, deviceId, sent, failed)
  }

  /** Days from … to, both included, oldest first. */
  between(from: number, to: number): DayRow[] {
    return this.#database
      .statement<DayRow & Record<string, never>>(
        `SELECT day, device_id AS deviceId, sent, failed FROM daily_counts WHERE day BETWEEN ? AND ? ORDER BY day`,
      )
      .all(from, to)
  }

  sentInAll(deviceId: string): number {
    const row = this.#database
      .statement<{ sent: number | null }>('SELECT sum(sent) AS sent FROM daily_counts WHERE device_id = ?')
      .get(deviceId)
    return row?.sent ?? 0
  }
}
