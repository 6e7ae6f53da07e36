import type { AnswerOf, Message, MessageFilter, RequestOf } from '../../../../src-preload/contract.ts'
import { fits, isAnything } from '../filter.ts'
import { segmentAt, segmentsBetween, segmentSize, startsOf, type Segment } from './segments.ts'

const segmentsKept = 30
const refreshAfterMs = 400

/** What the log asks of the program. */
export interface LogSource {
  list(request: RequestOf<'messages.list'>): Promise<Message[]>
  range(): Promise<AnswerOf<'messages.range'>>
}

/**
 * The rows that fit one filter: loaded where they are looked at, forgotten where they are far away, kept
 * true by what the program tells. Its size in memory does not depend on how long the log is.
 */
export class LogRows {
  /** What these are the rows of. */
  readonly filter: MessageFilter
  readonly #source: LogSource
  readonly #onChange: () => void
  #segments: Segment[] = []
  #starts: number[] = [0]
  readonly #loaded = new Map<number, Message[]>()
  readonly #loading = new Set<number>()
  #more = false
  #refresh: ReturnType<typeof setTimeout> | undefined
  /** One after the other: what one has put in place, the next one is not to put there again. */
  #refreshed: Promise<void> = Promise.resolve()
  /** Segments, by `after`, that may have to let a row in which only the program can tell. */
  readonly #invalidated = new Set<number>()
  #stopped = false
  /** null until the first answer. */
  state: 'loading' | 'ready' | 'failed' = 'loading'
  failure: unknown = null
  /** Rows that came in at the top since the beginning: who shows them shifts by as many. */
  prepended = 0

  constructor(filter: MessageFilter, source: LogSource, onChange: () => void) {
    this.filter = filter
    this.#source = source
    this.#onChange = onChange
    void this.#begin()
  }

  /** All rows that are known of; with a filter there may be more below. */
  get count(): number {
    return this.#starts.at(-1) ?? 0
  }

