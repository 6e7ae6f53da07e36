/** How often the event loop is looked at. */
const tickMs = 100
/** A shorter pause of the event loop is not counted: it is what a busy moment takes. */
const minStallMs = 500

/**
 * Says when a request arrived. While the event loop stalls (a slow disk, a PC that is overloaded), a request lies unread
 * in the system's buffers, and its caller's time runs all the same.
 */
export class ArrivalClock {
  /** The latest three ticks, the oldest first. A request is read at most two turns of the loop after it came in. */
  #ticks: [number, number, number]
  readonly #timer: NodeJS.Timeout

  constructor() {
    const now = performance.now()
    this.#ticks = [now, now, now]
    this.#timer = setInterval(() => {
      this.#ticks = [this.#ticks[1], this.#ticks[2], performance.now()]
    }, tickMs)
    this.#timer.unref()
  }

  /** When a request that is read now may have arrived, by performance.now(): now, or before a stall. */
  arrivedAt(): number {
    const now = performance.now()
    const [earliest] = this.#ticks
    return now - earliest >= minStallMs ? earliest : now
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
