import type { Device } from '../devices/device.ts'
import type { SendOutcome } from '../devices/sending.ts'
import { assertNever } from '../failure.ts'
import type { Logger } from '../logger.ts'
import type { Carrier } from './carrier.ts'
import { chooseNext, retryDelay } from './choice.ts'
import type { Contacts } from './contacts.ts'
import type { Ledger } from './ledger.ts'
import type { Job, LiveRequest } from './live-request.ts'
import { Lookups } from './lookups.ts'
import { isDecided } from './message-state.ts'
import type { Pacer } from './pacer.ts'
import type { Preparations } from './preparations.ts'
import type { Reason } from './sentences.ts'
import * as sentences from './sentences.ts'
import { standingOf } from './standing.ts'
import type { Standing } from './standing.ts'

/** A message not acknowledged within 24 hours is given up. */
export const lifetime = 24 * 3_600_000
/** So long a hand-over holds up messages to other recipients, in milliseconds; one to its own always waits. */
const patience = 2_000
/** Hand-overs that may be unanswered beyond that at a time. */
const mostUnanswered = 8

export interface SenderParts {
  carrier: Carrier
  ledger: Ledger
  contacts: Contacts
  pacer: Pacer
  preparations: Preparations
  encodedOf: (request: number) => Uint8Array | undefined
  isPaused: () => boolean
  log: Logger
  now: () => number
}

/**
 * Sends one device's messages, in order. It never polls: it is woken by new rows, by what becomes of the
 * device, by outcomes, and by one timer for the next thing that time alone decides.
 */
export class Sender {
  readonly #deviceId: string
  readonly #parts: SenderParts
  readonly #lookups: Lookups
  readonly #jobs = new Map<number, Job>()
  /** Handed over without a known outcome: first in line. */
  readonly #unknown = new Set<Job>()
  /** Requests that are not in WhatsApp's form yet. */
  readonly #unprepared = new Set<LiveRequest>()
  readonly #inFlight = new Map<Job, Promise<void>>()
  /** The hand-over that everybody waits for. */
  #gate: Job | null = null
  #restUntil = 0
  #timer: NodeJS.Timeout | null = null
  #timerAt = Infinity
  #stopping = false
  #running = false

