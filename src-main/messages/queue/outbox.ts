import type { Logger } from '../../lib/logging/logger.ts'
import { sentenceOf } from '../../lib/failure.ts'
import { jobOf, PendingRequest } from '../submit/pending-request.ts'
import type { Job, PendingContent } from '../submit/pending-request.ts'
import { isDecided } from '../message-state.ts'
import type { Message } from '../message.ts'
import type { MessagesTable } from '../store/messages-table.ts'
import type { RequestsTable } from '../store/requests-table.ts'
import { MessageSender } from '../sending/message-sender.ts'
import type { MessageSenderDependencies } from '../sending/message-sender.ts'
import type { WaitingBytes } from '../submit/waiting-bytes.ts'

/** How long a stop waits for what is in flight, in milliseconds. */
const timeoutMs = 5_000

export interface OutboxDependencies extends Omit<MessageSenderDependencies, 'encodedOf'> {
  rows: MessagesTable
  requests: RequestsTable
  waiting: WaitingBytes
  log: Logger
}

/** Everything that is on its way, by request and by device. */
export class Outbox {
  readonly #dependencies: OutboxDependencies
  readonly #senders = new Map<string, MessageSender>()
  readonly #live = new Map<number, PendingRequest>()
  #stopping = false

  constructor(dependencies: OutboxDependencies) {
    this.#dependencies = dependencies
    dependencies.store.onSound = () => this.wake()
    dependencies.store.onRecorded = (job) => this.#recorded(job)
  }

  get stopping(): boolean {
    return this.#stopping
  }

  get paused(): boolean {
    return this.#dependencies.isPaused()
  }

  /** Messages waiting or on their way, of one device or of all. */
  depth(deviceId?: string): number {
    if (deviceId !== undefined) return this.#senders.get(deviceId)?.depth ?? 0
    let depth = 0
    for (const sender of this.#senders.values()) depth += sender.depth
    return depth
  }

  /** Of those of one API key, or of the window, for one device. */
  depthOfKey(deviceId: string, keyId: string | null): number {
    return this.#senders.get(deviceId)?.depthOfKey(keyId) ?? 0
  }

  live(number: number): PendingRequest | undefined {
    return this.#live.get(number)
  }

  /** The message of that row, should it be on its way: it knows more than the row. */
  jobOf(message: Pick<Message, 'requestId' | 'sequence'>): Job | undefined {
    return this.#live
      .get(Number(message.requestId))
      ?.jobs.find((job) => job.message.sequence === message.sequence)
  }

  /**
   * Takes a request on. Its messages leave once they are on the disk; where there is nothing to prepare first,
   * they are encrypted meanwhile. They are in line at once, before what comes after them.
   */
  take(request: PendingRequest): void {
    const { waiting } = this.#dependencies
    this.#live.set(request.number, request)
    waiting.note(request)
    request.onResized = () => waiting.note(request)
    const sender = this.#sender(request.deviceId)
    request.accepted.then(
      () => {
        request.written = true
        if (!request.prepared) sender.wake()
      },
      () => {
        request.cancelled = true
        this.#forget(request)
        sender.cancel(request.jobs)
      },
    )
    sender.add(request.jobs.filter(isOpen))
  }

  /** Takes on what the last run left undecided. */
  recover(): void {
    const undecided = this.#dependencies.rows.undecided()
    const jids = new Map(undecided.map(({ sequence, jid }) => [sequence, jid]))
    for (const number of new Set(undecided.map(({ request }) => request))) {
      const request = this.#recovered(number, jids)
      if (request !== null) this.take(request)
    }
    // Of a device that was removed just before the program was killed.
    this.recheck()
    if (undecided.length > 0)
      this.#dependencies.log.info({ messages: undecided.length }, 'undecided messages found')
  }

  decidedElsewhere(job: Job): void {
    this.#sender(job.request.deviceId).decidedElsewhere(job)
  }

  budgetOut(request: PendingRequest): void {
    this.#sender(request.deviceId).budgetOut(request)
  }

  deviceChanged(deviceId: string): void {
    this.#senders.get(deviceId)?.deviceChanged()
  }

  /** What was put off until a time is looked at anew. */
  recheck(): void {
    for (const sender of this.#senders.values()) sender.deviceChanged()
  }

  wake(): void {
    for (const sender of this.#senders.values()) sender.wake()
  }

  /** Hands nothing over any more, answers everybody who waits, and waits for what is in flight. */
  async stop(): Promise<void> {
    this.#stopping = true
    let timer: NodeJS.Timeout | undefined
    const timedOut = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs)
    })
    const senders = Array.from(this.#senders.values(), (sender) => sender.stop())
    await Promise.race([Promise.all(senders), timedOut])
    clearTimeout(timer)
    for (const request of this.#live.values()) request.release()
  }

  /** What is wholly decided is no longer on its way. */
  #recorded({ request }: Job): void {
    if (!request.decided) return
    this.#forget(request)
    if (request.pending !== null) void this.#dependencies.mediaPreparation.forget(request, request.pending)
  }

  #forget(request: PendingRequest): void {
    this.#live.delete(request.number)
    request.onResized = () => undefined
    this.#dependencies.waiting.remove(request)
  }

  #recovered(number: number, jids: ReadonlyMap<number, string | null>): PendingRequest | null {
    const { rows, requests, log } = this.#dependencies
    const kept = requests.get(number)
    if (kept === undefined) {
      log.error({ request: number }, 'found messages without a request')
      return null
    }
    const request = new PendingRequest({
      number,
      deviceId: kept.deviceId,
      keyId: kept.keyId,
      queue: kept.queue === 1,
      encoded: kept.encoded,
      pending: this.#pendingOf(number, kept.source),
    })
    // What can no longer be prepared is ended when its turn comes, with a reason.
    if (request.pending === null) request.prepared = true
    request.answered = true
    request.written = true
    for (const message of rows.ofRequest(number, kept.recipients)) {
      // That it was handed over may not have reached the disk: all of them may have left.
      jobOf(request, message, jids.get(message.sequence) ?? null).mayHaveLeft = true
    }
    return request
  }

  #pendingOf(number: number, source: string | null): PendingContent | null {
    if (source === null) return null
    try {
      return JSON.parse(source) as PendingContent
    } catch (error) {
      this.#dependencies.log.error(
        { request: number, reason: sentenceOf(error) },
        'could not read the source of a request',
      )
      return null
    }
  }

  #sender(deviceId: string): MessageSender {
    const kept = this.#senders.get(deviceId)
    if (kept !== undefined) return kept
    const { requests, ...dependencies } = this.#dependencies
    const sender = new MessageSender(deviceId, {
      ...dependencies,
      encodedOf: (number) => requests.encodedOf(number),
    })
    this.#senders.set(deviceId, sender)
    return sender
  }
}

function isOpen(job: Job): boolean {
  return !isDecided(job.message.state)
}
