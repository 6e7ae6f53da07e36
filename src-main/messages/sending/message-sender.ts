import type { Device } from '../../devices/device.ts'
import type { SendOutcome } from '../../devices/connection/sending/outgoing.ts'
import { Failure } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { WakeTimer } from '../queue/wake-timer.ts'
import type { DeviceGateway } from './device-gateway.ts'
import { pickNextJob, retryDelay } from '../queue/pick-next-job.ts'
import { sendDecision } from './send-decision.ts'
import type { Contacts } from '../store/known-contacts.ts'
import { FairQueue } from '../queue/fair-queue.ts'
import type { MessageStore } from '../store/message-store.ts'
import { InFlightSends } from './in-flight-sends.ts'
import type { Job, PendingRequest } from '../submit/pending-request.ts'
import { Lookups } from './recipient-lookups.ts'
import { isDecided } from '../message-state.ts'
import { sendBlockFor } from '../queue/send-blocks.ts'
import type { RateLimiter } from '../queue/rate-limiter.ts'
import { PreparationSlots } from './preparation-slots.ts'
import type { MediaPreparation } from './media-preparation.ts'
import type { FailureInfo } from '../log/failure-messages.ts'
import * as failures from '../log/failure-messages.ts'
import { availabilityOf } from '../queue/availability.ts'
import type { Availability } from '../queue/availability.ts'

/** A message not acknowledged within 24 hours is given up. */
const lifetimeMs = 24 * 3_600_000
/** When it is looked again after the database could not be read: milliseconds. */
const checkAfterMs = 1_000
/** Messages looked at for a second hand-over beside a first. */
const shortLook = 50

export interface MessageSenderDependencies {
  gateway: DeviceGateway
  store: MessageStore
  contacts: Contacts
  rateLimiter: RateLimiter
  mediaPreparation: MediaPreparation
  encodedOf: (request: number) => Uint8Array | undefined
  isPaused: () => boolean
  log: Logger
  now: () => number
  /** By which time messages are too old; the same unless given. */
  expiryNow?: (() => number) | undefined
}

/**
 * Sends one device's messages, keys in turn. It never polls: it is woken by new rows, by what becomes of the
 * device, by outcomes, and by one timer for the next thing that time alone decides.
 */
export class MessageSender {
  readonly #deviceId: string
  readonly #dependencies: MessageSenderDependencies
  readonly #lookups: Lookups
  readonly #preparing: PreparationSlots
  readonly #alarm: WakeTimer
  readonly #jobs = new Map<number, Job>()
  /** The same, in the order of their turns. */
  readonly #queue = new FairQueue()
  /** Handed over without a known outcome: first in line. */
  readonly #unknown = new Set<Job>()
  readonly #inFlightSends: InFlightSends
  #restUntil = 0
  /** The time of the last look. */
  #checkedAt = 0
  #stopping = false
  #running = false

