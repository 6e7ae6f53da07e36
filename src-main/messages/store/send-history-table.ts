import type { Database } from '../../storage/database/database.ts'
import { stateNumber } from '../message-state.ts'
import type { SendHistory } from '../queue/send-history.ts'

/** The SQL of what the pace must know after a restart. */
export class SendHistoryTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Fills the history with what the device sent since then, of all keys or of one, whose new contacts nobody knows. */
  sendHistory(deviceId: string, since: number, history: SendHistory, keyId?: string | null): void {
    const all = this.#database
      .statement<{ at: number; count: number }>(
        `SELECT created_at / 60000 * 60000 AS at, count(*) AS count FROM messages
         WHERE device_id = ? AND sequence >= ? AND created_at >= ?
           AND (? OR (SELECT key_id FROM requests WHERE number = messages.request) IS ?)
           AND state NOT IN (${stateNumber('queued')}, ${stateNumber('failed')})
         GROUP BY 1`,
      )
      .all(deviceId, firstSince(this.#database, since), since, keyId === undefined ? 1 : 0, keyId ?? null)
    for (const { at, count } of all) history.add(at, false, count)
    if (keyId !== undefined) return
    const added = this.#database
      .statement<{ at: number; count: number }>(
        `SELECT first_at / 60000 * 60000 AS at, count(*) AS count FROM contacts
         WHERE device_id = ? AND first_at >= ? GROUP BY 1`,
      )
      .all(deviceId, since)
    for (const { at, count } of added) history.addNew(at, count)
  }
}

/**
 * The first sequence of those made at or after a time, by halving: rows are made in the order of their
 * sequences, so that no index of times is needed.
 */
export function firstSince(database: Database, time: number): number {
  const range = database
    .statement<{ oldest: number | null; newest: number | null }>(
      'SELECT (SELECT min(sequence) FROM messages) AS oldest, (SELECT max(sequence) FROM messages) AS newest',
    )
    .get()
  let low = range?.oldest ?? 0
  let high = (range?.newest ?? 0) + 1
  const next = database.statement<{ sequence: number; at: number }>(
    'SELECT sequence, created_at AS at FROM messages WHERE sequence >= ? ORDER BY sequence LIMIT 1',
  )
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = next.get(middle)
    if (row === undefined || row.at >= time) high = middle
    else low = row.sequence + 1
  }
  return low
}
