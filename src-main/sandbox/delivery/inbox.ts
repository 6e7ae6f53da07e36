import { Listeners } from '../../lib/listeners.ts'
import type { Database } from '../../storage/database/database.ts'

/** What a practice recipient received, decrypted. */
export interface InboxMessage {
  id: string
  /** The sender's number. */
  from: string
  /** The recipient's number, or a group's or newsletter's JID. */
  to: string
  kind: 'text' | 'image' | 'video' | 'audio' | 'voice' | 'document' | 'other'
  text: string | null
  fileName: string | null
  mimeType: string | null
  /** SHA-256 of the decrypted file, hex, and its length; null for texts. */
  sha256: string | null
  bytes: number | null
  width: number | null
  height: number | null
  seconds: number | null
  waveform: number[] | null
  /** Bytes of the preview that came with it. */
  thumbnailBytes: number | null
  viewOnce: boolean
  /** The id of the message that it answers. */
  quotedId: string | null
  /** Who wrote the quoted message, as the message says: a JID by number or by LID. */
  quotedAuthor: string | null
  /** Milliseconds since the epoch. */
  at: number
  /** How often a message of that id came; it is shown once. */
  receptions: number
  /** Whether the sender's own phone got its copy. */
  ownCopy: boolean
  /** The numbers of those in a group who could read it. */
  members: string[]
  /** The numbers of those in a group whose phones show “Waiting for this message”: no key came for them. */
  waiting: string[]
}

/** How far receipts go: 1 delivered, 2 read, 3 played. */
export type ReceiptLevel = 0 | 1 | 2 | 3

/** One message as it is kept. */
export interface Arrival {
  message: InboxMessage
  senderDevice: number
  /** The chat's JID as the sender addressed it: what receipts come from. */
  chat: string
  media: MediaReference | null
  expected: ReceiptLevel
}

/** Where a message's file is and how it is opened. */
export interface MediaReference {
  type: string
  directPath: string
  /** base64 */
  mediaKey: string
  fileSha256: string
  fileEncSha256: string
  /** Bytes of the content, as the sender says. */
  fileLength: number
}

interface Row {
  sequence: number
  sender: string
  sender_device: number
  id: string
  recipient: string
  members: string
  entry: string
  media: string | null
  receptions: number
  expected: number
  told: number
  chat: string
}

/** A message whose receipts its sender has not heard of yet. */
export interface UnreportedReceipt {
  id: string
  chat: string
  members: string[]
  kind: InboxMessage['kind']
  reported: ReceiptLevel
  expected: ReceiptLevel
}

const trimEvery = 256

/** Everything that was received, the latest `limit` messages. Changes are made inside Database.write. */
export class Inbox {
  /** Hears of every message that is new. */
  readonly onReceived = new Listeners<InboxMessage>()
  readonly #database: Database
  readonly #limit: number
  #untrimmed = 0

  constructor(database: Database, limit: number) {
    this.#database = database
    this.#limit = limit
  }

  find(from: string, id: string, to: string): InboxMessage | undefined {
    const sql = 'SELECT * FROM inbox WHERE sender = ? AND id = ? AND recipient = ?'
    const row = this.#database.statement<Row>(sql).get(from, id, to)
    return row === undefined ? undefined : messageOf(row)
  }

  /** Whether one number has ever written to another. */
  hasMessage(from: string, to: string): boolean {
    const sql = 'SELECT 1 FROM inbox WHERE recipient = ? AND sender = ? LIMIT 1'
    return this.#database.statement(sql).get(to, from) !== undefined
  }

  /** The latest messages in the order in which they came; those to a number, or in its groups, if one is named. */
  list(number: string | null, limit: number): InboxMessage[] {
    const sql =
      number === null
        ? 'SELECT * FROM inbox ORDER BY sequence DESC LIMIT ?'
        : `SELECT * FROM inbox WHERE recipient = ? OR members LIKE '%"' || ? || '"%'
           ORDER BY sequence DESC LIMIT ?`
    const parameters = number === null ? [limit] : [number, number, limit]
    const rows = this.#database.statement<Row>(sql).all(...parameters)
    return rows.toReversed().map((row) => messageOf(row))
  }

  /** Where the file of the latest message of that id is; undefined where it has none. */
  media(id: string): MediaReference | undefined {
    const sql = 'SELECT media FROM inbox WHERE id = ? AND media IS NOT NULL ORDER BY sequence DESC LIMIT 1'
    const row = this.#database.statement<{ media: string }>(sql).get(id)
    return row === undefined ? undefined : (JSON.parse(row.media) as MediaReference)
  }

  add({ message, senderDevice, chat, media, expected }: Arrival): void {
    const { members, receptions, ...entry } = message
    this.#database
      .statement(
        `INSERT INTO inbox (sender, sender_device, id, recipient, members, entry, media, receptions, expected,
           told, chat) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
      )
      .run(
        message.from,
        senderDevice,
        message.id,
        message.to,
        JSON.stringify(members),
        JSON.stringify(entry),
        media === null ? null : JSON.stringify(media),
        receptions,
        expected,
        chat,
      )
    if (++this.#untrimmed < trimEvery) return
    this.#untrimmed = 0
    const trim = 'DELETE FROM inbox WHERE sequence <= (SELECT max(sequence) FROM inbox) - ?'
    this.#database.statement(trim).run(this.#limit)
  }

  /** The message came again under the same id: one more reception, and it is told of again. */
  addReception(message: InboxMessage, members: string[]): void {
    const all = JSON.stringify([...new Set([...message.members, ...members])])
    const sql = `UPDATE inbox SET receptions = receptions + 1, told = 0, members = ?
                 WHERE sender = ? AND id = ? AND recipient = ?`
    this.#database.statement(sql).run(all, message.from, message.id, message.to)
  }

  /** The sender has acknowledged a receipt. */
  reported(from: string, id: string, level: ReceiptLevel): void {
    const sql = 'UPDATE inbox SET told = ? WHERE sender = ? AND id = ? AND told < ?'
    this.#database.statement(sql).run(level, from, id, level)
  }

  /** What a companion has not been told of, the oldest first. */
  unreported(from: string, senderDevice: number, limit: number): UnreportedReceipt[] {
    const sql = `SELECT * FROM inbox WHERE sender = ? AND sender_device = ? AND told < expected
                 ORDER BY sequence LIMIT ?`
    return this.#database
      .statement<Row>(sql)
      .all(from, senderDevice, limit)
      .map((row) => ({
        id: row.id,
        chat: row.chat,
        members: JSON.parse(row.members) as string[],
        kind: messageOf(row).kind,
        reported: row.told as ReceiptLevel,
        expected: row.expected as ReceiptLevel,
      }))
  }
}

function messageOf(row: Row): InboxMessage {
  const entry = JSON.parse(row.entry) as Omit<InboxMessage, 'members' | 'receptions'>
  const members = JSON.parse(row.members) as string[]
  const waiting = (entry.waiting ?? []).filter((number) => !members.includes(number))
  return { ...entry, receptions: row.receptions, members, waiting }
}
