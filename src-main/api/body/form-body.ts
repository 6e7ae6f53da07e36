import { maxFields, tooManyFields } from './body-limits.ts'
import { decodeText } from '../../lib/text-encoding/charset.ts'
import { canonicalName } from './parameter-names.ts'

/**
 * Reads `a=1&b=2`, the form of queries and of form bodies, as older callers write it. Escapes become bytes, and each
 * value's bytes a text: as UTF-8, as the charset that is declared, or as Windows-1252. A `%` that begins no escape stays
 * as it is; `%uXXXX` is that character. In one pass, whatever the text is.
 *
 * Where the text is visibly raw (a blank or a line break stands in it), a `+` is a plus; else it is a blank. An `&` that
 * a writer typed belongs to the value: one that no name follows ("Tom & Jerry", "R&D"), or, in a raw text, nothing that
 * looks like a name.
 *
 * @param written bytes as they came; a text stands for its UTF-8
 * @param known the names of the call, which need no `=` to end the value before them
 * @param declared the charset that a header names
 * @throws Failure body_unreadable for more names than a call can have
 */
export function readForm(
  written: Uint8Array | string,
  known: ReadonlySet<string> = new Set(),
  declared: string | null = null,
): [name: string, value: string][] {
  const text = Buffer.from(written as Uint8Array).toString('latin1')
  const plusIsPlus = /[\s]/.test(text.trim())
  const isRaw = plusIsPlus || /[^\x21-\x7e]/.test(text.trim())
  const read = (from: number, to: number) => decodeEscapes(text.slice(from, to), plusIsPlus, declared)
  const spans: Span[] = []
  let pieces = 0
  for (const piece of piecesOf(text)) {
    pieces += 1
    if (pieces > maxPieces) throw tooManyFields()
    const last = spans.at(-1)
    if (last !== undefined && isPartOfValue(text, piece, known, isRaw)) last.end = piece.end
    else if (piece.end > piece.start) spans.push(piece)
    if (spans.length > maxFields) throw tooManyFields()
  }
  return spans.map(({ start, equals, end }) => [
    read(start, equals).trim(),
    equals === end ? '' : read(equals + 1, end),
  ])
}

/** Whether a form of these bytes gives any name that the call knows. */
export function hasKnownName(bytes: Uint8Array, known: ReadonlySet<string>): boolean {
  const text = Buffer.from(bytes).toString('latin1')
  return piecesOf(text)
    .take(maxPieces)
    .some((piece) => piece.equals < piece.end && isKnown(text, piece, known))
}

/** Where a name begins, where it ends with its `=`, and where its value ends. */
interface Span {
  readonly start: number
  readonly equals: number
  end: number
}

/** What a text has between its `&`, at most: each is looked at. */
const maxPieces = 10_000
/** Characters of a name, at most, escapes included: what is longer names nothing. */
const maxNameCharacters = 1_024

function* piecesOf(text: string): Generator<Span, void> {
  for (let start = 0; start <= text.length;) {
    const ampersand = text.indexOf('&', start)
    const end = ampersand === -1 ? text.length : ampersand
    const equals = text.slice(start, Math.min(end, start + maxNameCharacters)).indexOf('=')
    yield { start, equals: equals === -1 ? end : start + equals, end }
    start = end + 1
  }
}

function isPartOfValue(text: string, piece: Span, known: ReadonlySet<string>, isRaw: boolean): boolean {
  const { start, equals, end } = piece
  // The text's last `&` separates it from nothing.
  if (start === end) return isRaw && end < text.length
  if (isKnown(text, piece, known)) return false
  if (equals === end) return true
  const name = text.slice(start, equals)
  if (/[\s+]|%20|%0[9ad]/i.test(name)) return true
  return isRaw && !/^[a-z_][\w.;%[\]-]*$/i.test(name)
}

function isKnown(text: string, { start, equals }: Span, known: ReadonlySet<string>): boolean {
  // The shortest way for what nearly all callers write.
  const name = text.slice(start, Math.min(equals, start + maxNameCharacters))
  return known.has(name) || known.has(canonicalName(decodeEscapes(name, false, null)))
}

/**
 * The text of a piece of a form, whose escapes are undone.
 *
 * @param text each character stands for a byte
 */
export function decodeEscapes(text: string, plusIsPlus: boolean, declared: string | null): string {
  const spaced = plusIsPlus || !text.includes('+') ? text : text.replaceAll('+', ' ')
  // Of a value that has characters by number, what stands between them is bytes of its own.
  return spaced
    .split(/((?:%u[\da-f]{4})+)/gi)
    .map((piece, index) => (index % 2 === 1 ? charactersByNumber(piece) : textOfBytes(piece, declared)))
    .join('')
}

/** `%u20AC`, as JavaScript's old escape() and VBScript write it. */
function charactersByNumber(escapes: string): string {
  return escapes.replaceAll(/%u([\da-f]{4})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

function textOfBytes(text: string, declared: string | null): string {
  const bytes = text.includes('%')
    ? text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
  return /[^\0-\x7f]/.test(bytes) ? decodeText(Buffer.from(bytes, 'latin1'), declared) : bytes
}
