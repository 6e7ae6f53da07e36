import type { Device } from '../../devices/device.ts'
import type { Listeners } from '../../lib/listeners.ts'
import type { Database } from '../../storage/database/database.ts'
import type { Settings } from '../../storage/settings/settings.ts'
import { against, failureOf } from './check-acceptance.ts'
import type { DeviceGateway } from '../sending/device-gateway.ts'
import type { Contacts } from '../store/known-contacts.ts'
import type { Counts } from '../log/daily-counts.ts'
import { jobOf, PendingRequest } from './pending-request.ts'
import type { PendingContent } from './pending-request.ts'
import type { CheckpointsTable } from '../store/checkpoints-table.ts'
import type { Message } from '../message.ts'
import type { MessageContent } from '../store/message-contents-table.ts'
import type { MessagesTable } from '../store/messages-table.ts'
import { keptParameters } from './kept-parameters.ts'
import type { RateLimiter } from '../queue/rate-limiter.ts'
import type { RequestsTable } from '../store/requests-table.ts'
import type { SearchIndex } from '../log/search-index.ts'
import type { FailureInfo } from '../log/failure-messages.ts'
import { keptFileName, keptText } from '../log/redact-text.ts'

/** Everything about a call that is to be written down. */
export interface NewMessage {
  device: Device
  recipients: readonly string[]
  kind: Message['kind']
  /** What the recipient reads: text or caption, with the footer. */
  text: string | null
  fileName: string | null
  /** WhatsApp's own form, or else what is still to be made into it. */
  encoded: Uint8Array | null
  pending: PendingContent | null
  via: Message['via']
  key: { id: string; name: string } | null
  fingerprint: Uint8Array
  idempotencyKey: string | null
  queue: boolean
  /** Why all of it waits, where it does. */
  waits: FailureInfo | null
  /** Another write will follow that it can share the sync of: others are before it, or its keys come next. */
  deferred: boolean
  parameters: Record<string, string>
}

export interface EnqueuerDependencies {
  database: Database
  rows: MessagesTable
  requests: RequestsTable
  checkpoints: Pick<CheckpointsTable, 'get'>
  contacts: Contacts
  counts: Counts
  rateLimiter: RateLimiter
  gateway: DeviceGateway
  onChange: Listeners<Message>
  index: Pick<SearchIndex, 'noteRows'>
  settings: Pick<Settings, 'get'>
  now: () => number
}

/** What was judged of one recipient before anything is written. */
interface Judged {
  recipient: string
  counted: 'no' | 'known' | 'new'
  refused: FailureInfo | null
  waits: FailureInfo | null
}

/** Writes calls down: one row a recipient, its WhatsApp message id already chosen, all or nothing. */
export class Enqueuer {
  readonly #dependencies: EnqueuerDependencies
  #next: number

  constructor(dependencies: EnqueuerDependencies) {
    this.#dependencies = dependencies
    this.#next = newestEver(dependencies) + 1
  }

  /**
   * The request as it goes on its way; `accepted` of it is kept once its rows are on the disk. Throws
   * Failure where every recipient is refused. A recipient that is refused while others are not gets a row
   * that says so.
   */
  accept(newMessage: NewMessage): PendingRequest {
    const judged = this.#judge(newMessage)
    const request = new PendingRequest({
      number: this.#next,
      deviceId: newMessage.device.id,
      keyId: newMessage.key?.id ?? null,
      queue: newMessage.queue,
      encoded: newMessage.encoded,
      pending: newMessage.pending,
    })
    this.#next += judged.length
    const now = this.#dependencies.now()
    const content = this.#contentOf(newMessage)
    for (const [index, one] of judged.entries()) {
      const place = { request: request.number, sequence: request.number + index, now }
      const job = jobOf(request, this.#messageOf({ ...newMessage, ...content }, one, place), null)
      job.counted = one.counted
    }
    request.accepted = this.#write({ ...newMessage, ...content }, request, now)
    return request
  }

  /** What is kept of the text and the file's name. */
  #contentOf({ text, fileName }: NewMessage): MessageContent {
    const kept = this.#dependencies.settings.get('log.keepTexts')
    return { text: keptText(text, kept), fileName: keptFileName(fileName, kept), kept }
  }

