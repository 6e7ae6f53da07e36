import { setTimeout as pause } from 'node:timers/promises'
import { sentenceOf } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Database } from '../../storage/database/database.ts'
import type { Settings } from '../../storage/settings/settings.ts'
import type { CheckpointsTable } from '../store/checkpoints-table.ts'
import { keptParameters } from '../submit/kept-parameters.ts'
import type { RequestContent, RetentionTable } from '../store/retention-table.ts'
import type { SearchIndex } from './search-index.ts'
import { keptFileName, keptText, keepings } from './redact-text.ts'
import type { KeepTexts } from './redact-text.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** When the first sweep begins after the program's start, and how often it is repeated: milliseconds. */
const firstSweepDelayMs = 60_000
const everySweep = hourMs
/** Rows in one transaction, and the rest after it in milliseconds, so that sends are not held up. */
const sliceRows = 50
const pauseMs = 15
/** How long one transaction renews the search index, in milliseconds. */
const worksForMs = 4

/**
 * How long WhatsApp's own form of a message is kept, in milliseconds: a recipient's phone that could not
 * decrypt it asks for it again, at the latest when it is next online. Where texts are not kept, for a day.
 */
const encodedFor: Record<KeepTexts, number> = { yes: 14 * dayMs, masked: dayMs, no: dayMs }
/** A contact not written to for so many days is new again, should the log be kept for less. */
const contactDays = 90

export interface RetentionDependencies {
  database: Database
  table: RetentionTable
  checkpoints: CheckpointsTable
  index: SearchIndex
  settings: Pick<Settings, 'get'>
  log: Logger
  now: () => number
}

/** Forgets what is not to be kept any longer, in small slices behind the sends' back. */
export class Retention {
  readonly #dependencies: RetentionDependencies
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #again = false
  #stopping = false
  #contactsSweptAt = -Infinity

  constructor(dependencies: RetentionDependencies) {
    this.#dependencies = dependencies
  }

  start(): void {
    this.#sweepIn(firstSweepDelayMs)
  }

  /** Sweeps now; resolves when that is done. */
  async sweep(): Promise<void> {
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    await this.#running
  }

  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#running
  }

  #sweepIn(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#sweepIn(everySweep)
      void this.sweep()
    }, milliseconds)
    this.#timer.unref()
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopping) {
      this.#again = false
      try {
        await this.#slices(() => this.#removeOld())
        await this.#slices(() => this.#forgetEncoded())
        await this.#slices(() => this.#keepLess())
        await this.#slices(() => this.#renewIndex())
        await this.#slices(() => this.#forgetContacts())
      } catch (error) {
        this.#dependencies.log.warn(
          { reason: sentenceOf(error) },
          'the retention sweep failed and is repeated later',
        )
      }
    }
  }

  /** Repeats a slice until it says that there is no more. */
  async #slices(one: () => Promise<boolean>): Promise<void> {
    while (!this.#stopping && this.#dependencies.database.health === 'ok' && (await one()))
      await pause(pauseMs)
  }

  async #removeOld(): Promise<boolean> {
    const { database, table, checkpoints, index, settings, now } = this.#dependencies
    const before = now() - settings.get('log.retentionDays') * dayMs
    const old = table.oldest(before, now(), sliceRows)
    const last = old.at(-1)
    if (last === undefined) return false
    await database.write(() => {
      for (const sequence of old) {
        index.remove(sequence)
        table.removeMessage(sequence)
      }
      checkpoints.set('removed', Math.max(checkpoints.get('removed'), last))
      table.removeRequestsBelow(table.oldestSequence() ?? last + 1)
    })
    return old.length === sliceRows
  }

  async #forgetEncoded(): Promise<boolean> {
    const { database, table, checkpoints, settings, now } = this.#dependencies
    const before = now() - encodedFor[settings.get('log.keepTexts')]
    const numbers = table.requestsAbove(checkpoints.get('swept encoded'), before, now(), sliceRows)
    const last = numbers.at(-1)
    if (last === undefined) return false
    await database.write(() => {
      for (const number of numbers) table.forgetEncoded(number)
      checkpoints.set('swept encoded', last)
    })
    return numbers.length === sliceRows
  }

  /** After the setting was changed to keep less, what was kept before is made less too. */
  async #keepLess(): Promise<boolean> {
    const { database, table, checkpoints, settings } = this.#dependencies
    const keep = settings.get('log.keepTexts')
    const wanted = keepings.indexOf(keep)
    if (checkpoints.get('keeping texts') !== wanted) {
      await database.write(() => {
        checkpoints.set('keeping texts', wanted)
        checkpoints.set('swept texts', 0)
      })
    }
    if (wanted === 0) return false
    const contents = table.contents(checkpoints.get('swept texts'), sliceRows)
    const last = contents.at(-1)
    if (last === undefined) return false
    await database.write(() => {
      for (const content of contents) this.#keepContent(content, keep)
      checkpoints.set('swept texts', last.number)
    })
    return contents.length === sliceRows
  }

  #keepContent(content: RequestContent, keep: KeepTexts): void {
    const { table, checkpoints } = this.#dependencies
    const { number, recipients, text, fileName, kept, parameters } = content
    if (keepings.indexOf(kept) >= keepings.indexOf(keep)) return
    table.keepContent({
      ...content,
      // What is masked already shows too little to be masked again.
      text: keptText(text, keep),
      fileName: keptFileName(fileName, keep),
      kept: keep,
      parameters:
        parameters === null ? null : keptParameters(JSON.parse(parameters) as Record<string, string>, keep),
    })
    const from = checkpoints.get('renewed from')
    const to = checkpoints.get('renewed to')
    checkpoints.set('renewed from', from > to || to === 0 ? number : Math.min(from, number))
    checkpoints.set('renewed to', Math.max(to, number + recipients - 1))
  }

  /** The search index forgets the words that are no longer kept, a few milliseconds at a time. */
  async #renewIndex(): Promise<boolean> {
    const { database, table, checkpoints, index } = this.#dependencies
    const [from, to] = [checkpoints.get('renewed from'), checkpoints.get('renewed to')]
    if (from > to || to === 0) return false
    const sequences = table.sequences(from, to, sliceRows)
    await database.write(() => {
      const endsAt = performance.now() + worksForMs
      let last = sequences.length < sliceRows ? to : (sequences.at(-1) ?? to)
      for (const [at, sequence] of sequences.entries()) {
        index.renew(sequence)
        if (performance.now() < endsAt || at === sequences.length - 1) continue
        last = sequence
        break
      }
      checkpoints.set('renewed from', last + 1)
    })
    return true
  }

  /** Once a day: they are all looked at for it, and when one was written to is known to the day only. */
  async #forgetContacts(): Promise<boolean> {
    const { database, table, settings, now } = this.#dependencies
    if (now() - this.#contactsSweptAt < dayMs) return false
    const before = now() - Math.max(settings.get('log.retentionDays'), contactDays) * dayMs
    if ((await database.write(() => table.forgetContacts(before, sliceRows))) === sliceRows) return true
    this.#contactsSweptAt = now()
    return false
  }
}
