import type { Device } from '../devices/device.ts'
import type { Listeners } from '../listeners.ts'
import type { Database } from '../storage/database.ts'
import type { Settings } from '../storage/settings.ts'
import { against, failureOf } from './admission.ts'
import type { Carrier } from './carrier.ts'
import type { Contacts } from './contacts.ts'
import type { Counts } from './counts.ts'
import { jobOf, LiveRequest } from './live-request.ts'
import type { PendingContent } from './live-request.ts'
import type { MarksTable } from './marks-table.ts'
import type { Message } from './message.ts'
import type { MessageContent } from './message-contents-table.ts'
import type { MessagesTable } from './messages-table.ts'
import { keptParameters } from './parameters.ts'
import type { Pacer } from './pacer.ts'
import type { RequestsTable } from './requests-table.ts'
import type { SearchIndex } from './search-index.ts'
import type { Reason } from './sentences.ts'
import { keptFileName, keptText } from './texts.ts'

/** Everything about a call that is to be written down. */
export interface Draft {
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
  waits: Reason | null
  /** Another write will follow that it can share the sync of: others are before it, or its keys come next. */
  along: boolean
  parameters: Record<string, string>
}

export interface AcceptanceParts {
  database: Database
  rows: MessagesTable
  requests: RequestsTable
  marks: Pick<MarksTable, 'get'>
  contacts: Contacts
  counts: Counts
  pacer: Pacer
  carrier: Carrier
  onChange: Listeners<Message>
  index: Pick<SearchIndex, 'noteRows'>
  settings: Pick<Settings, 'get'>
  now: () => number
}

/** What was judged of one recipient before anything is written. */
interface Judged {
  recipient: string
  counted: 'no' | 'known' | 'new'
  refused: Reason | null
  waits: Reason | null
}

/** Writes calls down: one row a recipient, its WhatsApp message id already chosen, all or nothing. */
export class Acceptance {
  readonly #parts: AcceptanceParts
  #next: number

  constructor(parts: AcceptanceParts) {
    this.#parts = parts
    this.#next = newestEver(parts) + 1
  }

  /**
   * The request as it goes on its way; `accepted` of it is kept once its rows are on the disk. Throws
   * Failure where every recipient is refused. A recipient that is refused while others are not gets a row
   * that says so.
   */
  accept(draft: Draft): LiveRequest {
    const judged = this.#judge(draft)
    const request = new LiveRequest({
      number: this.#next,
      deviceId: draft.device.id,
      keyId: draft.key?.id ?? null,
      queue: draft.queue,
      encoded: draft.encoded,
      pending: draft.pending,
    })
    this.#next += judged.length
    const now = this.#parts.now()
    const content = this.#contentOf(draft)
    for (const [index, one] of judged.entries()) {
      const place = { request: request.number, sequence: request.number + index, now }
      const job = jobOf(request, this.#messageOf({ ...draft, ...content }, one, place), null)
      job.counted = one.counted
    }
    request.accepted = this.#write({ ...draft, ...content }, request, now)
    return request
  }

  /** What is kept of the text and the file's name. */
  #contentOf({ text, fileName }: Draft): MessageContent {
    const kept = this.#parts.settings.get('log.keepTexts')
    return { text: keptText(text, kept), fileName: keptFileName(fileName, kept), kept }
  }

  async #write(draft: Draft & MessageContent, request: LiveRequest, now: number): Promise<void> {
    try {
      const { database } = this.#parts
      const insert = (): void => this.#insert(draft, request, now)
      await (draft.along ? database.writeAlong(insert) : database.write(insert))
    } catch (thrown) {
      for (const job of request.jobs) this.#takeBack(request, job.counted, now)
      throw thrown
    }
    this.#parts.index.noteRows(request.number + request.jobs.length - 1)
    for (const { recorded } of request.jobs) this.#parts.onChange.emit(recorded)
  }

  #insert(draft: Draft & MessageContent, request: LiveRequest, now: number): void {
    const { requests, rows, counts } = this.#parts
    requests.insert({
      number: request.number,
      recipients: request.jobs.length,
      deviceId: request.deviceId,
      keyId: request.keyId,
      fingerprint: draft.fingerprint,
      idempotencyKey: draft.idempotencyKey,
      queue: draft.queue,
      createdAt: now,
      content: draft,
      source: draft.pending === null ? null : JSON.stringify(draft.pending),
      encoded: draft.encoded,
      parameters: keptParameters(draft.parameters, draft.kept),
    })
    for (const { message } of request.jobs) {
      rows.insert(message)
      if (message.state === 'failed') counts.add(message.deviceId, false, now)
    }
  }

  #messageOf(
    draft: Draft & MessageContent,
    { recipient, refused, waits }: Judged,
    { request, sequence, now }: { request: number; sequence: number; now: number },
  ): Message {
    const reason = refused ?? waits
    return {
      id: this.#parts.carrier.newMessageId(draft.device.id),
      sequence,
      requestId: String(request),
      deviceId: draft.device.id,
      recipient,
      kind: draft.kind,
      text: draft.text,
      fileName: draft.fileName,
      state: refused === null ? 'queued' : 'failed',
      failure: reason === null ? null : { code: reason.code, reason: reason.reason },
      progress: null,
      via: draft.via,
      keyName: draft.key?.name ?? null,
      createdAt: now,
      changedAt: now,
    }
  }

  #judge(draft: Draft): Judged[] {
    const judged = draft.recipients.map((recipient) => this.#judgeOne(draft, recipient))
    const [first] = judged
    if (first?.refused != null && judged.every(({ refused }) => refused !== null)) {
      throw failureOf(first.refused)
    }
    return judged
  }

  /** Counts it at once where it is accepted, so that calls that come together see one another. */
  #judgeOne({ device, key, queue, waits }: Draft, recipient: string): Judged {
    const keyId = key?.id ?? null
    const { contacts, pacer, now } = this.#parts
    const paced = pacer.isOn(device)
    const barred = device.timeLock !== null || device.newChatQuota?.usedUp === true
    if (!paced && !barred) return { recipient, counted: 'no', refused: null, waits }
    const newContact = contacts.isNew({ deviceId: device.id, recipient })
    const ceiling = paced ? pacer.ceiling(device, newContact, now(), keyId) : null
    const { timeLock, newChatQuota } = device
    const reason = against({ newContact, timeLock, newChatQuota, ceiling })
    if (reason !== null) {
      return queue
        ? { recipient, counted: 'no', refused: null, waits: reason }
        : { recipient, counted: 'no', refused: reason, waits: null }
    }
    if (!paced) return { recipient, counted: 'no', refused: null, waits }
    pacer.count({ deviceId: device.id, keyId }, newContact, now())
    return { recipient, counted: newContact ? 'new' : 'known', refused: null, waits }
  }

  #takeBack(request: LiveRequest, counted: Judged['counted'], at: number): void {
    if (counted !== 'no') this.#parts.pacer.count(request, counted === 'new', at, -1)
  }
}

/**
 * The highest sequence that was ever given, though its row is gone: what goes through the rows bit by bit
 * would pass over one below where it has come to.
 */
function newestEver({ rows, requests, marks }: AcceptanceParts): number {
  return Math.max(rows.newestSequence(), requests.newest(), marks.get('removed'), marks.get('indexed'))
}
