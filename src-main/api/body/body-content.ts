import { Failure } from '../../lib/failure.ts'
import { decodeText, unmarkedUtf16 } from '../../lib/text-encoding/charset.ts'
import { decodeEscapes, hasKnownName, readForm } from './form-body.ts'
import { looksLikeJson, readJson } from './json-body.ts'

/** What a body is said to be. */
export interface BodyType {
  /** The media type, in lower case; empty where none is named. */
  readonly name: string
  readonly charset: string | null
}

/**
 * The names and values of a body that is no multipart. What it is, its content says; its type only where that does not:
 * programs name the type that their library names, whatever they send.
 *
 * @throws Failure json_invalid, content_type_unknown, body_unreadable
 */
export function readContent(
  bytes: Buffer,
  type: BodyType,
  known: ReadonlySet<string>,
): [name: string, value: unknown][] {
  const isWide = isUtf16(bytes, type.charset)
  const text = isWide
    ? new TextDecoder(isWide).decode(bytes)
    : decodeText(bytes, type.charset).replace(/^\ufeff/, '')
  if (text.trim() === '' || text.trim() === 'null') return []
  const form = isWide ? Buffer.from(text) : withoutMark(bytes)
  const charset = isWide ? null : type.charset
  const encoded = encodedJson(form, charset)
  if (encoded !== null) return readJson(encoded)
  if (looksLikeJson(text)) return readJson(text)
  if (isForm(type.name) || hasKnownName(form, known)) return readForm(form, known, charset)
  if (isJson(type.name)) return readJson(text)
  throw new Failure(
    'content_type_unknown',
    `A body of the type ${type.name.slice(0, 80)} is not read. Use application/json, ` +
      'application/x-www-form-urlencoded or multipart/form-data.',
  )
}

/**
 * JSON that was encoded as a whole, as programs do that give the document to their form's function: jQuery, Postman and
 * VB6 make it the only name. It has its `=` behind it then. null where the body is none.
 */
function encodedJson(form: Buffer, charset: string | null): string | null {
  const text = form.toString('latin1').trim()
  if (!/^(?:%7b|%5b|[[{])(?:%0[9ad]|%20|[\s+]|%5b|%7b){0,40}(?:%22|%7d|%5d)/i.test(text)) return null
  // Where blanks are escapes, as of encodeURI(), a plus was written for itself.
  const plusIsPlus = /%20|\s/.test(text)
  return decodeEscapes(text.replace(/=$/, ''), plusIsPlus, charset)
}

/** Only these hold names and values in a way that is read. */
function isForm(type: string): boolean {
  return type === '' || type === 'application/x-www-form-urlencoded'
}

function isJson(type: string): boolean {
  return /^(application|text)\/(x-)?json$|\+json$/.test(type)
}

function isUtf16(bytes: Buffer, charset: string | null): string | null {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (/^utf-?16-?be$/i.test(charset ?? '')) return 'utf-16be'
  return unmarkedUtf16(bytes) ?? (/^utf-?16(-?le)?$|^ucs-?2$/i.test(charset ?? '') ? 'utf-16le' : null)
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}
