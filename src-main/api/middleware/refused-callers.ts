import type { Refusal } from './guard.ts'

/** Somebody whom a setting would let in: the name that a request called this PC by, or the page that made it. */
export interface RefusedCaller {
  readonly kind: 'host' | 'origin'
  /** As the setting takes it: `host.docker.internal`, `https://pos.example`. */
  readonly value: string
  readonly count: number
  /** Milliseconds since the epoch. */
  readonly lastAt: number
}

/** A page can make up names without end: the oldest goes when another comes. */
const maxRemembered = 50

/** Counts who was refused, for the operator, who alone knows whether it is one of his own. */
export class RefusedCallers {
  readonly #seen = new Map<string, RefusedCaller>()

  note({ caller }: Refusal): void {
    if (caller === undefined || !isWritable(caller)) return
    const { kind, value } = caller
    const key = `${kind} ${value}`
    const count = (this.#seen.get(key)?.count ?? 0) + 1
    // Set anew, it is the newest of the map.
    this.#seen.delete(key)
    this.#seen.set(key, { kind, value, count, lastAt: Date.now() })
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > maxRemembered && oldest !== undefined) this.#seen.delete(oldest)
  }

  /** The newest first. */
  list(): RefusedCaller[] {
    return [...this.#seen.values()].toReversed()
  }

  forget({ kind, value }: Pick<RefusedCaller, 'kind' | 'value'>): void {
    this.#seen.delete(`${kind} ${value}`)
  }
}

/** Only what looks like a name is shown: a header may hold anything. */
function isWritable({ kind, value }: { kind: string; value: string }): boolean {
  if (kind === 'host') return /^([\w.-]{1,253}|\[[\da-f:.]{2,45}\])(:\d{1,5})?$/.test(value)
  return /^https?:\/\/[\w.-]{1,253}(:\d{1,5})?$/.test(value)
}
