import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Failure } from '../../failure.ts'
import type { Upload } from '../../media/media-file.ts'
import { askForBody } from '../expectation.ts'
import type { Values } from '../parameters.ts'
import { BodyChunks } from './body-chunks.ts'
import { maxBodyBytes, maxUnidentifiedBytes, tooLarge } from './body-limits.ts'
import { decodeText } from './charset.ts'
import { contentTypeOf } from './content-type.ts'
import { readForm } from './form.ts'
import { readMultipart, type FileReceiver } from './multipart.ts'

export interface Body {
  readonly values: Values
  readonly upload: Upload | null
}

const nothing: Body = { values: {}, upload: null }

/** The address's own values. */
export function readQuery(url: string, known: ReadonlySet<string>): Values {
  const begin = url.indexOf('?')
  if (begin === -1) return Object.create(null) as Values
  return tidy(readForm(url.slice(begin + 1), known))
}

/** Whether anything follows the headers. */
export function hasBody(headers: IncomingHttpHeaders): boolean {
  if (headers['transfer-encoding'] !== undefined) return true
  return headers['content-length'] !== undefined && Number(headers['content-length']) > 0
}

/** What is known of a request's caller while its body is read: only so much is done for one who is not known. */
export interface CallerCheck {
  readonly isIdentified: boolean
  /** What a caller who stays unknown is told. */
  readonly refusal: Failure
  /** Whether a body of so many bytes may be read to find out who asks. */
  mayRead(bytes: number): boolean
  /** Whether the body is all that can tell. */
  readonly mayWait: boolean
  /** By performance.now(): until then an unknown caller's body has to be there. */
  readonly deadline: number
  /** A value of the parameter that names the key. */
  tryKey(secret: string): void
  /** Looks for a key that is known in bytes that nobody has parsed. */
  searchKey(bytes: Buffer): void
}

/**
 * Reads a request's body, as leniently as callers need it. Of an unknown caller's body at most 64 KiB are parsed.
 *
 * @param receiver takes in the field `file` of a multipart body; null where the call takes none
 * @throws Failure body_too_large, json_invalid, content_type_unknown, body_unreadable, request_timeout, the check's
 *   refusal, and those of the receiver
 */
export async function readBody(
  request: IncomingMessage,
  known: ReadonlySet<string>,
  check: CallerCheck,
  receiver: FileReceiver | null,
): Promise<Body> {
  if (!hasBody(request.headers)) return nothing
  const announced = Number(request.headers['content-length'] ?? 0)
  if (!check.isIdentified && !check.mayRead(announced)) throw check.refusal
  refuseEncoded(request.headers)
  askForBody(request)
  const chunks = new BodyChunks(request)
  try {
    const type = contentTypeOf(request.headers)
    if (type.name === 'multipart/form-data') {
      const options = { boundary: type.boundary, charset: type.charset, receiver }
      return await readParts(chunks, announced, check, options)
    }
    if (announced > maxBodyBytes) throw tooLarge()
    const bytes = await collect(chunks, check)
    if (bytes.length === 0) return nothing
    if (!check.isIdentified && bytes.length > maxUnidentifiedBytes) check.searchKey(bytes)
    if (!check.isIdentified && bytes.length > maxUnidentifiedBytes) throw check.refusal
    return { values: valuesOf(decodeText(bytes, type.charset), type.name, known), upload: null }
  } catch (error) {
    // The headers had named a key that is not known, and the body has not named a better one in time.
    const isLate = error instanceof Failure && error.code === 'request_timeout'
    throw isLate && !check.mayWait ? check.refusal : error
  } finally {
    chunks.discard()
  }
}

