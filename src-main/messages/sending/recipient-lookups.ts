import { Failure, sentenceOf } from '../../lib/failure.ts'
import type { Lookup } from '../../devices/connection/sending/outgoing.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { DeviceGateway } from './device-gateway.ts'
import { retryDelay } from '../queue/pick-next-job.ts'
import type { FairQueue } from '../queue/fair-queue.ts'
import type { Job } from '../submit/pending-request.ts'
import { isJid } from '../submit/call-recipients.ts'
import type { FailureInfo } from '../log/failure-messages.ts'
import { lookupFailed, notOnWhatsApp } from '../log/failure-messages.ts'

/** Messages ahead of their turn whose numbers are asked for together; more at once gets numbers banned. */
const ahead = 20
/** When fewer than that many are known, the next are asked for. */
const low = 10
const maxTries = 3

interface Owner {
  found: () => void
  /** Ends a message that will not be sent. */
  end: (job: Job, reason: FailureInfo) => void
  wakeAt: (at: number) => void
}

/** Asks WhatsApp where a device's next recipients are to be reached, a little ahead of their turn. */
export class Lookups {
  readonly #deviceId: string
  readonly #dependencies: { gateway: DeviceGateway; log: Logger; now: () => number }
  readonly #owner: Owner
  #asking = false

  constructor(
    deviceId: string,
    dependencies: { gateway: DeviceGateway; log: Logger; now: () => number },
    owner: Owner,
  ) {
    this.#deviceId = deviceId
    this.#dependencies = dependencies
    this.#owner = owner
  }

  /** Asks for the next ones, unless enough are known or the answer to others is still awaited. */
  run(queue: FairQueue): void {
    if (this.#asking) return
    const batch = this.#nextOf(queue)
    if (batch.length > 0) void this.#ask(batch, queue)
  }

  /** Those whose file is still being fetched are asked for too, but hold up nobody behind them. */
  #nextOf(queue: FairQueue): Job[] {
    const now = this.#dependencies.now()
    const batch: Job[] = []
    let known = 0
    for (const job of queue.inOrder()) {
      if (job.inFlight || job.retryAt > now) continue
      if (job.jid === null && isJid(job.message.recipient)) job.jid = job.message.recipient
      if (job.jid === null) batch.push(job)
      else if (job.request.prepared && ++known >= low) break
      if (known + batch.length >= ahead) break
    }
    return batch
  }

  async #ask(batch: Job[], queue: FairQueue): Promise<void> {
    this.#asking = true
    // One that ended in the meantime, because its file was refused say, is nobody's business any more.
    const open = (): Job[] => batch.filter((job) => queue.has(job))
    try {
      const numbers = [...new Set(batch.map((job) => job.message.recipient))]
      const answers = await this.#dependencies.gateway.lookUp(this.#deviceId, numbers)
      for (const job of open()) this.#learn(job, answers.get(job.message.recipient))
    } catch (error) {
      this.#failed(open(), error)
    } finally {
      this.#asking = false
    }
    this.#owner.found()
  }

  #learn(job: Job, answer: Lookup | undefined): void {
    if (answer === undefined) this.#tryLater(job)
    else if (answer.exists) job.jid = answer.jid
    else this.#owner.end(job, notOnWhatsApp(job.message.recipient))
  }

  #failed(batch: Job[], error: unknown): void {
    this.#dependencies.log.debug(
      { device: this.#deviceId, reason: sentenceOf(error) },
      'a number lookup failed',
    )
    const away = error instanceof Failure && error.code === 'device_disconnected'
    for (const job of batch) {
      // A device that is away is heard of when it is back; until then a moment must pass.
      if (away) job.retryAt = this.#dependencies.now() + 1_000
      else this.#tryLater(job)
    }
    if (away) this.#owner.wakeAt(this.#dependencies.now() + 1_000)
  }

  #tryLater(job: Job): void {
    job.lookUps++
    if (job.lookUps >= maxTries && !job.mayHaveLeft) {
      this.#owner.end(job, lookupFailed)
      return
    }
    job.retryAt = this.#dependencies.now() + retryDelay(job.lookUps, 1_000)
    this.#owner.wakeAt(job.retryAt)
  }
}
