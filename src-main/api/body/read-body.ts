import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Failure } from '../../lib/failure.ts'
import type { Upload } from '../../media/files/media-file.ts'
import { keyIn } from '../middleware/authentication.ts'
import { askForBody } from '../middleware/expect-continue.ts'
import type { Values } from '../handlers/common-parameters.ts'
import { BodyChunks } from './body-chunks.ts'
import { readContent } from './body-content.ts'
import { maxBodyBytes, maxUnidentifiedBytes, tooLarge } from './body-limits.ts'
import { charsetOfEncoding } from './content-encoding.ts'
import { contentTypeOf, readableCharset } from './content-type.ts'
import { readForm } from './form-body.ts'
import { looksLikeJson } from './json-body.ts'
import { readMultipart, type FileReceiver } from './multipart.ts'
import { canonicalName } from './parameter-names.ts'
import { valuesByName } from './parameter-values.ts'

export interface Body {
  readonly values: Values
  readonly upload: Upload | null
}

const nothing: Body = { values: {}, upload: null }

/** The address's own values. */
export function readQuery(url: string, known: ReadonlySet<string>): Values {
  const begin = url.indexOf('?')
  if (begin === -1) return Object.create(null) as Values
  return valuesByName(readForm(url.slice(begin + 1), known), known)
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
  const encoded = charsetOfEncoding(request.headers)
  askForBody(request)
  const chunks = new BodyChunks(request)
  try {
    const type = contentTypeOf(request.headers)
    const charset = readableCharset(type.charset ?? encoded)
    const options = { boundary: type.boundary, charset, receiver }
    const begin = await chunks.peek(check.isIdentified ? Infinity : check.deadline)
    if (isMultipart(type.name, begin)) return await readParts(chunks, announced, known, check, options)
    if (announced > maxBodyBytes) throw tooLarge()
    const bytes = await collect(chunks, check)
    if (bytes.length === 0) return nothing
    if (!check.isIdentified && bytes.length > maxUnidentifiedBytes) check.searchKey(bytes)
    if (!check.isIdentified && bytes.length > maxUnidentifiedBytes) throw check.refusal
    const pairs = readContent(bytes, { name: type.name, charset }, known)
    return { values: valuesByName(pairs, known), upload: null }
  } catch (error) {
    // The headers had named a key that is not known, and the body has not named a better one in time.
    const isLate = error instanceof Failure && error.code === 'request_timeout'
    throw isLate && !check.mayWait ? check.refusal : error
  } finally {
    chunks.discard()
  }
}

/** What begins with a delimiter and a part's header is multipart under any type, and what begins as JSON is not. */
function isMultipart(type: string, begin: Buffer): boolean {
  const head = begin.toString('latin1', 0, 512)
  if (/^\s*--[^\r\n]+\r?\ncontent-/i.test(head)) return true
  return type.startsWith('multipart/') && !looksLikeJson(head)
}

async function readParts(
  chunks: BodyChunks,
  announced: number,
  known: ReadonlySet<string>,
  check: CallerCheck,
  options: { boundary: string | null; charset: string | null; receiver: FileReceiver | null },
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
      if (!check.isIdentified && canonicalName(name) === 'api_key') check.tryKey(keyIn(value))
    },
    mayReceive: () => {
      // A small body may name its key behind its file; of a large one nothing is kept until the key is there.
      if (!check.isIdentified && announced > maxUnidentifiedBytes) throw check.refusal
      return check.isIdentified
    },
  })
  return { values: valuesByName(fields, known), upload }
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
