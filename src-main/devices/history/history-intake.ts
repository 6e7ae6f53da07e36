import type { Logger } from '../../lib/logging/logger.ts'
import { sentenceOf } from '../../lib/failure.ts'
import { baileys } from '../baileys/baileys.ts'
import { KeysUnavailable } from '../session-keys/keys-unavailable.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'
import { FileLost } from './encrypted-download.ts'
import type { DownloadPlace } from './encrypted-download.ts'
import type { HistoryFacts } from './history-facts.ts'
import { readHistory } from './read-history.ts'

export interface HistoryIntakeDependencies {
  keys: SessionKeys
  place: DownloadPlace
  log: Logger
  /** Keeps what was found. Rejects where it cannot be kept. */
  apply: (facts: HistoryFacts) => Promise<void>
}

/** How long a part that could not be fetched waits for its next try, in milliseconds. */
const retryMs = [5_000, 30_000, 300_000] as const
/** A phone sends some ten parts; the oldest of so many are dropped. */
const maxPending = 100

/**
 * The parts of the history that the phone tells of, one after the other. History comes once, when a device is linked, and
 * Baileys confirms a part before anybody has read it: what is told of is kept with the session keys, whose commit the
 * receipt waits for, until it has been read.
 */
export class HistoryIntake {
  readonly #dependencies: HistoryIntakeDependencies
  #isWorking = false
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #isOver = false

  constructor(dependencies: HistoryIntakeDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether parts are still to be read. */
  get isPending(): boolean {
    return this.#pending.length > 0
  }

  /** Keeps it for `resume`. @param notification an encoded HistorySyncNotification */
  take(notification: Uint8Array): void {
    const pending = [...this.#pending, Buffer.from(notification)].slice(-maxPending)
    this.#keep(pending)
  }

  /** Reads what waits, on a connection that is open. Never throws. */
  resume(): void {
    clearTimeout(this.#retry)
    if (this.#isOver || this.#isWorking) return
    this.#isWorking = true
    void this.#work().finally(() => {
      this.#isWorking = false
    })
  }

  end(): void {
    this.#isOver = true
    clearTimeout(this.#retry)
  }

  async #work(): Promise<void> {
    try {
      for (;;) {
        const [next] = this.#isOver ? [] : this.#pending
        if (next === undefined) return
        await this.#read(next)
        if (this.#isOver) return
        this.#failures = 0
        this.#keep(this.#pending.filter((one) => !one.equals(next)))
      }
    } catch (error) {
      this.#failed(error)
    }
  }

  async #read(notification: Buffer): Promise<void> {
    const { place, apply, log } = this.#dependencies
    const decoded = baileys().proto.Message.HistorySyncNotification.decode(notification)
    try {
      const facts = await readHistory(place, decoded)
      if (!this.#isOver) await apply(facts)
      const { tokens, mappings, timers, salt } = facts
      const found = { tokens: tokens.length, mappings: mappings.length, timers: timers.length }
      log.info({ kind: decoded.syncType, ...found, salt: salt !== null }, 'history part read')
    } catch (error) {
      if (!(error instanceof FileLost)) throw error
      log.warn(
        { kind: decoded.syncType, reason: error.message },
        'history part could not be processed and is lost',
      )
    }
  }

  #failed(error: unknown): void {
    if (error instanceof KeysUnavailable || this.#isOver) return
    // The others need not wait for this one.
    const [failed, ...others] = this.#pending
    if (failed !== undefined) this.#keep([...others, failed])
    const waitMs = retryMs[Math.min(this.#failures++, retryMs.length - 1)]
    this.#dependencies.log.info({ reason: sentenceOf(error), waitMs }, 'could not download the history yet')
    this.#retry = setTimeout(() => this.resume(), waitMs)
    this.#retry.unref()
  }

  get #pending(): Buffer[] {
    const { all } = this.#dependencies.keys.get('history-pending', ['all'])
    return (all?.notifications ?? []).map((one) => Buffer.from(one))
  }

  #keep(notifications: Buffer[]): void {
    this.#dependencies.keys.set({ 'history-pending': { all: { notifications } } })
  }
}
