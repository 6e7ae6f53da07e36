/** One timer for the next thing that time alone decides; it keeps no process alive. */
export class WakeTimer {
  readonly #now: () => number
  readonly #ring: () => void
  #timer: NodeJS.Timeout | null = null
  #at = Infinity

  constructor(now: () => number, ring: () => void) {
    this.#now = now
    this.#ring = ring
  }

  /** Rings at that time, in milliseconds since the epoch, unless it rings before; Infinity is never. */
  set(at: number): void {
    if (at >= this.#at) return
    this.clear()
    this.#at = at
    // A timer takes 31 bits; who is woken too early looks and sets it again.
    const delay = Math.min(Math.max(at - this.#now(), 1), 2 ** 31 - 1)
    this.#timer = setTimeout(() => {
      this.clear()
      this.#ring()
    }, delay)
    this.#timer.unref()
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#at = Infinity
  }
}