  constructor(deviceId: string, dependencies: MessageSenderDependencies) {
    this.#deviceId = deviceId
    this.#dependencies = dependencies
    this.#alarm = new WakeTimer(dependencies.now, () => this.wake())
    this.#inFlightSends = new InFlightSends(() => this.wake())
    this.#lookups = new Lookups(deviceId, dependencies, {
      found: () => this.wake(),
      end: (job, reason) => this.#end(job, reason),
      wakeAt: (at) => this.#alarm.set(at),
    })
    this.#preparing = new PreparationSlots(dependencies, {
      ready: () => this.wake(),
      refused: (request, reason) => this.#endAll(request, reason),
      wakeAt: (at) => this.#alarm.set(at),
    })
  }

  /** Messages waiting or on their way. */
  get depth(): number {
    return this.#jobs.size
  }

  depthOfKey(keyId: string | null): number {
    return this.#queue.depthOfKey(keyId)
  }

  /** Takes messages on that are on the disk. */
  add(jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.#jobs.set(job.message.sequence, job)
      this.#queue.add(job)
      if (job.message.state === 'sending') this.#unknown.add(job)
      this.#preparing.add(job.request)
    }
    this.wake()
  }

  /** Their rows could not be written: they were never accepted, and nothing of them has left. */
  cancel(jobs: readonly Job[]): void {
    for (const job of jobs) this.#remove(job)
    this.wake()
  }

  /** Looks whether something can be done. */
  wake(): void {
    if (this.#running || this.#stopping || this.#jobs.size === 0) return
    this.#running = true
    try {
      this.#handleClockChange()
      this.#expire()
      if (!this.#dependencies.isPaused() && this.#dependencies.store.sound) this.#advance()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#cannotLook(error)
    } finally {
      this.#running = false
    }
  }

  /** Something about the device is another now: what was put off is looked at anew. */
  deviceChanged(): void {
    this.#recheck()
    const availability = this.#availability()
    if (availability === 'removed' || availability === 'offline') this.#abandonDevice(availability)
    if (availability !== 'online') this.#reportWaitReason(this.#withProblem(failures.waitsForDevice))
    this.wake()
  }

  /** The caller's time is up: what has not left because the device is not there is refused. */
  budgetOut(request: PendingRequest): void {
    request.answered = true
    if (this.#availability() === 'online' || this.#dependencies.isPaused()) return
    for (const job of request.jobs) {
      if (mayBeRefused(job)) this.#end(job, this.#withProblem(failures.disconnected))
    }
  }

  /** A receipt has decided it before the acknowledgement came. */
  decidedElsewhere(job: Job): void {
    if (!job.inFlight) this.#remove(job)
  }

  /** Hands nothing over any more; resolves when what is in flight has ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#alarm.clear()
    await this.#inFlightSends.ended()
    this.#alarm.clear()
  }

  /** The database cannot be read, its drive pulled out say. Once it is known to be well again, everybody is woken. */
  #cannotLook({ message }: Failure): void {
    this.#dependencies.log.error({ device: this.#deviceId, reason: message }, 'could not read the queue')
    this.#alarm.set(this.#dependencies.now() + checkAfterMs)
  }

  #recheck(): void {
    this.#preparing.recheck()
    for (const job of this.#jobs.values()) job.retryAt = 0
  }

  /** What was put off would wait for as long as the clock was set back. */
  #handleClockChange(): void {
    const now = this.#dependencies.now()
    if (now < this.#checkedAt) {
      this.#restUntil = 0
      this.#recheck()
    }
    this.#checkedAt = now
  }

  #advance(): void {
    const availability = this.#availability()
    if (availability === 'online' || availability === 'reconnecting') this.#preparing.run()
    if (availability !== 'online') return
    this.#lookups.run(this.#queue)
    this.#alarm.set(this.#dispatchNext())
  }

  /** Hands over what can be; answers when time alone allows more. */
  #dispatchNext(): number {
    const now = this.#dependencies.now()
    if (this.#inFlightSends.full) return Infinity
    if (this.#restUntil > now) return this.#restUntil
    const readyAt = (job: Job): number => this.#readyAt(job, now)
    // The end of what is in flight wakes it again: until then a long line is not looked through to its end.
    const reach = this.#inFlightSends.idle ? Infinity : shortLook
    const unknown = pickNextJob(this.#unknown, now, reach, readyAt)
    const next = unknown.job === null ? this.#queue.next(now, reach, readyAt) : unknown
    if (next.job === null) return Math.min(next.wakeAt, unknown.wakeAt)
    this.#dispatch(next.job, now)
    return this.#dispatchNext()
  }

  #readyAt(job: Job, now: number): number {
    if (job.inFlight || isDecided(job.message.state)) return Infinity
    if (job.retryAt > now) return job.retryAt
    if (!job.request.prepared || job.jid === null) return Infinity
    // Another key's message to that chat is on its way.
    if (this.#inFlightSends.isTo(job.message.recipient)) return Infinity
    if (this.#inFlightSends.toNewContact && this.#dependencies.contacts.isNew(job.message)) return Infinity
    const device = this.#device()
    if (device === undefined) return Infinity
    const obstacle = sendBlockFor(job, device, { ...this.#dependencies, now })
    if (obstacle === null) return 0
    // It waits if its caller asked for that or was told that it waits, else it is refused.
    const waits = obstacle.kind === 'ceiling' || mayWait(job)
    if (waits) this.#putOff(job, obstacle.reason, obstacle.until)
    else this.#end(job, obstacle.reason)
    return obstacle.until
  }

  #putOff(job: Job, { code, reason }: FailureInfo, until: number): void {
    job.retryAt = until
    void this.#dependencies.store.waitFor(job, { code, reason })
  }

  #dispatch(job: Job, now: number): void {
    const { gateway, store, encodedOf } = this.#dependencies
    const message = job.request.encoded ?? encodedOf(job.request.number)
    if (message === undefined || job.jid === null) {
      this.#end(job, failures.notKept)
      return
    }
    const isNew = this.#dependencies.contacts.isNew(job.message)
    this.#rest(isNew, now)
    job.attempts++
    // Not waited for, see Ledger.
    if (job.message.state === 'queued') void store.move(job, 'sending')
    else if (job.attempts === 1) void store.note(job, 'sent again under its id after a restart')
    const sending = gateway.send(this.#deviceId, {
      messageId: job.message.id,
      jid: job.jid,
      message,
      ...(job.request.written ? {} : { written: () => store.written(job.request) }),
    })
    this.#inFlightSends.begin(job, isNew, sending, (outcome) => this.#finished(job, outcome))
  }

  #rest(isNew: boolean, now: number): void {
    const { rateLimiter } = this.#dependencies
    const device = this.#device()
    if (device === undefined || !rateLimiter.isOn(device)) return
    this.#restUntil = now + rateLimiter.leave(this.#deviceId, isNew, now)
  }

  async #finished(job: Job, outcome: SendOutcome): Promise<void> {
    const recorded = this.#record(job, outcome)
    this.wake()
    await recorded
  }

  async #record(job: Job, outcome: SendOutcome): Promise<void> {
    const { store, now } = this.#dependencies
    if (!this.#jobs.has(job.message.sequence)) return
    if (outcome.result === 'refused' && outcome.code === 'new_chat_quota_used' && mayWait(job)) {
      // It was not delivered, and goes out under the same id once the quota begins anew.
      const until = this.#device()?.newChatQuota?.until ?? null
      return this.#putOff(job, failures.newChatQuotaUsed(until), until ?? Infinity)
    }
    const consequence = sendDecision(outcome, job)
    if (consequence.step !== 'retry' || isDecided(job.message.state)) this.#remove(job)
    if (consequence.step === 'sent') {
      await store.move(job, 'sent', { at: consequence.at })
    } else if (consequence.step === 'failed') {
      const { failure, note } = consequence
      await store.move(job, 'failed', { failure, note })
    } else if (!isDecided(job.message.state)) {
      job.mayHaveLeft = consequence.mayHaveLeft
      if (outcome.result === 'refused') job.refusals++
      if (job.mayHaveLeft) this.#unknown.add(job)
      job.retryAt = now() + retryDelay(job.attempts, consequence.delay)
      await store.note(job, consequence.note)
    }
  }

  /** Ends a message that will not be sent. */
  #end(job: Job, { code, reason }: FailureInfo): void {
    const { store, rateLimiter, now } = this.#dependencies
    this.#remove(job)
    if (job.counted !== 'no') rateLimiter.count(job.request, job.counted === 'new', now(), -1)
    void store.move(job, 'failed', { failure: { code, reason } })
  }

  #endAll(request: PendingRequest, reason: FailureInfo): void {
    for (const job of request.jobs) if (!isDecided(job.message.state)) this.#end(job, reason)
    this.wake()
  }

  #expireWith(job: Job, failure: FailureInfo): void {
    this.#remove(job)
    void this.#dependencies.store.move(job, 'expired', { failure })
  }

  #remove(job: Job): void {
    this.#jobs.delete(job.message.sequence)
    this.#queue.remove(job)
    this.#unknown.delete(job)
  }

  /**
   * Rows that are too old end; they are in order, so the first that is not ends the look. One that the clock was set
   * back after says nothing of those behind it, and is as old as they are.
   */
  #expire(): void {
    // A clock that is far ahead of every proof of time ends nothing.
    const now = this.#dependencies.expiryNow?.() ?? this.#dependencies.now()
    const ahead: Job[] = []
    for (const job of this.#jobs.values()) {
      if (job.message.createdAt > now) {
        ahead.push(job)
        continue
      }
      const endsAt = job.message.createdAt + lifetimeMs
      if (endsAt > now) {
        this.#alarm.set(this.#dependencies.now() + endsAt - now)
        return
      }
      for (const old of [...ahead.splice(0), job]) {
        if (!old.inFlight) this.#expireWith(old, failures.expired)
      }
    }
  }

  /** What was accepted because the device would soon be back ends when it is clear that it will not. */
  #abandonDevice(availability: 'removed' | 'offline'): void {
    for (const job of Array.from(this.#jobs.values())) {
      if (availability === 'offline') {
        if (!job.request.answered && mayBeRefused(job))
          this.#end(job, this.#withProblem(failures.disconnected))
      } else if (!job.inFlight) {
        if (job.mayHaveLeft) this.#expireWith(job, failures.deviceRemovedUnknown)
        else this.#end(job, failures.deviceRemoved)
      }
    }
  }

  /** Callers with queue=1 that wait for an answer, or are about to, get one. */
  #reportWaitReason({ code, reason }: FailureInfo): void {
    for (const job of this.#jobs.values()) {
      const { queue, waitedFor, answered } = job.request
      if (queue && (waitedFor || !answered)) void this.#dependencies.store.waitFor(job, { code, reason })
    }
  }

  #device(): Device | undefined {
    return this.#dependencies.gateway.get(this.#deviceId)
  }

  #withProblem(reason: FailureInfo): FailureInfo {
    return failures.withNetworkProblem(reason, this.#device())
  }

  #availability(): Availability {
    return availabilityOf(this.#device(), this.#dependencies.now())
  }
}

/** Whether its caller asked to wait, or was told that it waits. */
function mayWait({ request }: Job): boolean {
  return request.queue || request.answered
}

/** Whether it certainly has not left, and its caller did not ask to wait. */
function mayBeRefused(job: Job): boolean {
  return !job.inFlight && !job.mayHaveLeft && !job.request.queue && !isDecided(job.message.state)
}
