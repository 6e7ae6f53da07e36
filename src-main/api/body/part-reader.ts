import { Failure } from '../../lib/failure.ts'
import { blankLineMissing, readPartHeaders, type PartHeaders } from './part-headers.ts'

const maxHeaderBytes = 16 * 1024
/** Blanks that may stand behind a delimiter before its line ends. */
const maxPadding = 64

/** Pulls the next piece of the body; null at its end. */
export type PullChunk = () => Promise<Buffer | null>

/**
 * Cuts a multipart body (RFC 2046, 5.1) into its parts, in one pass and whatever the size of the pieces. Read leniently,
 * as programs write it that put it together themselves: lines that end with LF alone, delimiters without their `--` or
 * with a boundary that the header writes otherwise, no last delimiter or one without its closing `--`.
 */
export class PartReader {
  readonly #pull: PullChunk
  readonly #announced: string | null
  #bytes: Buffer = Buffer.from('\n')
  #isEnded = false
  #delimiter = Buffer.alloc(0)
  /** Where a line is ended by LF alone, what stands before it belongs to the part. */
  #keepsCr = false
  #state: 'start' | 'headers' | 'body' | 'end' = 'start'

  /** @param boundary as the body's header names it; null where it names none */
  constructor(pull: PullChunk, boundary: string | null) {
    this.#pull = pull
    this.#announced = boundary
  }

