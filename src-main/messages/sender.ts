import type { Device } from '../devices/device.ts'
import type { SendOutcome } from '../devices/connection/sending.ts'
import { Failure } from '../failure.ts'
import type { Logger } from '../logger.ts'
import { Alarm } from './alarm.ts'
import type { Carrier } from './carrier.ts'
import { chooseNext, retryDelay } from './choice.ts'
import { consequenceOf } from './consequence.ts'
import type { Contacts } from './contacts.ts'
import { FairQueue } from './fair-queue.ts'
import type { Ledger } from './ledger.ts'
import { HandOvers } from './hand-overs.ts'
import type { Job, LiveRequest } from './live-request.ts'
import { Lookups } from './lookups.ts'
import { isDecided } from './message-state.ts'
import { obstacleFor } from './obstacles.ts'
import type { Pacer } from './pacer.ts'
import { Preparing } from './preparing.ts'
import type { Preparations } from './preparations.ts'
import type { Reason } from './sentences.ts'
import * as sentences from './sentences.ts'
import { standingOf } from './standing.ts'
import type { Standing } from './standing.ts'

/** A message not acknowledged within 24 hours is given up. */
const lifetime = 24 * 3_600_000
/** When it is looked again after the database could not be read: milliseconds. */
const lookAfter = 1_000
/** Messages looked at for a second hand-over beside a first. */
const shortLook = 50

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
  /** By which time messages are too old; the same unless given. */
  expiryNow?: (() => number) | undefined
}

/**
 * Sends one device's messages, keys in turn. It never polls: it is woken by new rows, by what becomes of the
 * device, by outcomes, and by one timer for the next thing that time alone decides.
 */
export class Sender {
  readonly #deviceId: string
  readonly #parts: SenderParts
  readonly #lookups: Lookups
  readonly #preparing: Preparing
  readonly #alarm: Alarm
  readonly #jobs = new Map<number, Job>()
  /** The same, in the order of their turns. */
  readonly #queue = new FairQueue()
  /** Handed over without a known outcome: first in line. */
  readonly #unknown = new Set<Job>()
  readonly #handOvers: HandOvers
  #restUntil = 0
  /** The time of the last look. */
  #lookedAt = 0
  #stopping = false
  #running = false

