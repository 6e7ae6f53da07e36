import { rmSync, writeFileSync } from 'node:fs'
import { Listeners } from '../../lib/listeners.ts'

/**
 * How the database stands. `full`: the disk is; `read_only`: it cannot be written for any other reason;
 * `damaged`: its content cannot be trusted, and nothing is written to it any more.
 */
export type StorageHealth = 'ok' | 'full' | 'read_only' | 'damaged'

/** How soon it is tried whether the database can be written again, in milliseconds; doubled up to the last. */
const firstProbeMs = 2_000
const lastProbeMs = 30_000
/** Space that must be there before the disk counts as no longer full: bytes. */
const enoughFreeBytes = 1024 * 1024

/**
 * Remembers how the database stands. While it is full or read-only it is tried now and then whether that is
 * over; nothing runs while it is well, and damage is final until the next start.
 */
export class DatabaseHealth {
  readonly onChange = new Listeners<StorageHealth>()
  readonly #probeFile: string | null
  readonly #tryWriting: () => void
  #state: StorageHealth = 'ok'
  #probe: NodeJS.Timeout | null = null

  /** `tryWriting` commits something that changes nothing, or throws; null as file for one in memory. */
  constructor(file: string | null, tryWriting: () => void) {
    this.#probeFile = file === null ? null : `${file}.space`
    this.#tryWriting = tryWriting
  }

  get state(): StorageHealth {
    return this.#state
  }

  become(state: StorageHealth): void {
    if (this.#state === state || this.#state === 'damaged') return
    this.#state = state
    if (state === 'ok' || state === 'damaged') this.stop()
    else if (this.#probe === null) this.#probeIn(firstProbeMs)
    this.onChange.emit(state)
  }

  /** Looks now, instead of at the next appointed time. */
  probe(): void {
    if (this.#state !== 'full' && this.#state !== 'read_only') return
    try {
      this.#takeSpace()
      this.#tryWriting()
      this.become('ok')
    } catch {
      // Still so: the state says it, and the next look is appointed already.
    }
  }

  stop(): void {
    if (this.#probe !== null) clearTimeout(this.#probe)
    this.#probe = null
  }

  #probeIn(milliseconds: number): void {
    this.#probe = setTimeout(() => {
      this.#probeIn(Math.min(milliseconds * 2, lastProbeMs))
      this.probe()
    }, milliseconds)
    this.#probe.unref()
  }

  /** Only space for more than one row ends "full", or the state would change with every message. */
  #takeSpace(): void {
    if (this.#probeFile === null) return
    try {
      writeFileSync(this.#probeFile, Buffer.alloc(enoughFreeBytes), { mode: 0o600, flush: true })
    } finally {
      rmSync(this.#probeFile, { force: true })
    }
  }
}
