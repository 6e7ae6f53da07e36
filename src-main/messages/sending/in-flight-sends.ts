import type { Job } from '../submit/pending-request.ts'

/**
 * Prompt hand-overs at a time, to different recipients: while one waits for its acknowledgement, the next is
 * encrypted. More would starve the event loop and gain nothing.
 */
const maxPromptSends = 2
/** So long a hand-over counts as prompt, in milliseconds; another to its recipient waits in any case. */
const timeoutMs = 2_000
/** Hand-overs that may be unanswered in all. */
const most = 9

/** One device's hand-overs that have no outcome yet. */
export class InFlightSends {
  readonly #running = new Map<Job, Promise<void>>()
  readonly #onSlow: () => void
  #toNewContact: Job | null = null

  /** @param onSlow called when one holds up the others no longer */
  constructor(onSlow: () => void) {
    this.#onSlow = onSlow
  }

  /** Whether there is no prompt one. */
  get idle(): boolean {
    return this.#prompt === 0
  }

  /** Whether there are as many as may be. */
  get full(): boolean {
    return this.#prompt >= maxPromptSends || this.#running.size >= most
  }

  /** Whether one is on its way to that chat. */
  isTo(recipient: string): boolean {
    for (const { message } of this.#running.keys()) if (message.recipient === recipient) return true
    return false
  }

  /** Whether one is on its way to somebody new: WhatsApp may bar the account for it, so that the next of those waits. */
  get toNewContact(): boolean {
    return this.#toNewContact !== null
  }

  /** @param finish what is done with the outcome, by when the job is no longer among these */
  begin<Outcome>(
    job: Job,
    isNew: boolean,
    sending: Promise<Outcome>,
    finish: (outcome: Outcome) => Promise<void>,
  ): void {
    job.inFlight = true
    if (isNew && !job.slow) this.#toNewContact = job
    const impatient = setTimeout(() => this.#markSlow(job), timeoutMs)
    const done = sending.then((outcome) => {
      clearTimeout(impatient)
      this.#end(job)
      return finish(outcome)
    })
    this.#running.set(job, done)
  }

  /** Resolves when what runs now has been finished with. */
  async ended(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  get #prompt(): number {
    let prompt = 0
    for (const { slow } of this.#running.keys()) if (!slow) prompt++
    return prompt
  }

  #markSlow(job: Job): void {
    job.slow = true
    if (this.#toNewContact === job) this.#toNewContact = null
    this.#onSlow()
  }

  #end(job: Job): void {
    job.inFlight = false
    this.#running.delete(job)
    if (this.#toNewContact === job) this.#toNewContact = null
  }
}
