import { setTimeout as pause } from 'node:timers/promises'
import { sentenceOf } from '../failure.ts'
import type { Logger } from '../logger.ts'
import type { Database } from '../storage/database.ts'
import type { Settings } from '../storage/settings.ts'
import type { MarksTable } from './marks-table.ts'
import { keptParameters } from './parameters.ts'
import type { RequestContent, RetentionTable } from './retention-table.ts'
import type { SearchIndex } from './search-index.ts'
import { keptFileName, keptText, keepings } from './texts.ts'
import type { KeepTexts } from './texts.ts'

const hour = 3_600_000
const day = 24 * hour
/** When the first sweep begins after the program's start, and how often it is repeated: milliseconds. */
const firstSweep = 60_000
const everySweep = hour
/** Rows in one transaction, and the rest after it in milliseconds, so that sends are not held up. */
const slice = 50
const rest = 15
/** How long one transaction renews the search index, in milliseconds. */
const worksForMs = 4

/**
 * How long WhatsApp's own form of a message is kept, in milliseconds: a recipient's phone that could not
 * decrypt it asks for it again, at the latest when it is next online. Where texts are not kept, for a day.
 */
const encodedFor: Record<KeepTexts, number> = { yes: 14 * day, masked: day, no: day }
/** A contact not written to for so many days is new again, should the log be kept for less. */
const contactDays = 90

export interface RetentionParts {
  database: Database
  table: RetentionTable
  marks: MarksTable
  index: SearchIndex
  settings: Pick<Settings, 'get'>
  log: Logger
  now: () => number
}

/** Forgets what is not to be kept any longer, in small slices behind the sends' back. */
export class Retention {
  readonly #parts: RetentionParts
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #again = false
  #stopping = false
  #contactsSweptAt = -Infinity

  constructor(parts: RetentionParts) {
    this.#parts = parts
  }

  start(): void {
    this.#sweepIn(firstSweep)
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
      } catch (thrown) {
        this.#parts.log.warn({ reason: sentenceOf(thrown) }, 'the sweep broke off and is repeated later')
      }
    }
  }

  /** Repeats a slice until it says that there is no more. */
  async #slices(one: () => Promise<boolean>): Promise<void> {
    while (!this.#stopping && this.#parts.database.health === 'ok' && (await one())) await pause(rest)
  }

  async #removeOld(): Promise<boolean> {
    const { database, table, marks, index, settings, now } = this.#parts
    const before = now() - settings.get('log.retentionDays') * day
    const old = table.oldest(before, now(), slice)
    const last = old.at(-1)
    if (last === undefined) return false
    await database.write(() => {
      for (const sequence of old) {
        index.remove(sequence)
        table.removeMessage(sequence)
      }
      marks.set('removed', Math.max(marks.get('removed'), last))
      table.removeRequestsBelow(table.oldestSequence() ?? last + 1)
    })
    return old.length === slice
  }

  async #forgetEncoded(): Promise<boolean> {
    const { database, table, marks, settings, now } = this.#parts
    const before = now() - encodedFor[settings.get('log.keepTexts')]
    const numbers = table.requestsAbove(marks.get('swept encoded'), before, now(), slice)
    const last = numbers.at(-1)
    if (last === undefined) return false
    await database.write(() => {
      for (const number of numbers) table.forgetEncoded(number)
      marks.set('swept encoded', last)
    })
    return numbers.length === slice
  }

  /** After the setting was changed to keep less, what was kept before is made less too. */
  async #keepLess(): Promise<boolean> {
    const { database, table, marks, settings } = this.#parts
    const keep = settings.get('log.keepTexts')
    const wanted = keepings.indexOf(keep)
    if (marks.get('keeping texts') !== wanted) {
      await database.write(() => {
        marks.set('keeping texts', wanted)
        marks.set('swept texts', 0)
      })
    }
    if (wanted === 0) return false
    const contents = table.contents(marks.get('swept texts'), slice)
    const last = contents.at(-1)
    if (last === undefined) return false
    await database.write(() => {
      for (const content of contents) this.#keepContent(content, keep)
      marks.set('swept texts', last.number)
    })
    return contents.length === slice
  }

  #keepContent(content: RequestContent, keep: KeepTexts): void {
    const { table, marks } = this.#parts
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
    const from = marks.get('renewed from')
    const to = marks.get('renewed to')
    marks.set('renewed from', from > to || to === 0 ? number : Math.min(from, number))
    marks.set('renewed to', Math.max(to, number + recipients - 1))
  }

  /** The search index forgets the words that are no longer kept, a few milliseconds at a time. */
  async #renewIndex(): Promise<boolean> {
    const { database, table, marks, index } = this.#parts
    const [from, to] = [marks.get('renewed from'), marks.get('renewed to')]
    if (from > to || to === 0) return false
    const sequences = table.sequences(from, to, slice)
    await database.write(() => {
      const endsAt = performance.now() + worksForMs
      let last = sequences.length < slice ? to : (sequences.at(-1) ?? to)
      for (const [at, sequence] of sequences.entries()) {
        index.renew(sequence)
        if (performance.now() < endsAt || at === sequences.length - 1) continue
        last = sequence
        break
      }
      marks.set('renewed from', last + 1)
    })
    return true
  }

  /** Once a day: they are all looked at for it, and when one was written to is known to the day only. */
  async #forgetContacts(): Promise<boolean> {
    const { database, table, settings, now } = this.#parts
    if (now() - this.#contactsSweptAt < day) return false
    const before = now() - Math.max(settings.get('log.retentionDays'), contactDays) * day
    if ((await database.write(() => table.forgetContacts(before, slice))) === slice) return true
    this.#contactsSweptAt = now()
    return false
  }
}
