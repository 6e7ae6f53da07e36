import { isUtf8 } from 'node:buffer'
import { maxFields, tooManyFields } from './body-limits.ts'

/**
 * Reads `a=1&b=2`, the form of queries and of form bodies, as older callers write it. A `%` that begins no escape
 * stays as it is, `+` is a space, the last of several equal names counts (as in PHP, for which this API was first
 * made). In one pass, whatever the text is.
 *
 * @param known names that need no `=` to end the value before them. Where given, and where the text is visibly
 *   not urlencoded (it holds a space, a line break or a letter beyond ASCII), an `&` that no `name=` follows is
 *   one the writer typed: "Tom & Jerry" stays whole.
 * @throws Failure body_unreadable for more names than a call can have
 */
export function readForm(text: string, known?: ReadonlySet<string>): [name: string, value: string][] {
  let isRaw: boolean | null = null
  const spans: Span[] = []
  for (const piece of piecesOf(text)) {
    const last = spans.at(-1)
    // The text is looked through last: what nearly all callers send has only names that are known.
    const isNoName = known !== undefined && last !== undefined && !isKnown(text, piece, known)
    if (isNoName && isText(text, piece) && (isRaw ??= isNotEncoded(text))) last.end = piece.end
    else if (piece.end > piece.start) spans.push(piece)
    if (spans.length > maxFields) throw tooManyFields()
  }
  return spans.map(({ start, equals, end }) => [
    decode(text.slice(start, equals)).trim(),
    decode(text.slice(equals + 1, end)),
  ])
}

/** Where a name begins, where it ends with its `=`, and where its value ends. */
interface Span {
  readonly start: number
  readonly equals: number
  end: number
}

function* piecesOf(text: string): Generator<Span> {
  for (let start = 0; start <= text.length;) {
    const ampersand = text.indexOf('&', start)
    const end = ampersand === -1 ? text.length : ampersand
    const equals = text.slice(start, Math.min(end, start + maxNameLength)).indexOf('=')
    yield { start, equals: equals === -1 ? end : start + equals, end }
    start = end + 1
  }
}

/** Characters of a name, at most, escapes included: what is longer names nothing. */
const maxNameLength = 1_024

function isKnown(text: string, { start, equals }: Span, known: ReadonlySet<string>): boolean {
  return known.has(decode(text.slice(start, equals)).trim())
}

function isText(text: string, { start, equals, end }: Span): boolean {
  return equals === end || !/^[a-z_][\w.[\]-]*$/i.test(text.slice(start, equals))
}

function isNotEncoded(text: string): boolean {
  return /[^\u0021-\u007e]/.test(text.trim())
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  return spaced.replaceAll(escapedRun, decodeRun)
}

/** Escapes that follow each other: their bytes may be characters only together. */
const escapedRun = /(?:%[\da-f]{2})+/gi

function decodeRun(run: string): string {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  // What is no UTF-8 in it stays as it was written.
  return bytes.toString('latin1').replaceAll(characters, (found, offset: number) => {
    const one = Buffer.from(found, 'latin1')
    return isUtf8(one) ? one.toString('utf8') : run.slice(offset * 3, (offset + found.length) * 3)
  })
}

const characters =
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\0-\x7f]|[\x80-\xff]/g
