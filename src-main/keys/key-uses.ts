/** How long the uses of keys wait before they are written down, all at once: milliseconds. */
const delayMs = 60_000

/**
 * Collects which keys were used, and has them written at most once a minute: a call must not wait for a sync
 * of the disk, and nothing runs while nobody calls.
 */
export class KeyUses {
  readonly #write: (ids: ReadonlySet<string>) => Promise<void>
  #used = new Set<string>()
  #timer: NodeJS.Timeout | null = null

  /** `write` must not reject. */
  constructor(write: (ids: ReadonlySet<string>) => Promise<void>) {
    this.#write = write
  }

  note(id: string): void {
    this.#used.add(id)
    this.#timer ??= setTimeout(() => void this.flush(), delayMs).unref()
  }

  /** Writes what waits, now. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#used.size === 0) return
    const used = this.#used
    this.#used = new Set()
    await this.#write(used)
  }
}