  /**
   * The headers of the next part, behind whatever is left of the one before; null when there is none.
   * @throws Failure body_unreadable
   */
  async next(): Promise<PartHeaders | null> {
    if (this.#state === 'start') await this.#start()
    if (this.#state === 'body') for await (const _ of this.body()) continue
    if (this.#state === 'end') return null
    const headers = await this.#headers()
    if (headers === null) {
      this.#state = 'end'
      return null
    }
    this.#state = 'body'
    return headers
  }

  /**
   * The content of the part that `next` has told of, piece by piece.
   * @throws Failure body_unreadable where the body ends before it
   */
  async *body(): AsyncGenerator<Buffer, void> {
    for (;;) {
      const found = await this.#findDelimiter()
      if (found !== null) {
        const content = this.#bytes.subarray(0, this.#withoutLineEnd(found))
        await this.#passDelimiter(found)
        if (content.length > 0) yield content
        return
      }
      // All but what a delimiter may begin with.
      const keep = this.#delimiter.length + maxPadding + 4
      if (this.#isEnded) {
        const rest = this.#bytes
        this.#bytes = Buffer.alloc(0)
        this.#state = 'end'
        if (rest.length > 0) yield rest
        throw new BodyEndedInPart()
      }
      const ready = this.#bytes.subarray(0, Math.max(0, this.#bytes.length - keep))
      this.#bytes = this.#bytes.subarray(ready.length)
      if (ready.length > 0) yield ready
      await this.#more()
    }
  }

  /** Finds out what the delimiter is, and goes behind the first. */
  async #start(): Promise<void> {
    // Its first line, and the beginning of the second one.
    while (!this.#isEnded && this.#bytes.length < 1_024 && !/\S[^\n]*\n[^\n]{9}/.test(this.#head()))
      await this.#more()
    this.#delimiter = Buffer.from(`\n${this.#delimiterOf(this.#head())}`, 'latin1')
    for (;;) {
      const found = await this.#findDelimiter()
      if (found !== null) return this.#passDelimiter(found)
      if (this.#isEnded) throw noDelimiter()
      // A preamble, which nobody reads.
      const keep = this.#delimiter.length + maxPadding + 4
      this.#bytes = this.#bytes.subarray(Math.max(0, this.#bytes.length - keep))
      await this.#more()
    }
  }

  #head(): string {
    return this.#bytes.toString('latin1', 0, 1_024)
  }

  #delimiterOf(head: string): string {
    const [, line = '', second = ''] = /^\s*([^\n]*?)[ \t\r]*\n([^\n]*)/.exec(`${head}\n`) ?? []
    const announced = this.#announced ?? ''
    if (announced !== '' && (line === `--${announced}` || line === announced)) return line
    // The boundary is missing in the header, or another one: what a program does that sets the header by hand.
    if (/^--[^\s-]?/.test(line) && line.length > 2 && /^content-/i.test(second)) return line
    if (announced === '') throw noDelimiter()
    return `--${announced}`
  }

  /** The place of the line end before the next whole delimiter; null where there is none in what has come. */
  async #findDelimiter(): Promise<number | null> {
    for (let from = 0; ;) {
      const found = this.#bytes.indexOf(this.#delimiter, from)
      if (found === -1) return null
      const behind = found + this.#delimiter.length
      while (!this.#isEnded && this.#bytes.length < behind + maxPadding + 4) await this.#more()
      if (this.#isWhole(behind)) return found
      from = found + 1
    }
  }

  /** Whether what looks like a delimiter up to there is one: nothing but its closing `--` and blanks follows in its line. */
  #isWhole(behind: number): boolean {
    const line = this.#bytes.toString('latin1', behind, behind + maxPadding + 4)
    const [whole = null, , lineEnd] = /^(--)?[ \t]*(\r?\n)?/.exec(line) ?? []
    if (whole === null) return false
    return (
      lineEnd !== undefined ||
      /^\r?$/.test(this.#bytes.toString('latin1', behind + whole.length, behind + whole.length + 2))
    )
  }

  #withoutLineEnd(lineFeed: number): number {
    return !this.#keepsCr && lineFeed > 0 && this.#bytes[lineFeed - 1] === 0x0d ? lineFeed - 1 : lineFeed
  }

  async #passDelimiter(found: number): Promise<void> {
    const behind = found + this.#delimiter.length
    const line = this.#bytes.toString('latin1', behind, behind + maxPadding + 4)
    const [whole = '', closing = '', lineEnd = ''] = /^(--)?[ \t]*(\r?\n)?/.exec(line) ?? []
    if (this.#state === 'start') this.#keepsCr = lineEnd === '\n'
    this.#bytes = this.#bytes.subarray(behind + whole.length)
    this.#state = closing === '--' || lineEnd === '' ? 'end' : 'headers'
    // An epilogue, which nobody reads.
    if (this.#state === 'end') await this.#drain()
  }

  /** Up to the blank line; null where nothing follows the delimiter: it was the last, without its `--`. */
  async #headers(): Promise<PartHeaders | null> {
    const lines: string[] = []
    for (let left = maxHeaderBytes; ;) {
      const line = await this.#line(left)
      if (line === null) {
        if (lines.every((one) => one.trim() === '')) return null
        throw blankLineMissing()
      }
      if (line.trim() === '') return readPartHeaders(lines)
      if (line.startsWith(this.#delimiter.toString('latin1', 1))) throw blankLineMissing()
      left -= line.length
      lines.push(line)
    }
  }

  /** One line without its end; null where the body ends before that. */
  async #line(maxBytes: number): Promise<string | null> {
    const pieces: Buffer[] = []
    let length = 0
    for (;;) {
      const end = this.#bytes.indexOf(0x0a)
      const piece = end === -1 ? this.#bytes : this.#bytes.subarray(0, end)
      pieces.push(piece)
      length += piece.length
      if (length > maxBytes) throw headersTooLarge()
      if (end !== -1) {
        this.#bytes = this.#bytes.subarray(end + 1)
        return Buffer.concat(pieces).toString('latin1').replace(/\r$/, '')
      }
      this.#bytes = Buffer.alloc(0)
      if (this.#isEnded) return length === 0 ? null : unfinishedLine(Buffer.concat(pieces))
      await this.#more()
    }
  }

  async #more(): Promise<void> {
    const chunk = await this.#pull()
    if (chunk === null) this.#isEnded = true
    else this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
  }

  async #drain(): Promise<void> {
    this.#bytes = Buffer.alloc(0)
    while (!this.#isEnded) {
      await this.#more()
      this.#bytes = Buffer.alloc(0)
    }
  }
}

/** The body ended inside of a part: whoever reads a file must not take it for whole. */
export class BodyEndedInPart extends Failure {
  constructor() {
    super(
      'body_unreadable',
      'The multipart body ends inside of a file. Send it whole, with its last boundary.',
    )
  }
}

function unfinishedLine(line: Buffer): null {
  if (line.toString('latin1').trim() === '') return null
  throw blankLineMissing()
}

function noDelimiter(): Failure {
  return new Failure(
    'body_unreadable',
    'The multipart body does not begin with its boundary. Leave its Content-Type to the library that makes the body.',
  )
}

function headersTooLarge(): Failure {
  return new Failure('body_unreadable', 'The headers of a part of the multipart body are larger than 16 KiB.')
}
