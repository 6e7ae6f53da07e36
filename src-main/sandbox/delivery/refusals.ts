/** A message that was answered with an error. */
export interface Refusal {
  at: number
  id: string
  /** The account's number. */
  from: string
  /** The JID that it was addressed to. */
  to: string
  error: number
}

const maxKept = 10_000

/** Which messages were refused, the latest ten thousand. */
export class Refusals {
  readonly #refusals: Refusal[] = []

  add(refusal: Refusal): void {
    this.#refusals.push(refusal)
    if (this.#refusals.length > maxKept) this.#refusals.shift()
  }

  all(): Refusal[] {
    return [...this.#refusals]
  }
}