  constructor(deviceId: string, parts: SenderParts) {
    this.#deviceId = deviceId
    this.#parts = parts
    this.#alarm = new Alarm(parts.now, () => this.wake())
    this.#handOvers = new HandOvers(() => this.wake())
    this.#lookups = new Lookups(deviceId, parts, {
      found: () => this.wake(),
      end: (job, reason) => this.#end(job, reason),
      wakeAt: (at) => this.#alarm.set(at),
    })
    this.#preparing = new Preparing(parts, {
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
  disown(jobs: readonly Job[]): void {
    for (const job of jobs) this.#remove(job)
    this.wake()
  }

  /** Looks whether something can be done. */
  wake(): void {
    if (this.#running || this.#stopping || this.#jobs.size === 0) return
    this.#running = true
    try {
      this.#heedClock()
      this.#expire()
      if (!this.#parts.isPaused() && this.#parts.ledger.sound) this.#advance()
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      this.#cannotLook(thrown)
    } finally {
      this.#running = false
    }
  }

  /** Something about the device is another now: what was put off is looked at anew. */
  deviceChanged(): void {
    this.#lookAgain()
    const standing = this.#standing()
    if (standing === 'gone' || standing === 'away') this.#giveUpOnDevice(standing)
    if (standing !== 'connected') this.#sayWhyItWaits(this.#withTrouble(sentences.waitsForDevice))
    this.wake()
  }

  /** The caller's time is up: what has not left because the device is not there is refused. */
  budgetOut(request: LiveRequest): void {
    request.answered = true
    if (this.#standing() === 'connected' || this.#parts.isPaused()) return
    for (const job of request.jobs) {
      if (mayBeRefused(job)) this.#end(job, this.#withTrouble(sentences.disconnected))
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
    await this.#handOvers.ended()
    this.#alarm.clear()
  }

  /** The database cannot be read, its drive pulled out say. Once it is known to be well again, everybody is woken. */
  #cannotLook({ message }: Failure): void {
    this.#parts.log.error({ device: this.#deviceId, reason: message }, 'what waits could not be looked at')
    this.#alarm.set(this.#parts.now() + lookAfter)
  }

  #lookAgain(): void {
    this.#preparing.lookAgain()
    for (const job of this.#jobs.values()) job.retryAt = 0
  }

  /** What was put off would wait for as long as the clock was set back. */
  #heedClock(): void {
    const now = this.#parts.now()
    if (now < this.#lookedAt) {
      this.#restUntil = 0
      this.#lookAgain()
    }
    this.#lookedAt = now
  }

  #advance(): void {
    const standing = this.#standing()
    if (standing === 'connected' || standing === 'soon') this.#preparing.run()
    if (standing !== 'connected') return
    this.#lookups.run(this.#queue)
    this.#alarm.set(this.#handOverNext())
  }

  /** Hands over what can be; answers when time alone allows more. */
  #handOverNext(): number {
    const now = this.#parts.now()
    if (this.#handOvers.full) return Infinity
    if (this.#restUntil > now) return this.#restUntil
    const readyAt = (job: Job): number => this.#readyAt(job, now)
    // The end of what is in flight wakes it again: until then a long line is not looked through to its end.
    const reach = this.#handOvers.idle ? Infinity : shortLook
    const unknown = chooseNext(this.#unknown, now, reach, readyAt)
    const next = unknown.job === null ? this.#queue.next(now, reach, readyAt) : unknown
    if (next.job === null) return Math.min(next.wakeAt, unknown.wakeAt)
    this.#handOver(next.job, now)
    return this.#handOverNext()
  }

  #readyAt(job: Job, now: number): number {
    if (job.inFlight || isDecided(job.message.state)) return Infinity
    if (job.retryAt > now) return job.retryAt
    if (!job.request.prepared || job.jid === null) return Infinity
    // Another key's message to that chat is on its way.
    if (this.#handOvers.isTo(job.message.recipient)) return Infinity
    if (this.#handOvers.toNewContact && this.#parts.contacts.isNew(job.message)) return Infinity
    const device = this.#device()
    if (device === undefined) return Infinity
    const obstacle = obstacleFor(job, device, { ...this.#parts, now })
    if (obstacle === null) return 0
    // It waits if its caller asked for that or was told that it waits, else it is refused.
    const waits = obstacle.kind === 'ceiling' || mayWait(job)
    if (waits) this.#putOff(job, obstacle.reason, obstacle.until)
    else this.#end(job, obstacle.reason)
    return obstacle.until
  }

  #putOff(job: Job, { code, reason }: Reason, until: number): void {
    job.retryAt = until
    void this.#parts.ledger.waitFor(job, { code, reason })
  }

  #handOver(job: Job, now: number): void {
    const { carrier, ledger, encodedOf } = this.#parts
    const message = job.request.encoded ?? encodedOf(job.request.number)
    if (message === undefined || job.jid === null) {
      this.#end(job, sentences.notKept)
      return
    }
    const isNew = this.#parts.contacts.isNew(job.message)
    this.#rest(isNew, now)
    job.attempts++
    // Not waited for, see Ledger.
    if (job.message.state === 'queued') void ledger.move(job, 'sending')
    else if (job.attempts === 1) void ledger.note(job, 'sent again under its id after a restart')
    const sending = carrier.send(this.#deviceId, {
      messageId: job.message.id,
      jid: job.jid,
      message,
      ...(job.request.written ? {} : { written: () => ledger.written(job.request) }),
    })
    this.#handOvers.begin(job, isNew, sending, (outcome) => this.#finished(job, outcome))
  }

  #rest(isNew: boolean, now: number): void {
    const { pacer } = this.#parts
    const device = this.#device()
    if (device === undefined || !pacer.isOn(device)) return
    this.#restUntil = now + pacer.leave(this.#deviceId, isNew, now)
  }

  async #finished(job: Job, outcome: SendOutcome): Promise<void> {
    const recorded = this.#record(job, outcome)
    this.wake()
    await recorded
  }

  async #record(job: Job, outcome: SendOutcome): Promise<void> {
    const { ledger, now } = this.#parts
    if (!this.#jobs.has(job.message.sequence)) return
    if (outcome.result === 'refused' && outcome.code === 'new_chat_quota_used' && mayWait(job)) {
      // It was not delivered, and goes out under the same id once the quota begins anew.
      const until = this.#device()?.newChatQuota?.until ?? null
      return this.#putOff(job, sentences.newChatQuotaUsed(until), until ?? Infinity)
    }
    const consequence = consequenceOf(outcome, job)
    if (consequence.step !== 'again' || isDecided(job.message.state)) this.#remove(job)
    if (consequence.step === 'sent') {
      await ledger.move(job, 'sent', { at: consequence.at })
    } else if (consequence.step === 'failed') {
      const { failure, note } = consequence
      await ledger.move(job, 'failed', { failure, note })
    } else if (!isDecided(job.message.state)) {
      job.mayHaveLeft = consequence.mayHaveLeft
      if (outcome.result === 'refused') job.refusals++
      if (job.mayHaveLeft) this.#unknown.add(job)
      job.retryAt = now() + retryDelay(job.attempts, consequence.delay)
      await ledger.note(job, consequence.note)
    }
  }

  /** Ends a message that will not be sent. */
  #end(job: Job, { code, reason }: Reason): void {
    const { ledger, pacer, now } = this.#parts
    this.#remove(job)
    if (job.counted !== 'no') pacer.count(job.request, job.counted === 'new', now(), -1)
    void ledger.move(job, 'failed', { failure: { code, reason } })
  }

  #endAll(request: LiveRequest, reason: Reason): void {
    for (const job of request.jobs) if (!isDecided(job.message.state)) this.#end(job, reason)
    this.wake()
  }

  #expireWith(job: Job, failure: Reason): void {
    this.#remove(job)
    void this.#parts.ledger.move(job, 'expired', { failure })
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
    const now = this.#parts.expiryNow?.() ?? this.#parts.now()
    const ahead: Job[] = []
    for (const job of this.#jobs.values()) {
      if (job.message.createdAt > now) {
        ahead.push(job)
        continue
      }
      const endsAt = job.message.createdAt + lifetime
      if (endsAt > now) {
        this.#alarm.set(this.#parts.now() + endsAt - now)
        return
      }
      for (const old of [...ahead.splice(0), job]) {
        if (!old.inFlight) this.#expireWith(old, sentences.expired)
      }
    }
  }

  /** What was accepted because the device would soon be back ends when it is clear that it will not. */
  #giveUpOnDevice(standing: 'gone' | 'away'): void {
    for (const job of Array.from(this.#jobs.values())) {
      if (standing === 'away') {
        if (!job.request.answered && mayBeRefused(job))
          this.#end(job, this.#withTrouble(sentences.disconnected))
      } else if (!job.inFlight) {
        if (job.mayHaveLeft) this.#expireWith(job, sentences.deviceRemovedUnknown)
        else this.#end(job, sentences.deviceRemoved)
      }
    }
  }

  /** Callers with queue=1 that wait for an answer, or are about to, get one. */
  #sayWhyItWaits({ code, reason }: Reason): void {
    for (const job of this.#jobs.values()) {
      const { queue, waitedFor, answered } = job.request
      if (queue && (waitedFor || !answered)) void this.#parts.ledger.waitFor(job, { code, reason })
    }
  }

  #device(): Device | undefined {
    return this.#parts.carrier.get(this.#deviceId)
  }

  #withTrouble(reason: Reason): Reason {
    return sentences.withNetworkTrouble(reason, this.#device())
  }

  #standing(): Standing {
    return standingOf(this.#device(), this.#parts.now())
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
