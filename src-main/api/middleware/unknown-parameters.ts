import type { Values } from '../handlers/common-parameters.ts'

/** A parameter that some caller sends and this API does not know: ignored, and shown to the operator. */
export interface UnknownParameter {
  readonly name: string
  readonly route: string
  readonly count: number
  /** Milliseconds since the epoch. */
  readonly lastAt: number
}

const maxRemembered = 200

/** Counts them by route and name. Only what looks like a name is kept: junk bodies may hold anything. */
export class UnknownParameters {
  readonly #seen = new Map<string, UnknownParameter>()

  note(route: string, values: Values, known: ReadonlySet<string>): void {
    for (const name in values) {
      if (known.has(name)) continue
      this.#count(route, /^[a-z_][a-z_\d-]{0,31}$/i.test(name) ? name : '…')
    }
  }

  list(): UnknownParameter[] {
    return Array.from(this.#seen.values())
  }

  #count(route: string, name: string): void {
    const key = `${route} ${name}`
    const before = this.#seen.get(key)
    if (before === undefined && this.#seen.size >= maxRemembered) return
    this.#seen.set(key, { name, route, count: (before?.count ?? 0) + 1, lastAt: Date.now() })
  }
}
