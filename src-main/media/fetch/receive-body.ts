import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Transform, type Readable, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { Failure } from '../../lib/failure.ts'
import { isUncompressed } from '../../lib/text-encoding/compression-name.ts'
import { Flushing } from '../files/flushing.ts'
import type { FetchProgress } from '../files/media-file.ts'
import { collectEveryBytes, collectYoungGarbage } from '../young-generation.ts'

/** The most bytes that are taken, and the setting that says so. */
export interface SizeLimit {
  readonly bytes: number
  readonly setting: 'media.maxImageMiB' | 'media.maxAudioMiB' | 'media.maxVideoMiB' | 'media.maxDocumentMiB'
}

export interface Received {
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

export interface ReceiveOptions {
  readonly path: string
  readonly limit: SizeLimit
  /** Whether the file is to outlive a power cut from when this resolves. */
  readonly lasting?: boolean
  /** Called before so many bytes more are written; what it throws ends the receiving. */
  readonly grow?: (bytes: number) => void
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** An answer's body and the two headers that say how to read it. */
export interface Answer {
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Readable
}

/**
 * Streams an answer's body to the new file `path` (0600), decoded, counted and hashed on the way; what is
 * counted is what arrives on the disk, whatever Content-Length says.
 *
 * @throws Failure media_too_large, media_empty; whatever the stream or the disk throws
 */
export async function receiveBody(answer: Answer, options: ReceiveOptions): Promise<Received> {
  const encoding = String(answer.headers['content-encoding'] ?? '').toLowerCase()
  const decoders = await decodersOf(encoding, answer.body, options.signal)
  const length = Number(answer.headers['content-length'])
  const total = decoders.length === 0 && Number.isSafeInteger(length) ? length : null
  if (total !== null && total > options.limit.bytes) {
    answer.body.on('error', () => undefined)
    answer.body.destroy()
    throw tooLarge(options.limit)
  }
  if (decoders.length === 0) return receiveStream([answer.body], { ...options, total })
  const limit = { ...options.limit, bytes: Math.min(options.limit.bytes, maxDecodedBytes) }
  const tooMuch = limit.bytes < options.limit.bytes ? tooLargeCompressed : () => tooLarge(limit)
  const streams = [answer.body, new ByteBound(limit.bytes + maxEncodingOverheadBytes, tooMuch), ...decoders]
  return receiveStream(streams as [Readable, ...Transform[]], { ...options, limit, tooMuch, total })
}

/** Through a decoder, before and after it: an encoding of nothing (empty gzip members) may go on for ever, too. */
const maxDecodedBytes = 200_000_000
/** What an encoding may add to a file that cannot be compressed. */
const maxEncodingOverheadBytes = 1_048_576

/** Gathered for one write: with the stream's own 64 KiB each piece of a fast upload would be a write of its own. */
const writeBytes = 512 * 1024

interface StreamOptions extends ReceiveOptions {
  /** Bytes in all, where they are known. */
  readonly total: number | null
  /** The error of a file above the limit, where it is not that the setting's limit is exceeded. */
  readonly tooMuch?: () => Failure
}

/** The same for any stream: an upload is one without an answer around it. */
export async function receiveStream(
  streams: readonly [Readable, ...Transform[]],
  options: StreamOptions,
): Promise<Received> {
  const flushing = options.lasting === true ? new Flushing(options.path) : null
  const meter = new Meter(options, () => {
    collectYoungGarbage()
    flushing?.begin()
  })
  const file = createWriteStream(options.path, { flags: 'wx', mode: 0o600, highWaterMark: writeBytes })
  const signal = options.signal ? { signal: options.signal } : {}
  try {
    await pipeline([...streams, meter, file], signal)
  } finally {
    await flushing?.rest()
  }
  if (meter.bytes === 0) throw new Failure('media_empty', 'The file is empty.')
  await flushing?.finish()
  return { bytes: meter.bytes, sha256: meter.sha256() }
}

export function tooLarge(limit: SizeLimit): Failure {
  const mebibytes = Math.floor(limit.bytes / 1_048_576)
  return new Failure(
    'media_too_large',
    `The file is larger than ${mebibytes} MiB, the limit that the setting ${limit.setting} gives its kind.`,
  )
}

const tooLargeCompressed = (): Failure =>
  new Failure(
    'media_too_large',
    `The server sent the file compressed, and it is larger than ${maxDecodedBytes / 1_000_000} MB. ` +
      'Have it send the file as it is: Kurir asks for no compression.',
  )

/**
 * One encoding. Nothing was asked for (`accept-encoding: identity`), and servers that compress all the same do so once;
 * several (RFC 9110, 8.4) would multiply what a small body costs.
 */
async function decodersOf(encoding: string, body: Readable, signal?: AbortSignal): Promise<Transform[]> {
  const names = encoding
    .split(',')
    .map((name) => name.trim())
    .filter((name) => !isUncompressed(name))
  const [name] = names
  if (name === undefined) return []
  if (names.length > 1) throw unknownEncoding(encoding)
  if (name === 'gzip' || name === 'x-gzip') return [createGunzip()]
  if (name === 'br') return [createBrotliDecompress()]
  if (name === 'deflate') return [await inflateFor(body, signal)]
  throw unknownEncoding(encoding)
}

const unknownEncoding = (encoding: string): Failure =>
  new Failure(
    'media_unreachable',
    `The server sent the file compressed as "${encoding}", which is not supported.`,
  )

/** "deflate" is zlib's format by the standard and raw deflate by habit of some servers: the first byte tells. */
async function inflateFor(body: Readable, signal: AbortSignal | undefined): Promise<Transform> {
  if (body.readableLength === 0 && !body.readableEnded) await somethingOrTheEnd(body, signal)
  const first = body.read() as Buffer | null
  if (first === null) return createInflate()
  body.unshift(first)
  return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw()
}

/** A body that ends without a byte never becomes readable. */
async function somethingOrTheEnd(body: Readable, signal: AbortSignal | undefined): Promise<void> {
  const settled = new AbortController()
  const options = { signal: AbortSignal.any([settled.signal, ...(signal ? [signal] : [])]) }
  try {
    await Promise.race([once(body, 'readable', options), once(body, 'end', options)])
  } finally {
    settled.abort()
  }
}

/** Lets so many bytes pass. */
class ByteBound extends Transform {
  #left: number
  readonly #error: () => Failure