  async #write(newMessage: NewMessage & MessageContent, request: PendingRequest, now: number): Promise<void> {
    try {
      const { database } = this.#dependencies
      const insert = (): void => this.#insert(newMessage, request, now)
      await (newMessage.deferred ? database.writeDeferred(insert) : database.write(insert))
    } catch (error) {
      for (const job of request.jobs) this.#takeBack(request, job.counted, now)
      throw error
    }
    this.#dependencies.index.noteRows(request.number + request.jobs.length - 1)
    for (const { recorded } of request.jobs) this.#dependencies.onChange.emit(recorded)
  }

  #insert(newMessage: NewMessage & MessageContent, request: PendingRequest, now: number): void {
    const { requests, rows, counts } = this.#dependencies
    requests.insert({
      number: request.number,
      recipients: request.jobs.length,
      deviceId: request.deviceId,
      keyId: request.keyId,
      fingerprint: newMessage.fingerprint,
      idempotencyKey: newMessage.idempotencyKey,
      queue: newMessage.queue,
      createdAt: now,
      content: newMessage,
      source: newMessage.pending === null ? null : JSON.stringify(newMessage.pending),
      encoded: newMessage.encoded,
      parameters: keptParameters(newMessage.parameters, newMessage.kept),
    })
    for (const { message } of request.jobs) {
      rows.insert(message)
      if (message.state === 'failed') counts.add(message.deviceId, false, now)
    }
  }

  #messageOf(
    newMessage: NewMessage & MessageContent,
    { recipient, refused, waits }: Judged,
    { request, sequence, now }: { request: number; sequence: number; now: number },
  ): Message {
    const reason = refused ?? waits
    return {
      id: this.#dependencies.gateway.newMessageId(newMessage.device.id),
      sequence,
      requestId: String(request),
      deviceId: newMessage.device.id,
      recipient,
      kind: newMessage.kind,
      text: newMessage.text,
      fileName: newMessage.fileName,
      state: refused === null ? 'queued' : 'failed',
      failure: reason === null ? null : { code: reason.code, reason: reason.reason },
      progress: null,
      via: newMessage.via,
      keyName: newMessage.key?.name ?? null,
      createdAt: now,
      changedAt: now,
    }
  }

  #judge(newMessage: NewMessage): Judged[] {
    const judged = newMessage.recipients.map((recipient) => this.#judgeOne(newMessage, recipient))
    const [first] = judged
    if (first?.refused != null && judged.every(({ refused }) => refused !== null)) {
      throw failureOf(first.refused)
    }
    return judged
  }

  /** Counts it at once where it is accepted, so that calls that come together see one another. */
  #judgeOne({ device, key, queue, waits }: NewMessage, recipient: string): Judged {
    const keyId = key?.id ?? null
    const { contacts, rateLimiter, now } = this.#dependencies
    const paced = rateLimiter.isOn(device)
    const barred = device.timeLock !== null || device.newChatQuota?.usedUp === true
    if (!paced && !barred) return { recipient, counted: 'no', refused: null, waits }
    const newContact = contacts.isNew({ deviceId: device.id, recipient })
    const sendLimit = paced ? rateLimiter.sendLimit(device, newContact, now(), keyId) : null
    const { timeLock, newChatQuota } = device
    const reason = against({ newContact, timeLock, newChatQuota, sendLimit })
    if (reason !== null) {
      return queue
        ? { recipient, counted: 'no', refused: null, waits: reason }
        : { recipient, counted: 'no', refused: reason, waits: null }
    }
    if (!paced) return { recipient, counted: 'no', refused: null, waits }
    rateLimiter.count({ deviceId: device.id, keyId }, newContact, now())
    return { recipient, counted: newContact ? 'new' : 'known', refused: null, waits }
  }

  #takeBack(request: PendingRequest, counted: Judged['counted'], at: number): void {
    if (counted !== 'no') this.#dependencies.rateLimiter.count(request, counted === 'new', at, -1)
  }
}

/**
 * The highest sequence that was ever given, though its row is gone: what goes through the rows bit by bit
 * would pass over one below where it has come to.
 */
function newestEver({ rows, requests, checkpoints }: EnqueuerDependencies): number {
  return Math.max(
    rows.newestSequence(),
    requests.newest(),
    checkpoints.get('removed'),
    checkpoints.get('indexed'),
  )
}
