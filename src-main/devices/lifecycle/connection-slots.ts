/** Lets so many do something at a time; the others wait in line. */
export class Slots {
  #free: number
  readonly #line: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  /** Kept when it is one's turn; the answer gives the place back, however often it is called. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#line.push(resolve))
    let given = false
    return () => {
      if (given) return
      given = true
      const next = this.#line.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}
