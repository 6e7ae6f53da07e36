import type { FailureCode } from '../../lib/failure-codes.ts'
import type { Database, Statement } from '../../storage/database/database.ts'
import { MessageContentsTable } from './message-contents-table.ts'
import type { MessageContent } from './message-contents-table.ts'
import { predecessors, stateNumber, stateOfNumber } from '../message-state.ts'
import type { Message, MessageState } from '../message.ts'
import { storyLine } from '../log/story.ts'

/** A row as SQLite gives it. */
export interface MessageRow {
  sequence: number
  request: number
  id: string
  device_id: string
  recipient: string
  jid: string | null
  kind: Message['kind']
  state: number
  failure_code: FailureCode | null
  failure_reason: string | null
  via: Message['via']
  key_name: string | null
  created_at: number
  changed_at: number
}

export const messageColumns = `sequence, request, id, device_id, recipient, jid, kind, state, failure_code,
  failure_reason, via, key_name, created_at, changed_at`

export function messageOf(
  row: MessageRow,
  { text, fileName }: Pick<MessageContent, 'text' | 'fileName'>,
): Message {
  const { failure_code: code, failure_reason: reason } = row
  return {
    id: row.id,
    sequence: row.sequence,
    requestId: String(row.request),
    deviceId: row.device_id,
    recipient: row.recipient,
    kind: row.kind,
    text,
    fileName,
    state: stateOfNumber(row.state),
    failure: code === null ? null : { code, reason: reason ?? '' },
    progress: null,
    via: row.via,
    keyName: row.key_name,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  }
}

/** A change of one row's state. */
export interface Move {
  sequence: number
  state: MessageState
  at: number
  note: string | null
  failure: Message['failure']
  jid: string | null
}

const undecided = `state IN (${stateNumber('queued')}, ${stateNumber('sending')})`
/** A story is not written on for ever by a row that is tried again and again. */
const maxStoryCharacters = 8_000

/** The SQL of the rows themselves; changes are made inside Database.write. */
export class MessagesTable {
  readonly #database: Database
  readonly #contents: MessageContentsTable
  readonly #moves = new Map<MessageState, Statement>()

  constructor(database: Database) {
    this.#database = database
    this.#contents = new MessageContentsTable(database)
  }