  /** The row at an index from the top, or null while it is not loaded. */
  at(row: number): Message | null {
    const index = segmentAt(this.#starts, row)
    const segment = this.#segments[index]
    if (segment === undefined) return null
    return this.#loaded.get(segment.after)?.[row - (this.#starts[index] ?? 0)] ?? null
  }

  /** Has the rows of these indexes loaded, and more below when the end comes near. */
  ensure(first: number, last: number): void {
    const from = Math.max(0, segmentAt(this.#starts, Math.max(0, first)))
    const to = segmentAt(this.#starts, Math.min(last, this.count - 1))
    for (let index = from; index <= to; index += 1) void this.#load(index)
    if (this.#more && last >= this.count - segmentSize / 2) void this.#append()
  }

  /** Takes in rows that are new or moved on. */
  apply(batch: ReadonlyMap<string, Message>): void {
    if (this.state !== 'ready') return
    let changed = this.#replace(batch)
    const top = this.#top()
    const newer = [...batch.values()].filter(({ sequence }) => sequence > top)
    if (newer.some((message) => fits(message, this.filter) === null)) this.#refreshSoon()
    if (this.filter.states !== null) this.#invalidate(batch, top)
    const ours = newer.filter((message) => fits(message, this.filter) === true)
    if (!isAnything(this.filter) && this.#insertLate(batch, top)) changed = true
    if (ours.length > 0) {
      this.#prepend(ours)
      changed = true
    }
    if (changed) this.#changed()
  }

  /** After a failure: asks once more, however often it is pressed until there is an answer. */
  retry(): void {
    if (this.state !== 'failed') return
    this.state = 'loading'
    void this.#begin()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#refresh)
  }

  async #begin(): Promise<void> {
    try {
      const whole = isAnything(this.filter)
      // The rows last: what changes after their answer comes after it, and is taken in.
      const [range, first] = await Promise.all([
        whole ? this.#source.range() : Promise.resolve(null),
        this.#list(null, segmentSize),
      ])
      const last = first.at(-1)
      this.#take(first, !whole && first.length < segmentSize)
      if (whole && range !== null && last !== undefined) {
        this.#segments.push(...segmentsBetween(last.sequence - 1, range.oldest))
      } else this.#more = first.length === segmentSize
      this.state = 'ready'
    } catch (error) {
      this.state = 'failed'
      this.failure = error
    }
    this.#changed()
  }

  #list(before: number | null, limit: number): Promise<Message[]> {
    return this.#source.list({ filter: this.filter, before, limit })
  }

  /** Adds loaded rows below all others; the last of a filter stand for everything that is below. */
  #take(rows: Message[], areLast: boolean): void {
    const above = this.#segments.at(-1)
    const [first] = rows
    const lowest = rows.at(-1)
    if (!areLast && lowest === undefined) return
    if (above === undefined && first === undefined) return
    const before = above === undefined ? (first?.sequence ?? 0) + 1 : above.after + 1
    const after = areLast ? 0 : (lowest?.sequence ?? 1) - 1
    const segment = { before, after, count: rows.length }
    this.#segments.push(segment)
    this.#keep(segment, rows)
  }

  async #append(): Promise<void> {
    const last = this.#segments.at(-1)
    if (last === undefined || this.#loading.has(-1)) return
    this.#loading.add(-1)
    try {
      const rows = await this.#list(last.after + 1, segmentSize)
      this.#more = rows.length === segmentSize
      this.#take(rows, !this.#more)
      this.#changed()
    } catch {
      // Looked at again, it is asked for again.
    } finally {
      this.#loading.delete(-1)
    }
  }

  async #load(index: number): Promise<void> {
    const segment = this.#segments[index]
    if (segment === undefined || this.#loading.has(segment.after)) return
    const rows = this.#loaded.get(segment.after)
    if (rows !== undefined) {
      this.#keep(segment, rows)
      return
    }
    await this.#ask(segment)
  }

  async #ask(segment: Segment): Promise<void> {
    this.#loading.add(segment.after)
    try {
      const limit = Math.min(2 * segmentSize, segment.count + segmentSize / 2)
      const answered = await this.#list(segment.before, limit)
      this.#settle(segment.after, answered, limit)
    } catch {
      // Looked at again, it is asked for again.
    } finally {
      this.#loading.delete(segment.after)
    }
  }

  /**
   * A segment's real rows are known: it takes their number. One that holds more than was asked for, because a call to
   * hundreds of recipients came at once, is divided: the rest is loaded where it is looked at.
   */
  #settle(after: number, answered: Message[], limit: number): void {
    const index = this.#segments.findIndex((segment) => segment.after === after)
    const segment = this.#segments[index]
    if (segment === undefined) return
    const rows = answered.filter(({ sequence }) => sequence > after)
    const lowest = rows.at(-1)?.sequence ?? 0
    const isDivided = rows.length === limit && lowest - 1 > after
    const settled = { ...segment, after: isDivided ? lowest - 1 : after, count: rows.length }
    const rest = { before: lowest, after, count: Math.max(1, segment.count - rows.length) }
    this.#segments.splice(index, 1, settled, ...(isDivided ? [rest] : []))
    this.#keep(settled, rows)
    this.#changed()
  }

  /** Remembers rows as used just now; those used longest ago go. */
  #keep({ after }: Segment, rows: Message[]): void {
    this.#loaded.delete(after)
    this.#loaded.set(after, rows)
    for (const oldest of this.#loaded.keys()) {
      if (this.#loaded.size <= segmentsKept) break
      this.#loaded.delete(oldest)
    }
  }

  #replace(batch: ReadonlyMap<string, Message>): boolean {
    let changed = false
    for (const rows of this.#loaded.values()) {
      rows.forEach((row, index) => {
        const newer = batch.get(row.id)
        if (newer === undefined) return
        rows[index] = newer
        changed = true
      })
    }
    return changed
  }

