import type { Logger } from '../../lib/logging/logger.ts'

/** One request as an operator may see it: no number, no text, no key but its name. */
export interface AccessEntry {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  /** The route's own path, never the one that was asked for: that may hold anything. */
  readonly route: string
  readonly keyName: string | null
  readonly status: number
  /** `ok`, `sent`, … or a failure's code. */
  readonly result: string
  readonly ms: number
}

const remembered = 500

/** What the API was asked lately: the last 500 requests in memory, and a line each in the log. */
export class AccessLog {
  readonly #entries: AccessEntry[] = []
  readonly #log: Logger
  #next = 0

  constructor(log: Logger) {
    this.#log = log
  }

  add(entry: AccessEntry): void {
    this.#entries[this.#next] = entry
    this.#next = (this.#next + 1) % remembered
    // The log's lines have their own time.
    const { method, route, keyName, status, result, ms } = entry
    const line = { method, route, keyName, status, result, ms }
    // A program with a wrong key may call a thousand times a second: it gets no line each on the disk.
    if (entry.keyName === null) this.#log.debug(line, 'request')
    else this.#log.info(line, 'request')
  }

  /** The newest first. */
  recent(limit: number): AccessEntry[] {
    const inOrder = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)]
    return inOrder.toReversed().slice(0, limit)
  }
}