  insert(message: Message): void {
    this.#database
      .statement(
        `INSERT INTO messages (sequence, request, id, device_id, recipient, kind, state, failure_code,
           failure_reason, via, key_name, created_at, changed_at, story)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        message.sequence,
        Number(message.requestId),
        message.id,
        message.deviceId,
        message.recipient,
        message.kind,
        stateNumber(message.state),
        message.failure?.code ?? null,
        message.failure?.reason ?? null,
        message.via,
        message.keyName,
        message.createdAt,
        message.changedAt,
        firstLine(message),
      )
  }

  /** Moves a row on, never back; answers whether it moved. */
  move(move: Move): boolean {
    const line = storyLine(move.state, move.note)
    const { changes } = this.#moveTo(move.state).run(
      move.at,
      move.failure?.code ?? null,
      move.failure?.reason ?? null,
      move.jid,
      line.before,
      move.at,
      line.after,
      move.sequence,
    )
    return changes === 1
  }

  isUndecided(deviceId: string, id: string): boolean {
    const row = this.#database
      .statement(`SELECT 1 FROM messages WHERE id = ? AND device_id = ? AND ${undecided}`)
      .get(id, deviceId)
    return row !== undefined
  }

  /** What a receipt says of a row; the row as it is then, where it moved. */
  moveByReceipt(deviceId: string, id: string, state: MessageState, at: number): Message | undefined {
    const line = storyLine(state, null)
    const row = this.#database
      .statement<MessageRow>(
        `UPDATE messages SET state = ${stateNumber(state)}, changed_at = max(changed_at, ?),
           failure_code = NULL, failure_reason = NULL,
           story = story || ? || CAST(max(changed_at, ?) - created_at AS INTEGER) || ?
         WHERE id = ? AND device_id = ? AND state IN (${numbers(predecessors(state))})
         RETURNING ${messageColumns}`,
      )
      .get(at, line.before, at, line.after, id, deviceId)
    return row === undefined ? undefined : this.#messageOf(row)
  }

  /** Adds a line to the story without a change of state. */
  note(sequence: number, state: MessageState, at: number, note: string): void {
    const line = storyLine(state, note)
    this.#database
      .statement(
        `UPDATE messages SET story = story || ? || CAST(max(changed_at, ?) - created_at AS INTEGER) || ?
         WHERE sequence = ? AND length(story) < ${maxStoryCharacters}`,
      )
      .run(line.before, at, line.after, sequence)
  }

  /** Why a row waits, or that it does no longer. */
  waitFor(sequence: number, failure: Message['failure']): void {
    this.#database
      .statement(
        `UPDATE messages SET failure_code = ?, failure_reason = ? WHERE sequence = ? AND ${undecided}`,
      )
      .run(failure?.code ?? null, failure?.reason ?? null, sequence)
  }

  /** What a file turned out to be, for all rows of its request. */
  nameFile(first: number, recipients: number, kind: Message['kind'], fileName: string | null): void {
    this.#database
      .statement('UPDATE messages SET kind = ? WHERE sequence BETWEEN ? AND ?')
      .run(kind, first, first + recipients - 1)
    this.#contents.nameFile(first, fileName)
  }

  get(id: string): Message | undefined {
    const row = this.#database
      .statement<MessageRow>(`SELECT ${messageColumns} FROM messages WHERE id = ?`)
      .get(id)
    return row === undefined ? undefined : this.#messageOf(row)
  }

  story(id: string): { createdAt: number; written: string } | undefined {
    return this.#database
      .statement<{ createdAt: number; written: string }>(
        'SELECT created_at AS createdAt, story AS written FROM messages WHERE id = ?',
      )
      .get(id)
  }

  /** The text where it is kept whole. */
  wholeText(sequence: number): string | null {
    const row = this.#database
      .statement<{ text: string | null }>(
        `SELECT text FROM requests
         WHERE number = (SELECT request FROM messages WHERE sequence = ?) AND kept = 'yes'`,
      )
      .get(sequence)
    return row?.text ?? null
  }

  /** The JID that a message went to, once that is known. */
  jidOf(id: string): string | null {
    const row = this.#database
      .statement<{ jid: string | null }>('SELECT jid FROM messages WHERE id = ?')
      .get(id)
    return row?.jid ?? null
  }

  ofRequest(first: number, recipients: number): Message[] {
    const content = this.#contents.of(first)
    return this.#database
      .statement<MessageRow>(
        `SELECT ${messageColumns} FROM messages WHERE sequence BETWEEN ? AND ? ORDER BY sequence`,
      )
      .all(first, first + recipients - 1)
      .map((row) => messageOf(row, content))
  }

  /** Every row whose outcome is not known, in the order of acceptance. */
  undecided(): { sequence: number; request: number; jid: string | null }[] {
    return this.#database
      .statement<{ sequence: number; request: number; jid: string | null }>(
        `SELECT sequence, request, jid FROM messages WHERE ${undecided} ORDER BY sequence`,
      )
      .all()
  }

  newestSequence(): number {
    const row = this.#database
      .statement<{ newest: number | null }>('SELECT max(sequence) AS newest FROM messages')
      .get()
    return row?.newest ?? 0
  }

  #messageOf(row: MessageRow): Message {
    return messageOf(row, this.#contents.of(row.request))
  }

  #moveTo(state: MessageState): Statement {
    const kept = this.#moves.get(state)
    if (kept !== undefined) return kept
    const statement = this.#database.statement(
      `UPDATE messages SET state = ${stateNumber(state)}, changed_at = max(changed_at, ?),
         failure_code = ?, failure_reason = ?, jid = coalesce(?, jid),
         story = story || ? || CAST(max(changed_at, ?) - created_at AS INTEGER) || ?
       WHERE sequence = ? AND state IN (${numbers(predecessors(state))})`,
    )
    this.#moves.set(state, statement)
    return statement
  }
}

/** A row that is refused when it is made says why in its story; one that is queued needs no line. */
function firstLine({ state, failure }: Message): string {
  if (state === 'queued') return ''
  const line = storyLine(state, failure?.reason ?? null)
  return `${line.before}0${line.after}`
}

function numbers(states: MessageState[]): string {
  return states.map((state) => stateNumber(state)).join(', ')
}
