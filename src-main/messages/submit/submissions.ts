import type { Database } from '../../storage/database/database.ts'
import type { Call, Result, Submission } from './call.ts'
import type { PendingRequest } from './pending-request.ts'
import { isDecided, isSent } from '../message-state.ts'
import type { Message } from '../message.ts'
import type { MessagesTable } from '../store/messages-table.ts'
import type { Outbox } from '../queue/outbox.ts'
import type { Recipient } from './call-recipients.ts'
import type { RequestsTable } from '../store/requests-table.ts'
import { notConfirmed } from '../log/failure-messages.ts'

/** What of the budget is kept for writing a refusal down, in milliseconds; of a small budget half. */
const lastMomentMs = 225

export interface SubmissionsDependencies {
  database: Database
  rows: MessagesTable
  requests: RequestsTable
  outbox: Outbox
  now: () => number
}

/** Makes the answers of calls out of what has become of their rows. */
export class Submissions {
  readonly #dependencies: SubmissionsDependencies
  #lastTold = 0
  readonly #released = Promise.withResolvers<void>()

  constructor(dependencies: SubmissionsDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * The answer of the call that the request came from.
   * @param endsAt when its caller's time is out, by performance.now()
   */
  async first(
    request: PendingRequest,
    call: Call,
    named: readonly Recipient[],
    endsAt: number,
  ): Promise<Submission> {
    await request.accepted
    const left = endsAt - performance.now()
    const answerable = await this.#answerable(request, Math.max(left - lastMomentMs, left / 2))
    if (!answerable) {
      this.#dependencies.outbox.budgetOut(request)
      // No longer than a refusal takes: where the program stops, most of the budget may be left.
      await request.whenAnswerable(Math.min(endsAt - performance.now(), lastMomentMs))
    }
    request.answered = true
    return this.#submission(request, call, named, false)
  }

  /** The answer of a call that repeats the request of that number. */
  async deduplicated(
    number: number,
    call: Call,
    named: readonly Recipient[],
    endsAt: number,
  ): Promise<Submission> {
    const live = this.#dependencies.outbox.live(number)
    if (live === undefined) return this.#submission(number, call, named, true)
    if (call.queue) live.queue = true
    await live.accepted
    await this.#answerable(live, endsAt - performance.now())
    return this.#submission(live, call, named, true)
  }

  /** Every caller that waits is answered now, with what is known: the program stops. */
  release(): void {
    this.#released.resolve()
  }

  #answerable(request: PendingRequest, withinMs: number): Promise<boolean> {
    const released = this.#released.promise.then(() => request.answerable)
    return Promise.race([request.whenAnswerable(withinMs), released])
  }

  #submission(
    from: PendingRequest | number,
    call: Call,
    named: readonly Recipient[],
    deduplicated: boolean,
  ): Submission {
    const { database, requests, now } = this.#dependencies
    const number = typeof from === 'number' ? from : from.number
    const messages = typeof from === 'number' ? this.#kept(from) : from.jobs.map((job) => job.recorded)
    const results = resultsOf(messages, named, call.queue)
    const decided = messages.every(({ state }) => isDecided(state))
    let toldAt: number | null = null
    return {
      requestId: String(number),
      results,
      deduplicated,
      notes: typeof from === 'number' ? [] : from.notes,
      markAnswered: async () => {
        if (!decided) return
        const at = this.#newTime(now())
        toldAt = at
        await database.writeDeferred(() => requests.markAnswered(number, at))
      },
      clearAnswered: async () => {
        if (toldAt === null) return
        const at = toldAt
        await database.writeDeferred(() => requests.clearAnswered(number, at))
      },
    }
  }

  /** Tells those apart who are told in the same millisecond. */
  #newTime(now: number): number {
    this.#lastTold = Math.max(now, this.#lastTold + 1)
    return this.#lastTold
  }

  #kept(number: number): Message[] {
    const request = this.#dependencies.requests.get(number)
    return request === undefined ? [] : this.#dependencies.rows.ofRequest(number, request.recipients)
  }
}

function resultsOf(messages: readonly Message[], named: readonly Recipient[], queue: boolean): Result[] {
  const byRecipient = new Map(messages.map((message) => [message.recipient, message]))
  return named.map((one) => {
    if ('problem' in one) {
      const failure = { code: one.problem, reason: one.reason }
      return { recipient: one.given, message: null, failure }
    }
    const message = byRecipient.get(one.recipient) ?? null
    const written = one.given === one.recipient ? {} : { written: one.given }
    return { recipient: one.recipient, ...written, message, failure: failureIn(message, queue) }
  })
}

function failureIn(message: Message | null, queue: boolean): Result['failure'] {
  if (message === null) return { code: 'message_not_found', reason: 'The message is no longer in the log.' }
  if (isSent(message.state)) return null
  if (isDecided(message.state)) return message.failure
  return queue ? null : notConfirmed
}
