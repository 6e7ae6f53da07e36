/**
 * Lets a bounded number of pieces of work run at once, and of one key fewer, so that no key has all places. Those that
 * wait come in order, one key after the other.
 */
export class Limiter {
  readonly #max: number
  readonly #maxPerKey: number
  #running = 0
  readonly #runningByKey = new Map<string | null, number>()
  /** The first key is the next to be served. */
  readonly #waiting = new Map<string | null, (() => void)[]>()

  constructor(max: number, maxPerKey = max) {
    this.#max = max
    this.#maxPerKey = maxPerKey
  }

  /** Runs `work` when it is its turn; an abort while it waits takes it out of the line. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal, key: string | null = null): Promise<T> {
    signal?.throwIfAborted()
    // Whoever waits while there is a place is of a key that has all of its own.
    if (this.#hasPlaceFor(key)) this.#count(key, 1)
    else await this.#wait(key, signal)
    try {
      return await work()
    } finally {
      this.#count(key, -1)
      this.#beginNext()
    }
  }

  #hasPlaceFor(key: string | null): boolean {
    return this.#running < this.#max && (this.#runningByKey.get(key) ?? 0) < this.#maxPerKey
  }

  #count(key: string | null, change: 1 | -1): void {
    this.#running += change
    const running = (this.#runningByKey.get(key) ?? 0) + change
    if (running > 0) this.#runningByKey.set(key, running)
    else this.#runningByKey.delete(key)
  }

  #beginNext(): void {
    for (const [key, line] of this.#waiting) {
      if (!this.#hasPlaceFor(key)) continue
      const enter = line.shift()
      this.#waiting.delete(key)
      if (line.length > 0) this.#waiting.set(key, line)
      if (enter === undefined) continue
      // The place is handed over, not freed and taken again: nobody slips in between.
      this.#count(key, 1)
      enter()
      return
    }
  }

  #wait(key: string | null, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const line = this.#waiting.get(key) ?? []
      const enter = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        line.splice(line.indexOf(enter), 1)
        if (line.length === 0 && this.#waiting.get(key) === line) this.#waiting.delete(key)
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', leave, { once: true })
      line.push(enter)
      this.#waiting.set(key, line)
    })
  }
}