  constructor(deviceId: string, parts: SenderParts) {
    this.#deviceId = deviceId
    this.#parts = parts
    this.#lookups = new Lookups(deviceId, parts, {
      found: () => this.wake(),
      end: (job, reason) => this.#end(job, reason),
      wakeAt: (at) => this.#wakeAt(at),
    })
  }

  /** Messages waiting or on their way. */
  get depth(): number {
    return this.#jobs.size
  }

  /** Takes messages on that are on the disk. */
  add(jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.#jobs.set(job.message.sequence, job)
      if (job.message.state === 'sending') this.#unknown.add(job)
      if (!job.request.prepared) this.#unprepared.add(job.request)
    }
    this.wake()
  }

  /** Looks whether something can be done. */
  wake(): void {
    if (this.#running || this.#jobs.size === 0) return
    this.#running = true
    try {
      this.#expire()
      if (!this.#stopping && !this.#parts.isPaused() && this.#parts.ledger.sound) this.#advance()
    } finally {
      this.#running = false
    }
  }

  /** Something about the device is another now: what was put off because of it is looked at anew. */
  deviceChanged(): void {
    for (const request of this.#unprepared) request.prepareAt = 0
    for (const job of this.#jobs.values()) job.retryAt = 0
    this.#giveUpOnDevice()
    if (this.#standing() !== 'connected') this.#sayWhyItWaits(sentences.waitsForDevice)
    this.wake()
  }

  /** The caller's time is up: what has not left because the device is not there is refused. */
  budgetOut(request: LiveRequest): void {
    request.answered = true
    if (this.#standing() === 'connected' || this.#parts.isPaused()) return
    for (const job of request.jobs) {
      if (this.#mayBeRefused(job)) this.#end(job, sentences.disconnected)
    }
  }

  /** A receipt has decided it before the acknowledgement came. */
  decidedElsewhere(job: Job): void {
    if (!job.inFlight) this.#remove(job)
  }

  /** Hands nothing over any more; resolves when what is in flight has ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#clearTimer()
    await Promise.all(this.#inFlight.values())
    this.#clearTimer()
  }

  #advance(): void {
    const standing = this.#standing()
    if (standing === 'connected' || standing === 'soon') this.#prepare()
    if (standing !== 'connected') {
      this.#wakeAt(this.#oldestExpiry())
      return
    }
    this.#lookups.run(this.#jobs)
    this.#wakeAt(Math.min(this.#handOverWhatCanBe(), this.#oldestExpiry()))
  }

  /** Begins to prepare the next requests, a few at a time. */
  #prepare(): void {
    const { preparations } = this.#parts
    const now = this.#parts.now()
    for (const request of this.#unprepared) {
      if (!preparations.hasRoom(this.#deviceId)) return
      if (request.prepareAt > now) {
        this.#wakeAt(request.prepareAt)
        continue
      }
      preparations.begin(request, {
        ready: () => {
          this.#unprepared.delete(request)
          this.wake()
        },
        refused: (reason) => {
          this.#unprepared.delete(request)
          for (const job of request.jobs) if (!isDecided(job.message.state)) this.#end(job, reason)
          this.wake()
        },
        later: (at) => {
          request.prepareAt = at ?? this.#parts.now() + 1_000
          this.wake()
        },
      })
    }
  }

  /** Hands over until the gate is shut; answers when time alone opens it again. */
  #handOverWhatCanBe(): number {
    const now = this.#parts.now()
    if (this.#gate !== null || this.#inFlight.size > mostUnanswered) return Infinity
    if (this.#restUntil > now) return this.#restUntil
    const readyAt = (job: Job): number => this.#readyAt(job, now)
    const unknown = chooseNext(this.#unknown, now, readyAt)
    const next = unknown.job === null ? chooseNext(this.#jobs.values(), now, readyAt) : unknown
    if (next.job === null) return Math.min(next.wakeAt, unknown.wakeAt)
    this.#handOver(next.job, now)
    return Infinity
  }

  #readyAt(job: Job, now: number): number {
    if (job.inFlight || isDecided(job.message.state)) return Infinity
    if (job.retryAt > now) return job.retryAt
    if (!job.request.prepared || job.jid === null) return Infinity
    return this.#obstacle(job, now)
  }

  /** What WhatsApp or the pace has against it: 0, or when to look again. */
  #obstacle(job: Job, now: number): number {
    const device = this.#device()
    if (device === undefined) return Infinity
    if (
      device.timeLock !== null &&
      job.message.state === 'queued' &&
      this.#parts.contacts.isNew(job.message)
    ) {
      return this.#hold(job, sentences.timeLocked(device.timeLock.until), device.timeLock.until)
    }
    if (job.counted !== 'no' || !this.#parts.pacer.isOn(device)) return 0
    const isNew = this.#parts.contacts.isNew(job.message)
    const ceiling = this.#parts.pacer.ceiling(device, isNew, now)
    if (ceiling.reached !== null) {
      return this.#putOff(job, sentences.ceilingReached(ceiling), ceiling.until)
    }
    this.#parts.pacer.count(this.#deviceId, isNew, now)
    job.counted = isNew ? 'new' : 'known'
    return 0
  }

  /** It waits if its caller asked for that or was told that it waits, else it is refused. */
  #hold(job: Job, reason: Reason, until: number | null): number {
    if (job.request.queue || job.request.answered) return this.#putOff(job, reason, until ?? Infinity)
    this.#end(job, reason)
    return Infinity
  }

  #putOff(job: Job, { code, reason }: Reason, until: number): number {
    job.retryAt = until
    this.#lookups.forget(job)
    void this.#parts.ledger.waitFor(job, { code, reason })
    return until
  }

  #handOver(job: Job, now: number): void {
    const { carrier, ledger, contacts, pacer, encodedOf } = this.#parts
    const message = job.request.encoded ?? encodedOf(job.request.number)
    if (message === undefined || job.jid === null) {
      this.#end(job, { code: 'text_not_kept', reason: 'What was to be sent is not kept any more.' })
      return
    }
    const device = this.#device()
    if (device !== undefined && pacer.isOn(device)) {
      this.#restUntil = now + pacer.leave(this.#deviceId, contacts.isNew(job.message), now)
    }
    job.inFlight = true
    this.#lookups.forget(job)
    job.attempts++
    this.#gate = job
    // Not waited for: after a crash every undecided row counts as one that may have left.
    if (job.message.state === 'queued') void ledger.move(job, 'sending')
    const sending = carrier.send(this.#deviceId, { messageId: job.message.id, jid: job.jid, message })
    const impatient = setTimeout(() => this.#openGate(job), patience)
    const done = sending.then((outcome) => {
      clearTimeout(impatient)
      return this.#finished(job, outcome)
    })
    this.#inFlight.set(job, done)
  }

  #openGate(job: Job): void {
    if (this.#gate !== job) return
    this.#gate = null
    this.wake()
  }

  async #finished(job: Job, outcome: SendOutcome): Promise<void> {
    job.inFlight = false
    this.#inFlight.delete(job)
    if (this.#gate === job) this.#gate = null
    const recorded = this.#record(job, outcome)
    this.wake()
    await recorded
  }

  #record(job: Job, outcome: SendOutcome): Promise<void> {
    const { ledger } = this.#parts
    switch (outcome.result) {
      case 'acknowledged':
        this.#remove(job)
        return ledger.move(job, 'sent', { at: outcome.at })
      case 'refused':
        this.#remove(job)
        return ledger.move(job, 'failed', {
          failure: { code: outcome.code, reason: outcome.reason },
          ...(outcome.whatsappCode === null
            ? {}
            : { note: `${outcome.reason} (WhatsApp ${outcome.whatsappCode})` }),
        })
      case 'unknown':
        job.mayHaveLeft = true
        return this.#tryAgain(
          job,
          15_000,
          `not acknowledged: ${outcome.reason}; to be sent again under its id`,
        )
      case 'not_sent':
        return this.#tryAgain(job, 1_000, `did not leave: ${outcome.reason}; to be tried again`)
      default:
        return assertNever(outcome)
    }
  }

  async #tryAgain(job: Job, first: number, note: string): Promise<void> {
    if (isDecided(job.message.state)) {
      this.#remove(job)
      return
    }
    job.retryAt = this.#parts.now() + retryDelay(job.attempts, first)
    if (job.mayHaveLeft) this.#unknown.add(job)
    await this.#parts.ledger.note(job, note)
  }

  /** Ends a message that has not left. */
  #end(job: Job, { code, reason }: Reason): void {
    this.#remove(job)
    if (job.counted !== 'no') {
      this.#parts.pacer.count(this.#deviceId, job.counted === 'new', this.#parts.now(), -1)
    }
    void this.#parts.ledger.move(job, 'failed', { failure: { code, reason } })
  }

  #remove(job: Job): void {
    this.#jobs.delete(job.message.sequence)
    this.#unknown.delete(job)
    this.#lookups.forget(job)
  }

  /** Rows that are too old end; they are in order, so the first that is not ends the look. */
  #expire(): void {
    const before = this.#parts.now() - lifetime
    for (const job of this.#jobs.values()) {
      if (job.message.createdAt > before) return
      if (job.inFlight) continue
      this.#remove(job)
      void this.#parts.ledger.move(job, 'expired', { failure: sentences.expired })
    }
  }

  #oldestExpiry(): number {
    const [oldest] = this.#jobs.values()
    return oldest === undefined ? Infinity : oldest.message.createdAt + lifetime
  }

  /** What was accepted because the device would soon be back ends when it is clear that it will not. */
  #giveUpOnDevice(): void {
    const standing = this.#standing()
    if (standing === 'connected' || standing === 'soon') return
    for (const job of Array.from(this.#jobs.values())) {
      if (standing === 'gone') this.#endForGood(job)
      else if (!job.request.answered && this.#mayBeRefused(job)) this.#end(job, sentences.disconnected)
    }
  }

  #endForGood(job: Job): void {
    if (job.inFlight) return
    if (!job.mayHaveLeft) {
      this.#end(job, sentences.deviceRemoved)
      return
    }
    this.#remove(job)
    void this.#parts.ledger.move(job, 'expired', { failure: sentences.deviceRemovedUnknown })
  }

  /** Whether it certainly has not left, and its caller did not ask to wait. */
  #mayBeRefused(job: Job): boolean {
    return !job.inFlight && !job.mayHaveLeft && !job.request.queue && !isDecided(job.message.state)
  }

  /** Callers with queue=1 that wait for an answer get one. */
  #sayWhyItWaits({ code, reason }: Reason): void {
    for (const job of this.#jobs.values()) {
      if (job.request.queue && job.request.waitedFor) void this.#parts.ledger.waitFor(job, { code, reason })
    }
  }

  #device(): Device | undefined {
    return this.#parts.carrier.get(this.#deviceId)
  }

  #standing(): Standing {
    return standingOf(this.#device(), this.#parts.now())
  }

  #wakeAt(at: number): void {
    if (at === Infinity || this.#stopping || at >= this.#timerAt) return
    this.#clearTimer()
    this.#timerAt = at
    const delay = Math.min(Math.max(at - this.#parts.now(), 1), 2_000_000_000)
    this.#timer = setTimeout(() => {
      this.#clearTimer()
      this.wake()
    }, delay)
    this.#timer.unref()
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#timerAt = Infinity
  }
}
