import type { Database } from '../storage/database.ts'
import { stateNumber } from './message-state.ts'
import type { KeepTexts } from './texts.ts'

export interface AgedRow {
  sequence: number
  createdAt: number
}

export interface TextRow {
  sequence: number
  request: number
  text: string | null
  fileName: string | null
  kept: KeepTexts
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

  /** Rows with sequences above one and up to another. */
  texts(above: number, upTo: number, limit: number): TextRow[] {
    return this.#database
      .statement<TextRow & Record<string, never>>(
        `SELECT sequence, request, text, file_name AS fileName, kept FROM messages
         WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?`,
      )
      .all(above, upTo, limit)
  }

  keepText(row: TextRow): void {
    this.#database
      .statement('UPDATE messages SET text = ?, file_name = ?, kept = ? WHERE sequence = ?')
      .run(row.text, row.fileName, row.kept, row.sequence)
  }

  parametersOf(number: number): string | null {
    const row = this.#database
      .statement<{ parameters: string | null }>('SELECT parameters FROM requests WHERE number = ?')
      .get(number)
    return row?.parameters ?? null
  }

  keepParameters(number: number, parameters: string): void {
    this.#database.statement('UPDATE requests SET parameters = ? WHERE number = ?').run(parameters, number)
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
