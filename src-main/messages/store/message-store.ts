import type { FailureCode } from '../../lib/failure-codes.ts'
import { sentenceOf } from '../../lib/failure.ts'
import type { Listeners } from '../../lib/listeners.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Database } from '../../storage/database/database.ts'
import type { Contacts } from './known-contacts.ts'
import type { Counts } from '../log/daily-counts.ts'
import type { Job, PendingRequest } from '../submit/pending-request.ts'
import { isDecided, isSent, mayFollow } from '../message-state.ts'
import type { Message, MessageState } from '../message.ts'
import type { MessagesTable } from './messages-table.ts'

/** How soon a write that failed for another reason than the database's health is tried again, in ms. */
const retryAfterMs = 1_000

export interface MessageStoreDependencies {
  database: Database
  rows: MessagesTable
  contacts: Contacts
  counts: Counts
  onChange: Listeners<Message>
  log: Logger
  now: () => number
}

interface Details {
  note?: string
  failure?: { code: FailureCode; reason: string }
  at?: number
}

/**
 * Writes down what becomes of messages on their way. Nobody hears of a change before it is on the disk. A
 * change that cannot be written is kept and written as soon as the database can be; until then nothing new
 * leaves.
 */
export class MessageStore {
  readonly #dependencies: MessageStoreDependencies
  readonly #unwritten = new Map<Job, Details>()
  readonly #stopListening: () => void
  #retry: NodeJS.Timeout | null = null
  /** Called when everything is written again. */
  onSound: () => void = () => undefined
  /** Called when a job's latest state is on the disk. */
  onRecorded: (job: Job) => void = () => undefined

  constructor(dependencies: MessageStoreDependencies) {
    this.#dependencies = dependencies
    this.#stopListening = dependencies.database.onHealth.add((health) => {
      if (health === 'ok') this.#writeAgain()
    })
  }

  /** Whether messages may leave: their outcomes could be written. */
  get sound(): boolean {
    return this.#unwritten.size === 0 && this.#dependencies.database.health === 'ok'
  }

  /** Moves a job on, never back; resolves when that is on the disk or known not to be. */
  async move(job: Job, state: MessageState, details: Details = {}): Promise<void> {
    if (!mayFollow(job.message.state, state)) return
    job.message = {
      ...job.message,
      state,
      failure: details.failure ?? null,
      progress: null,
      changedAt: Math.max(job.message.changedAt, details.at ?? this.#dependencies.now()),
    }
    await this.#write(job, details)
  }

  /** A line in the story that changes nothing. */
  async note(job: Job, note: string): Promise<void> {
    const { database, rows, now, log } = this.#dependencies
    const { sequence, state } = job.message
    try {
      await database.writeDeferred(() => rows.note(sequence, state, now(), note))
    } catch (error) {
      log.warn({ message: job.message.id, reason: sentenceOf(error) }, 'could not save a note')
    }
  }

  /** Says why a job waits, or with null that it does no longer. */
  async waitFor(job: Job, failure: Message['failure']): Promise<void> {
    if (job.message.failure?.code === failure?.code) return
    job.message = { ...job.message, failure }
    const { message } = job
    const { database, rows, log } = this.#dependencies
    try {
      await database.write(() => rows.waitFor(message.sequence, failure))
    } catch (error) {
      log.warn({ message: message.id, reason: sentenceOf(error) }, 'could not save a failure reason')
    }
    this.#recorded(job, message)
  }

  /** Puts a request's rows on the disk now, where they wait for a commit that others need; rejects where they cannot. */
  async written(request: PendingRequest): Promise<void> {
    const forced = this.#dependencies.database.write(() => undefined)
    await Promise.all([forced, request.accepted])
  }

  /** A receipt has moved the row already. */
  moved(job: Job, message: Message): void {
    job.message = message
    this.#unwritten.delete(job)
    this.#recorded(job, message)
  }

  stop(): void {
    this.#stopListening()
    if (this.#retry !== null) clearTimeout(this.#retry)
  }

  async #write(job: Job, details: Details): Promise<void> {
    const { message } = job
    const { database, contacts } = this.#dependencies
    let contactWritten: boolean
    try {
      const change = (): boolean => this.#change(job, message, details)
      // Nobody waits for "sending": after a crash every undecided row counts as one that may have left.
      contactWritten = await (message.state === 'sending'
        ? database.writeDeferred(change)
        : database.write(change))
    } catch (error) {
      this.#keep(job, details, error)
      return
    }
    // An earlier state that was written says nothing of a later one that was not. What else has changed of the
    // message meanwhile, a file's name say, is no state.
    if (job.message.state === message.state) this.#unwritten.delete(job)
    if (contactWritten) contacts.written(message, message.changedAt)
    this.#recorded(job, message)
  }

  /** Answers whether the contact was written, too. */
  #change(job: Job, message: Message, details: Details): boolean {
    const { rows, contacts, counts } = this.#dependencies
    const { state } = message
    const moved = rows.move({
      sequence: message.sequence,
      state,
      at: message.changedAt,
      note: details.note ?? details.failure?.reason ?? null,
      failure: message.failure,
      jid: job.jid,
    })
    if (!moved || !isDecided(state)) return false
    counts.add(message.deviceId, isSent(state), message.changedAt)
    return isSent(state) && contacts.write(message, message.changedAt)
  }

  #recorded(job: Job, message: Message): void {
    const news = isLater(message, job.recorded)
    if (news) job.recorded = message
    this.onRecorded(job)
    if (news) this.#dependencies.onChange.emit(message)
    job.request.changed()
  }

  #keep(job: Job, details: Details, error: unknown): void {
    // Only the latest state needs to be written: what lies between is skipped.
    this.#unwritten.set(job, details)
    this.#dependencies.log.error(
      { message: job.message.id, state: job.message.state, reason: sentenceOf(error) },
      'could not save a message state; sending waits until it is saved',
    )
    if (this.#dependencies.database.health === 'ok') {
      this.#retry ??= setTimeout(() => this.#writeAgain(), retryAfterMs)
    }
  }

  #writeAgain(): void {
    this.#retry = null
    // What was never accepted has no row to change.
    for (const job of this.#unwritten.keys()) if (job.request.cancelled) this.#unwritten.delete(job)
    const unwritten = [...this.#unwritten]
    void Promise.all(unwritten.map(([job, details]) => this.#write(job, details))).then(() => {
      if (this.sound) this.onSound()
    })
  }
}

/** Writes are acknowledged in the order they were made, but a receipt may have come between. */
function isLater(message: Message, recorded: Message): boolean {
  return message.state === recorded.state || mayFollow(recorded.state, message.state)
}
