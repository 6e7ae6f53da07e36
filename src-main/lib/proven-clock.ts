import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../storage/data-folder/write-file-atomic.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** How often the time that has passed is taken for proven, and how often it is written down: milliseconds. */
const tickMs = 10 * 60_000
const keptMs = hourMs

const kept = z.object({ provenAt: z.number() })

/**
 * Tells whether this PC's clock may be believed where something would be removed for good. A clock that is more than a
 * day ahead of the newest proof of time (the last run, or WhatsApp's own time) is doubted, as one is after a dead battery
 * or a mistake in the BIOS: until WhatsApp confirms it, or it has run on for a day without being contradicted.
 */
export class ProvenClock {
  readonly #file: string
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout
  #provenAt: number
  #keptAt = -Infinity
  /** By a clock that nobody sets; null while the clock is believed. */
  #invalidatedSince: number | null = null

  /** @param newestKnown when the newest row was written, for a folder that has no proof yet */
  constructor(folder: string, newestKnown: number | null, now: () => number = Date.now) {
    this.#file = join(folder, 'clock.json')
    this.#now = now
    this.#provenAt = this.#readKept() ?? newestKnown ?? now()
    this.#timer = setInterval(() => this.tick(), tickMs).unref()
    this.tick()
  }

  /** The time by which things may be removed: never more than what is proven while the clock is doubted. */
  cautiousNow(): number {
    const now = this.#now()
    return now - this.#provenAt > dayMs ? this.#provenAt : now
  }

  /** WhatsApp has said that it is at least so late, in milliseconds since the epoch; a receipt may come days later. */
  confirm(at: number): void {
    if (at <= this.#provenAt) return
    this.#provenAt = at
    this.#invalidatedSince = null
    this.tick()
  }

  /** Takes the time that has passed since the last proof for proven, unless it is too much. */
  tick(): void {
    const now = this.#now()
    if (now - this.#provenAt > dayMs && !this.#hasRunOnForADay()) return
    this.#invalidatedSince = null
    this.#provenAt = now
    if (Math.abs(now - this.#keptAt) >= keptMs) this.#keep()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.tick()
    this.#keep()
  }

  #hasRunOnForADay(): boolean {
    this.#invalidatedSince ??= performance.now()
    return performance.now() - this.#invalidatedSince >= dayMs
  }

  #readKept(): number | null {
    try {
      return kept.parse(JSON.parse(readFileSync(this.#file, 'utf8'))).provenAt
    } catch {
      // There is none yet, or a disk fault took it: the rows are proof, too.
      return null
    }
  }

  #keep(): void {
    try {
      writeFileAtomic(this.#file, `${JSON.stringify({ provenAt: this.#provenAt })}\n`)
      this.#keptAt = this.#provenAt
    } catch {
      // A disk that takes nothing: the proof that was kept before is older, and only makes the next start doubt more.
    }
  }
}