  /** Rows that fit only now, as one that fails late fits "failed": each at its place, where that is loaded. */
  #insertLate(batch: ReadonlyMap<string, Message>, top: number): boolean {
    let changed = false
    for (const message of batch.values()) {
      if (message.sequence > top || fits(message, this.filter) !== true) continue
      if (this.#insert(message)) changed = true
    }
    return changed
  }

  #insert(message: Message): boolean {
    const place = this.#placeOf(message)
    if (place === null) return false
    const { index, segment, rows } = place
    const below = rows.findIndex((row) => row.sequence < message.sequence)
    rows.splice(below === -1 ? rows.length : below, 0, message)
    this.#segments[index] = { ...segment, count: rows.length }
    return true
  }

  /** The loaded segment that a row belongs to; null where that is not loaded, or has the row already. */
  #placeOf({ id, sequence }: Message): { index: number; segment: Segment; rows: Message[] } | null {
    const index = this.#segments.findIndex(({ before, after }) => sequence < before && sequence > after)
    const segment = this.#segments[index]
    const rows = segment === undefined ? undefined : this.#loaded.get(segment.after)
    if (segment === undefined || rows === undefined || rows.some((row) => row.id === id)) return null
    return { index, segment, rows }
  }

  #top(): number {
    return (this.#segments[0]?.before ?? 1) - 1
  }

  /** New rows, on top: into the first segment while it has room and is loaded, else into one of their own. */
  #prepend(messages: Message[]): void {
    const rows = messages.sort((one, other) => other.sequence - one.sequence)
    const highest = rows[0]?.sequence ?? 0
    const [first] = this.#segments
    const below = first === undefined ? undefined : this.#loaded.get(first.after)
    if (first !== undefined && below !== undefined && below.length + rows.length <= 2 * segmentSize) {
      const merged = [...rows, ...below]
      this.#segments[0] = { ...first, before: highest + 1, count: merged.length }
      this.#keep(first, merged)
    } else {
      const segment = { before: highest + 1, after: this.#top(), count: rows.length }
      this.#segments.unshift(segment)
      this.#keep(segment, rows)
    }
    this.prepended += rows.length
  }

  /** Only the program can tell whether new rows fit a search: it is asked, once a moment. */
  #refreshSoon(): void {
    this.#refresh ??= setTimeout(() => {
      this.#refresh = undefined
      this.#refreshed = this.#refreshed.then(async () => {
        // Where nothing was found before, all that is found now may be much: the rest comes as it is looked at.
        await (this.#segments.length === 0 ? this.#begin() : this.#takeNewer())
        await this.#askInvalidated()
      })
    }, refreshAfterMs)
  }

  /** A search for what failed, say, may let in a row that fails after later ones have. */
  #invalidate(batch: ReadonlyMap<string, Message>, top: number): void {
    for (const message of batch.values()) {
      if (message.sequence > top || fits(message, this.filter) !== null) continue
      const place = this.#placeOf(message)
      if (place === null) continue
      this.#invalidated.add(place.segment.after)
      this.#refreshSoon()
    }
  }

  async #askInvalidated(): Promise<void> {
    const doubtful = this.#segments.filter(({ after }) => this.#invalidated.has(after))
    this.#invalidated.clear()
    for (const segment of doubtful) await this.#ask(segment)
  }

  /** All of them, however many: a call to hundreds of recipients comes at once. */
  async #takeNewer(): Promise<void> {
    const found: Message[] = []
    try {
      for (let before: number | null = null; ;) {
        const rows: Message[] = await this.#list(before, segmentSize)
        found.push(...rows)
        const lowest = rows.at(-1)?.sequence ?? 0
        if (rows.length < segmentSize || lowest <= this.#top()) break
        before = lowest
      }
    } catch {
      // Asked for again with the next row that comes.
      return
    }
    const top = this.#top()
    const newer = found.filter(({ sequence }) => sequence > top)
    if (newer.length === 0) return
    this.#prepend(newer)
    this.#changed()
  }

  #changed(): void {
    if (this.#stopped) return
    this.#starts = startsOf(this.#segments)
    this.#onChange()
  }
}
