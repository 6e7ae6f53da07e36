import type { Database } from '../../storage/database/database.ts'
import type { MessageContent } from './message-contents-table.ts'
import { stateNumber } from '../message-state.ts'

export interface AgedRow {
  sequence: number
  createdAt: number
}

export interface RequestContent extends MessageContent {
  number: number
  recipients: number
  parameters: string | null
}

/** The SQL of what is forgotten after a time; changes are made inside Database.write. */
export class RetentionTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The oldest rows whose outcome is known and that were made before a time. */
  oldest(before: number, now: number, limit: number): number[] {
    const rows = this.#database
      .statement<AgedRow & { state: number }>(
        'SELECT sequence, created_at AS createdAt, state FROM messages ORDER BY sequence LIMIT ?',
      )
      .all(limit)
    const behind = (): number | undefined =>
      this.#database
        .statement<{ at: number }>(
          'SELECT created_at AS at FROM messages WHERE sequence > ? AND created_at <= ? ORDER BY sequence LIMIT 1',
        )
        .get(rows.at(-1)?.sequence ?? 0, now)?.at
    return madeBefore(before, now, rows, behind)
      .filter(({ state }) => state > stateNumber('sending'))
      .map(({ sequence }) => sequence)
  }

  removeMessage(sequence: number): void {
    this.#database.statement('DELETE FROM messages WHERE sequence = ?').run(sequence)
  }

  /** Requests all of whose messages lie below that sequence. */
  removeRequestsBelow(sequence: number): void {
    this.#database
      .statement('DELETE FROM requests WHERE number < ? AND number + recipients <= ?')
      .run(sequence, sequence)
  }

  oldestSequence(): number | null {
    const row = this.#database
      .statement<{ oldest: number | null }>('SELECT min(sequence) AS oldest FROM messages')
      .get()
    return row?.oldest ?? null
  }

  /** Requests above a number that were made before a time, the oldest first. */
  requestsAbove(number: number, before: number, now: number, limit: number): number[] {
    const rows = this.#database
      .statement<{ number: number; createdAt: number }>(
        'SELECT number, created_at AS createdAt FROM requests WHERE number > ? ORDER BY number LIMIT ?',
      )
      .all(number, limit)
    const behind = (): number | undefined =>
      this.#database
        .statement<{ at: number }>(
          'SELECT created_at AS at FROM requests WHERE number > ? AND created_at <= ? ORDER BY number LIMIT 1',
        )
        .get(rows.at(-1)?.number ?? number, now)?.at
    return madeBefore(before, now, rows, behind).map((request) => request.number)
  }

  forgetEncoded(number: number): void {
    this.#database.statement('UPDATE requests SET encoded = NULL, source = NULL WHERE number = ?').run(number)
  }

  /** What was said in calls above a number, the oldest first. */
  contents(above: number, limit: number): RequestContent[] {
    return this.#database
      .statement<RequestContent & Record<string, never>>(
        `SELECT number, recipients, text, file_name AS fileName, kept, parameters FROM requests
         WHERE number > ? ORDER BY number LIMIT ?`,
      )
      .all(above, limit)
  }

  keepContent({ number, text, fileName, kept, parameters }: RequestContent): void {
    this.#database
      .statement('UPDATE requests SET text = ?, file_name = ?, kept = ?, parameters = ? WHERE number = ?')
      .run(text, fileName, kept, parameters, number)
  }

  /** Sequences of rows from one to another. */
  sequences(from: number, to: number, limit: number): number[] {
    return this.#database
      .statement<{ sequence: number }>(
        'SELECT sequence FROM messages WHERE sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ?',
      )
      .all(from, to, limit)
      .map(({ sequence }) => sequence)
  }

  /** Contacts not written to since; answers how many were forgotten. */
  forgetContacts(before: number, limit: number): number {
    const { changes } = this.#database
      .statement(
        `DELETE FROM contacts WHERE (device_id, recipient) IN
           (SELECT device_id, recipient FROM contacts WHERE last_at < ? LIMIT ?)`,
      )
      .run(before, limit)
    return changes
  }
}

/**
 * Those of rows in the order of their making that were made before a time. A row that the clock was set back after has a
 * time that is still to come: it is as old as the next one that has not, or else it would be kept, and with it all
 * that come after, until that time.
 *
 * @param behind the time of the first row behind these that has come, should there be one
 */
function madeBefore<Row extends { createdAt: number }>(
  before: number,
  now: number,
  rows: readonly Row[],
  behind: () => number | undefined,
): Row[] {
  const last = rows.at(-1)
  let next = last === undefined || last.createdAt <= now ? now : (behind() ?? now)
  return rows
    .toReversed()
    .filter(({ createdAt }) => {
      if (createdAt <= now) next = createdAt
      return next < before
    })
    .toReversed()
}
