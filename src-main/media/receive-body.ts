import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Transform, type Readable, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { Failure } from '../failure.ts'
import { Flushing } from './flushing.ts'
import type { FetchProgress } from './media-file.ts'
import { collectEveryBytes, collectYoungGarbage } from './young-garbage.ts'

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
  return receiveStream([answer.body, ...decoders], { ...options, total })
}

/** Gathered for one write: with the stream's own 64 KiB each piece of a fast upload would be a write of its own. */
const writeBytes = 512 * 1024

/** The same for any stream: an upload is one without an answer around it. */
export async function receiveStream(
  streams: readonly [Readable, ...Transform[]],
  options: ReceiveOptions & { total: number | null },
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

/** Several encodings were applied in the order they are named (RFC 9110, 8.4). */
async function decodersOf(encoding: string, body: Readable, signal?: AbortSignal): Promise<Transform[]> {
  const names = encoding
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .toReversed()
  if (names.length > 2) throw unknownEncoding(encoding)
  const outermost = names[0] === 'deflate' ? await inflateFor(body, signal) : null
  return names.map((name, index) => {
    if (name === 'gzip' || name === 'x-gzip') return createGunzip()
    if (name === 'br') return createBrotliDecompress()
    if (name === 'deflate') return (index === 0 ? outermost : null) ?? createInflate()
    throw unknownEncoding(encoding)
  })
}

const unknownEncoding = (encoding: string): Failure =>
  new Failure('media_unreachable', `The server sent the file compressed as "${encoding}", which is not read.`)

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

/** Counts, limits, hashes and reports what passes through. */
class Meter extends Transform {
  bytes = 0
  readonly #options: ReceiveOptions & { total: number | null }
  readonly #hash: Hash = createHash('sha256')
  #reportedAt = 0
  readonly #onPiece: () => void
  #pieceAt = 0

  constructor(options: ReceiveOptions & { total: number | null }, onPiece: () => void) {
    super()
    this.#options = options
    this.#onPiece = onPiece
  }

  sha256(): string {
    return this.#hash.digest('hex')
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length
    if (this.bytes > this.#options.limit.bytes) return done(tooLarge(this.#options.limit))
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