async function readParts(
  chunks: BodyChunks,
  announced: number,
  check: CallerCheck,
  options: { boundary: string | null; charset: string; receiver: FileReceiver | null },
): Promise<Body> {
  let bytes = 0
  const pull = async () => {
    const chunk = await chunks.next(check.isIdentified ? Infinity : check.deadline)
    bytes += chunk?.length ?? 0
    if (!check.isIdentified && bytes > maxUnidentifiedBytes) throw check.refusal
    return chunk
  }
  const { fields, upload } = await readMultipart(pull, {
    ...options,
    onField: (name, value) => {
      if (!check.isIdentified && name.trim() === 'api_key') check.tryKey(value.trim())
    },
    mayReceive: () => {
      // A small body may name its key behind its file; of a large one nothing is kept until the key is there.
      if (!check.isIdentified && announced > maxUnidentifiedBytes) throw check.refusal
      return check.isIdentified
    },
  })
  return { values: tidy(fields), upload }
}

function valuesOf(text: string, type: string, known: ReadonlySet<string>): Values {
  if (isJson(type)) return parseJson(text)
  if (type === 'application/x-www-form-urlencoded')
    return jsonWithoutItsType(text) ?? tidy(readForm(text, known))
  // No content type: JSON, else a form; whatever is neither has no names that a call knows.
  if (type === '') return looksLikeJson(text) ? parseJson(text) : tidy(readForm(text, known))
  // What fetch() sends for a string when nobody names a type.
  if (type === 'text/plain' && looksLikeJson(text)) return parseJson(text)
  if (text.trim() === '') return {}
  throw unknownType()
}

function isJson(type: string): boolean {
  return type === 'application/json' || type === 'text/json' || type.endsWith('+json')
}

function looksLikeJson(text: string): boolean {
  return text.trimStart().startsWith('{')
}

function parseJson(text: string): Values {
  if (text.trim() === '') return {}
  const parsed = tryJson(text)
  if (parsed !== undefined) return parsed
  throw new Failure(
    'json_invalid',
    'The body is not a valid JSON object. Check its quotes and commas, and that line breaks in texts are \\n.',
  )
}

// curl -d '{…}' says that it is a form.
function jsonWithoutItsType(text: string): Values | undefined {
  return looksLikeJson(text) ? tryJson(text) : undefined
}

function tryJson(text: string): Values | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    // PHP writes an empty array for no parameters at all: Laravel's Http::post() with everything in its address.
    if (Array.isArray(parsed) && parsed.length === 0) return {}
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
    return tidy(Object.entries(parsed))
  } catch {
    // Not JSON: the callers of this function say what that means.
    return undefined
  }
}

/** Trims, drops what is empty, and writes numbers as text: `"number": 62812…` is a phone number like any. */
function tidy(pairs: Iterable<readonly [string, unknown]>): Values {
  const values = Object.create(null) as Values
  for (const [name, value] of pairs) {
    const tidied = tidyOne(value)
    if (tidied !== undefined) values[name] = tidied
  }
  return values
}

function tidyOne(value: unknown): unknown {
  if (value === null) return undefined
  if (typeof value === 'number') return isExact(value) ? String(value) : value
  if (typeof value !== 'string') return value
  const whole = value.includes('\0') ? value.replaceAll('\0', '') : value
  const text = whole.toWellFormed().trim()
  return text === '' ? undefined : text
}

// Beyond 2^53 JSON.parse has lost digits already, and 1e21 would be another number when its digits are read.
function isExact(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER
}

function refuseEncoded(headers: IncomingHttpHeaders): void {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() === 'identity') return
  throw new Failure(
    'content_type_unknown',
    'Compressed bodies are not read. Send the body without Content-Encoding.',
  )
}

function unknownType(): Failure {
  return new Failure(
    'content_type_unknown',
    'The body’s content type is not read. Use application/json, application/x-www-form-urlencoded or ' +
      'multipart/form-data.',
  )
}

async function collect(chunks: BodyChunks, check: CallerCheck): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for (;;) {
    const piece = await chunks.next(check.isIdentified ? Infinity : check.deadline)
    if (piece === null) return Buffer.concat(pieces)
    pieces.push(piece)
    length += piece.length
    if (length > maxBodyBytes) throw tooLarge()
    if (!check.isIdentified && !check.mayRead(length)) throw check.refusal
  }
}
