import type { SendLimits, Sent } from './send-limits.ts'

const minuteMs = 60_000
const minutesOfHour = 60
const minutesOfDay = 24 * 60

/** Counts by the minute of the last 24 hours; the minute is the precision of every "until". */
class Minutes {
  readonly #counts = new Uint32Array(minutesOfDay)
  readonly #stamps = new Float64Array(minutesOfDay)

  add(at: number, count: number): void {
    const number = Math.floor(at / minuteMs)
    const place = number % minutesOfDay
    if (this.#stamps[place] !== number) {
      this.#stamps[place] = number
      this.#counts[place] = 0
    }
    this.#counts[place] = Math.max(0, (this.#counts[place] ?? 0) + count)
  }

  /** How many in the last minutes, the running one included. */
  within(now: number, minutes: number): number {
    const last = Math.floor(now / minuteMs)
    let sum = 0
    for (let number = last - minutes + 1; number <= last; number++) sum += this.#at(number)
    return sum
  }

  /** When fewer than `sendLimit` will be left within the last minutes. */
  freeAt(now: number, minutes: number, sendLimit: number): number {
    const last = Math.floor(now / minuteMs)
    let left = this.within(now, minutes)
    for (let number = last - minutes + 1; number <= last; number++) {
      if (left < sendLimit) return Math.max(now, (number - 1 + minutes) * minuteMs)
      left -= this.#at(number)
    }
    return (last + minutes) * minuteMs
  }

  #at(number: number): number {
    const place = number % minutesOfDay
    return this.#stamps[place] === number ? (this.#counts[place] ?? 0) : 0
  }
}

/** What one device sent in the last 24 hours: enough for the pace, and no more than 35 KB. */
export class SendHistory {
  readonly #all = new Minutes()
  readonly #new = new Minutes()
  /** Of the last minute, for bursts: when, and whether to a new contact. */
  #burst: { at: number; new: boolean }[] = []
  /** Thousands that wait ask for the same in one go. */
  #latest: { minuteMs: number; ceilings: SendLimits; sent: Sent } | null = null

  /** Counts one; `count` -1 takes one back that did not leave after all. */
  add(at: number, newContact: boolean, count = 1): void {
    this.#latest = null
    this.#all.add(at, count)
    if (newContact) this.#new.add(at, count)
  }

  /** Counts first messages to new contacts that are among those counted already. */
  addNew(at: number, count: number): void {
    this.#latest = null
    this.#new.add(at, count)
  }

  /** Counts one that leaves now towards the burst, and answers how long that is by now. */
  leave(at: number, newContact: boolean): { all: number; new: number } {
    // What lies ahead left before the clock was set back.
    this.#burst = this.#burst.filter((one) => Math.abs(at - one.at) < minuteMs)
    this.#burst.push({ at, new: newContact })
    return { all: this.#burst.length, new: this.#burst.filter((one) => one.new).length }
  }

  /** Reckoned once a minute, unless something is counted; a "free at" says something only of what is full. */
  sent(now: number, ceilings: SendLimits): Sent {
    const current = Math.floor(now / minuteMs)
    const latest = this.#latest
    if (latest?.minuteMs === current && areSame(latest.ceilings, ceilings)) return latest.sent
    const sent = this.#calculate(now, ceilings)
    this.#latest = { minuteMs: current, ceilings, sent }
    return sent
  }

  #calculate(now: number, ceilings: SendLimits): Sent {
    return {
      inHour: this.#all.within(now, minutesOfHour),
      hourFreeAt: this.#all.freeAt(now, minutesOfHour, ceilings.perHour),
      inDay: this.#all.within(now, minutesOfDay),
      dayFreeAt: this.#all.freeAt(now, minutesOfDay, ceilings.perDay),
      newInDay: this.#new.within(now, minutesOfDay),
      newFreeAt: this.#new.freeAt(now, minutesOfDay, ceilings.newContactsPerDay),
    }
  }
}

function areSame(one: SendLimits, other: SendLimits): boolean {
  return (
    one.perHour === other.perHour &&
    one.perDay === other.perDay &&
    one.newContactsPerDay === other.newContactsPerDay
  )
}
