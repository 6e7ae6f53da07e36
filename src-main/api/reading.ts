import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Failure } from '../failure.ts'
import type { Upload } from '../media/media-file.ts'
import { cutOff, largestBody, tooLarge } from './body-limits.ts'
import { decodeText } from './decoding.ts'
import { readForm } from './form.ts'
import { readMultipart, type FileReceiver } from './multipart.ts'
import type { Values } from './parameters.ts'

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

/**
 * Reads a request's body, as leniently as callers need it.
 *
 * @param receive takes in the field `file` of a multipart body; null where the call takes none
 * @throws Failure body_too_large, json_invalid, content_type_unknown, body_unreadable, and those of `receive`
 */
export async function readBody(
  request: IncomingMessage,
  known: ReadonlySet<string>,
  receive: FileReceiver | null,
): Promise<Body> {
  if (!hasBody(request.headers)) return nothing
  const type = contentTypeOf(request.headers)
  refuseEncoded(request.headers)
  if (type.name === 'multipart/form-data') {
    const { fields, upload } = await readMultipart(request, receive)
    return { values: tidy(fields), upload }
  }
  const bytes = await collect(request)
  if (bytes.length === 0) return nothing
  return { values: valuesOf(decodeText(bytes, type.charset), type.name, known), upload: null }
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

function contentTypeOf(headers: IncomingHttpHeaders): { name: string; charset: string } {
  const [name = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';')
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='))
  return { name: name.trim(), charset: charset?.slice('charset='.length).replaceAll('"', '') ?? 'utf-8' }
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

/** The body's bytes; what is beyond the limit is read on and thrown away, so that the answer arrives. */
function collect(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > largestBody) throw tooLarge()
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= largestBody) chunks.push(chunk)
    else reject(tooLarge())
  })
  request.once('end', () => {
    resolve(Buffer.concat(chunks))
  })
  request.once('error', () => {
    reject(cutOff())
  })
  return promise
}
