import { basename, dirname, join } from 'node:path'
import type { Database } from '../../storage/database/database.ts'
import type { Earlier } from '../submit/idempotency.ts'
import type { MessageContent } from './message-contents-table.ts'

/** What a request needs to be written down. */
export interface NewRequest {
  number: number
  recipients: number
  deviceId: string
  keyId: string | null
  fingerprint: Uint8Array
  idempotencyKey: string | null
  queue: boolean
  createdAt: number
  content: MessageContent
  source: string | null
  encoded: Uint8Array | null
  parameters: string | null
}

/** What the outbox needs of a request after a restart. */
export interface KeptRequest {
  number: number
  recipients: number
  deviceId: string
  keyId: string | null
  queue: number
  source: string | null
  encoded: Uint8Array | null
}

const earlier = 'number, fingerprint, created_at AS createdAt, told_at AS toldAt'

/** The SQL of the calls that messages come from; changes are made inside Database.write. */
export class RequestsTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  insert(request: NewRequest): void {
    this.#database
      .statement(
        `INSERT INTO requests (number, recipients, device_id, key_id, fingerprint, idempotency_key, queue,
           created_at, text, file_name, kept, source, encoded, parameters)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        request.number,
        request.recipients,
        request.deviceId,
        request.keyId,
        request.fingerprint,
        request.idempotencyKey,
        request.queue ? 1 : 0,
        request.createdAt,
        request.content.text,
        request.content.fileName,
        request.content.kept,
        request.source,
        request.encoded,
        request.parameters,
      )
  }

  /** The latest request of that content whose outcome nobody was told. */
  unanswered(fingerprint: Uint8Array): Earlier | undefined {
    return this.#database
      .statement<Earlier>(
        `SELECT ${earlier} FROM requests WHERE fingerprint = ? AND told_at IS NULL ORDER BY number DESC LIMIT 1`,
      )
      .get(fingerprint)
  }

  /** The latest request that came with that Idempotency-Key under that API key. */
  withIdempotencyKey(idempotencyKey: string, keyId: string | null): Earlier | undefined {
    return this.#database
      .statement<Earlier>(
        `SELECT ${earlier} FROM requests WHERE idempotency_key = ? AND key_id IS ? ORDER BY number DESC LIMIT 1`,
      )
      .get(idempotencyKey, keyId)
  }

  /** Of several who are told the last one counts: `clearAnswered` for an earlier one changes nothing. */
  markAnswered(number: number, at: number): void {
    this.#database.statement('UPDATE requests SET told_at = ? WHERE number = ?').run(at, number)
  }

  /** Takes back what was noted at that time. */
  clearAnswered(number: number, at: number): void {
    this.#database
      .statement('UPDATE requests SET told_at = NULL WHERE number = ? AND told_at = ?')
      .run(number, at)
  }

  /** Keeps WhatsApp's form of a content; where it came from is needed no more. */
  encode(number: number, encoded: Uint8Array): void {
    this.#database
      .statement('UPDATE requests SET encoded = ?, source = NULL WHERE number = ?')
      .run(encoded, number)
  }

  forgetSource(number: number): void {
    this.#database
      .statement('UPDATE requests SET source = NULL WHERE number = ? AND source IS NOT NULL')
      .run(number)
  }

  get(number: number): KeptRequest | undefined {
    return this.#database
      .statement<KeptRequest>(
        `SELECT number, recipients, device_id AS deviceId, key_id AS keyId, queue, source, encoded
         FROM requests WHERE number = ?`,
      )
      .get(number)
  }

  encodedOf(number: number): Uint8Array | undefined {
    const row = this.#database
      .statement<{ encoded: Uint8Array | null }>('SELECT encoded FROM requests WHERE number = ?')
      .get(number)
    return row?.encoded ?? undefined
  }

  /** WhatsApp's form of a message by the message's own id. */
  encodedMessage(deviceId: string, id: string): Uint8Array | undefined {
    const row = this.#database
      .statement<{ encoded: Uint8Array | null }>(
        `SELECT encoded FROM requests WHERE number =
           (SELECT request FROM messages WHERE id = ? AND device_id = ?)`,
      )
      .get(id, deviceId)
    return row?.encoded ?? undefined
  }

  /** The call as the story shows it. */
  callOf(number: number): { at: number; parameters: string | null } | undefined {
    return this.#database
      .statement<{ at: number; parameters: string | null }>(
        'SELECT created_at AS at, parameters FROM requests WHERE number = ?',
      )
      .get(number)
  }

  /** Paths of uploads that undecided requests still need. */
  uploads(): string[] {
    return this.#database
      .statement<{ path: string }>(
        `SELECT json_extract(source, '$.content.source.upload.path') AS path FROM requests
         WHERE number IN (SELECT request FROM messages WHERE state IN (0, 1))
           AND json_extract(source, '$.content.source.upload.path') IS NOT NULL`,
      )
      .all()
      .map(({ path }) => path)
  }

  /** Has the uploads of undecided requests looked for in that folder: the data folder may have been moved since. */
  moveUploads(folder: string): void {
    const moved = this.#database.statement(
      "UPDATE requests SET source = json_set(source, '$.content.source.upload.path', $now) WHERE source ->> '$.content.source.upload.path' = $before",
    )
    for (const before of this.uploads()) {
      if (dirname(before) !== folder) moved.run({ before, now: join(folder, basename(before)) })
    }
  }

  newest(): number {
    const row = this.#database
      .statement<{ newest: number }>(
        // Those of one call follow each other: the end of the last call is the highest.
        'SELECT number + recipients - 1 AS newest FROM requests ORDER BY number DESC LIMIT 1',
      )
      .get()
    return row?.newest ?? 0
  }
}