  constructor(maxBytes: number, error: () => Failure) {
    super()
    this.#left = maxBytes
    this.#error = error
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#left -= chunk.length
    if (this.#left < 0) return done(this.#error())
    done(null, chunk)
  }
}

/** Counts, limits, hashes and reports what passes through. */
class Meter extends Transform {
  bytes = 0
  readonly #options: StreamOptions
  readonly #hash: Hash = createHash('sha256')
  #reportedAt = 0
  readonly #onPiece: () => void
  #pieceAt = 0

  constructor(options: StreamOptions, onPiece: () => void) {
    super()
    this.#options = options
    this.#onPiece = onPiece
  }

  sha256(): string {
    return this.#hash.digest('hex')
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length
    const { limit, tooMuch } = this.#options
    if (this.bytes > limit.bytes) return done(tooMuch?.() ?? tooLarge(limit))
    try {
      this.#options.grow?.(chunk.length)
    } catch (error) {
      return done(error as Error)
    }
    this.#hash.update(chunk)
    if (this.bytes - this.#pieceAt >= collectEveryBytes) {
      this.#pieceAt = this.bytes
      this.#onPiece()
    }
    this.#report()
    done(null, chunk)
  }

  override _flush(done: TransformCallback): void {
    this.#reportedAt = 0
    this.#report()
    done()
  }

  /** At most four times a second: a progress bar shows no more. */
  #report(): void {
    const now = Date.now()
    if (now - this.#reportedAt < 250) return
    this.#reportedAt = now
    this.#options.onProgress?.({ bytes: this.bytes, total: this.#options.total })
  }
}
