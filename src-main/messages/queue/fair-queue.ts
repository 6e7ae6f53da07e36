import { pickNextJob } from './pick-next-job.ts'
import type { NextJob } from './pick-next-job.ts'
import type { Job } from '../submit/pending-request.ts'

/** So many recipients of one call have the rank of single messages; those after them come behind. */
const maxForegroundRecipients = 10
/** So many foreground messages in a row before one of the background is chosen, so that none of it waits for ever. */
const maxForegroundInRow = 9

const foregroundFirst = ['foreground', 'background'] as const
const backgroundFirst = ['background', 'foreground'] as const

/**
 * One device's messages in the order of their turns. API keys take turns, and the window counts as one of them: what
 * one key sends in bulk never holds up another key. Within that, single messages and the first ten recipients of a
 * call come before its other recipients. Messages of one key to one chat keep their order.
 */
export class FairQueue {
  /** By key id. The first lane is the next to be served. */
  readonly #lanes = new Map<string, Lane>()
  #foregroundInRow = 0

  add(job: Job): void {
    const key = laneOf(job)
    const lane = this.#lanes.get(key) ?? new Lane()
    if (lane.size === 0) this.#lanes.set(key, lane)
    lane.add(job)
  }

  remove(job: Job): void {
    const key = laneOf(job)
    const lane = this.#lanes.get(key)
    if (lane === undefined) return
    lane.remove(job)
    if (lane.size === 0) this.#lanes.delete(key)
  }

  has(job: Job): boolean {
    return this.#lanes.get(laneOf(job))?.has(job) === true
  }

  depthOfKey(keyId: string | null): number {
    return this.#lanes.get(keyId ?? '')?.size ?? 0
  }

  /** The message whose turn it is of those that can be handed over; the next turn is another key's. */
  next(now: number, reach: number, readyAt: (job: Job) => number): NextJob {
    let wakeAt = Infinity
    for (const tier of this.#foregroundInRow < maxForegroundInRow ? foregroundFirst : backgroundFirst) {
      for (const [key, lane] of this.#lanes) {
        if (lane[tier].size === 0) continue
        const choice = pickNextJob(lane[tier].values(), now, reach, readyAt)
        wakeAt = Math.min(wakeAt, choice.wakeAt)
        if (choice.job === null) continue
        this.#foregroundInRow = tier === 'foreground' ? this.#foregroundInRow + 1 : 0
        this.#toEnd(key, lane)
        return choice
      }
    }
    return { job: null, wakeAt }
  }

  /** All messages, roughly in the order in which they will be chosen. */
  *inOrder(): Generator<Job, void> {
    const background = this.#inTurns('background')
    let inRow = 0
    for (const job of this.#inTurns('foreground')) {
      yield job
      if (++inRow < maxForegroundInRow) continue
      inRow = 0
      const { value } = background.next()
      if (value !== undefined) yield value
    }
    yield* background
  }

  *#inTurns(tier: 'foreground' | 'background'): Generator<Job, void> {
    let left = Array.from(this.#lanes.values(), (lane) => lane[tier].values())
    while (left.length > 0) {
      const open: typeof left = []
      for (const jobs of left) {
        const { value, done } = jobs.next()
        if (done === true) continue
        open.push(jobs)
        yield value
      }
      left = open
    }
  }

  #toEnd(key: string, lane: Lane): void {
    if (this.#lanes.size < 2) return
    this.#lanes.delete(key)
    this.#lanes.set(key, lane)
  }
}

/** One key's messages, by sequence. Those of one chat are all in one of the two, so that they keep their order. */
class Lane {
  readonly foreground = new Map<number, Job>()
  readonly background = new Map<number, Job>()
  readonly #foregroundChats = new Map<string, number>()
  readonly #backgroundChats = new Map<string, Set<Job>>()

  get size(): number {
    return this.foreground.size + this.background.size
  }

  has(job: Job): boolean {
    const { sequence } = job.message
    return (this.foreground.get(sequence) ?? this.background.get(sequence)) === job
  }

  add(job: Job): void {
    const { recipient, sequence } = job.message
    const isForeground = sequence - job.request.number < maxForegroundRecipients
    if (!isForeground && !this.#foregroundChats.has(recipient)) {
      this.background.set(sequence, job)
      const chat = this.#backgroundChats.get(recipient) ?? new Set()
      this.#backgroundChats.set(recipient, chat.add(job))
      return
    }
    // What came before it to the same chat must leave first, and so comes forward with it.
    for (const earlier of this.#backgroundChats.get(recipient) ?? []) {
      this.background.delete(earlier.message.sequence)
      this.#addToForeground(earlier)
    }
    this.#backgroundChats.delete(recipient)
    this.#addToForeground(job)
  }

  remove(job: Job): void {
    const { recipient, sequence } = job.message
    if (this.foreground.get(sequence) === job) {
      this.foreground.delete(sequence)
      const left = (this.#foregroundChats.get(recipient) ?? 0) - 1
      if (left > 0) this.#foregroundChats.set(recipient, left)
      else this.#foregroundChats.delete(recipient)
    } else if (this.background.get(sequence) === job) {
      this.background.delete(sequence)
      const chat = this.#backgroundChats.get(recipient)
      chat?.delete(job)
      if (chat?.size === 0) this.#backgroundChats.delete(recipient)
    }
  }

  #addToForeground(job: Job): void {
    const { recipient, sequence } = job.message
    this.foreground.set(sequence, job)
    this.#foregroundChats.set(recipient, (this.#foregroundChats.get(recipient) ?? 0) + 1)
  }
}

function laneOf({ request }: Job): string {
  return request.keyId ?? ''
}
