import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { request } from 'node:https'
import type { Agent } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { MediaType } from '@whiskeysockets/baileys'
import { Failure, sentenceOf } from '../../failure.ts'
import type { MediaFile } from '../../media/media-file.ts'
import { collectEveryBytes, collectYoungGarbage } from '../../media/young-garbage.ts'
import { baileys } from '../baileys/baileys.ts'
import type { Connection } from './connection.ts'

/** A host that takes nothing for so long is given up. */
const stalledAfter = 30_000
/** WhatsApp cuts its MAC to so many bytes. */
const macBytes = 10

/** What a message says of its file: where it lies, and how it is opened. Keys are null for newsletters. */
export interface Uploaded {
  url: string
  directPath: string
  fileSha256: Buffer
  fileLength: number
  sealed: { mediaKey: Buffer; fileEncSha256: Buffer } | null
}

export interface UploadOptions {
  agent: Agent
  /** Newsletters are public: their files are not encrypted. */
  open: boolean
  onProgress?: (bytes: number, total: number) => void
}

/**
 * Encrypts a file as WhatsApp does (AES-256-CBC and HMAC-SHA-256 under keys derived from a fresh media key)
 * and uploads it. It is read twice, first for the hash that its address needs, so that neither memory nor
 * disk ever holds a second copy.
 *
 * @throws Failure media_upload_failed, media_unreadable
 */
export async function uploadMedia(
  connection: Connection,
  file: MediaFile,
  mediaType: MediaType,
  options: UploadOptions,
): Promise<Uploaded> {
  const mediaKey = options.open ? null : randomBytes(32)
  const keys = mediaKey === null ? null : await baileys().getMediaKeys(mediaKey, mediaType)
  const { digest, bytes, mac } = await firstReading(file, keys)
  // The second time everything is known but the bytes themselves.
  const content = (): AsyncIterable<Buffer> => (keys === null ? plain(file) : encrypted(file, keys, mac))
  const place = await toAnyHost(connection, { digest, bytes, mediaType, content, ...options })
  return {
    ...place,
    fileSha256: Buffer.from(file.sha256, 'hex'),
    fileLength: file.bytes,
    sealed: mediaKey === null ? null : { mediaKey, fileEncSha256: digest },
  }
}

interface CipherKeys {
  iv: Uint8Array
  cipherKey: Uint8Array
  macKey?: Uint8Array
}

/** Bytes read at a time: large enough that their number costs nothing, small enough for a small PC. */
const pieceBytes = 256 * 1024

/**
 * The file's content, all of it through one buffer: a piece lasts until the next is asked for. The ciphertext that
 * is made of it has buffers of its own, which are collected as the file passes.
 */
async function* pieces(file: MediaFile): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(pieceBytes)
  let bytes = 0
  await using opened = await open(file.path)
  for (;;) {
    const { bytesRead } = await opened.read(buffer, 0, buffer.length)
    if (bytesRead === 0) break
    bytes += bytesRead
    if (bytes % collectEveryBytes < bytesRead) collectYoungGarbage()
    yield buffer.subarray(0, bytesRead)
  }
  // The message says how long it is, and under which hash: who opens another file finds it damaged.
  if (bytes !== file.bytes) {
    throw new Failure('media_unreadable', 'The file changed while it waited: send the request again.')
  }
}

/** The content in pieces that last: a socket keeps them until they are written. */
async function* plain(file: MediaFile): AsyncGenerator<Buffer> {
  for await (const piece of pieces(file)) yield Buffer.from(piece)
}

/** The ciphertext, and behind it `mac`. */
async function* encrypted(file: MediaFile, keys: CipherKeys, mac: Buffer): AsyncGenerator<Buffer> {
  const cipher = createCipheriv('aes-256-cbc', keys.cipherKey, keys.iv)
  for await (const piece of pieces(file)) yield cipher.update(piece)
  yield cipher.final()
  yield mac
}

/** What must be known before anything is uploaded: the hash and length of what will be, and the MAC. */
async function firstReading(
  file: MediaFile,
  keys: CipherKeys | null,
): Promise<{ digest: Buffer; bytes: number; mac: Buffer }> {
  const hash = createHash('sha256')
  const none = Buffer.alloc(0)
  let bytes = 0
  const hmac = keys === null ? null : createHmac('sha256', keys.macKey ?? '').update(keys.iv)
  for await (const chunk of keys === null ? pieces(file) : encrypted(file, keys, none)) {
    hmac?.update(chunk)
    hash.update(chunk)
    bytes += chunk.length
  }
  const mac = hmac === null ? none : hmac.digest().subarray(0, macBytes)
  return { digest: hash.update(mac).digest(), bytes: bytes + mac.length, mac }
}

interface Parcel extends UploadOptions {
  digest: Buffer
  bytes: number
  mediaType: MediaType
  content: () => AsyncIterable<Buffer>
}

type Place = Pick<Uploaded, 'url' | 'directPath'>

/** Tries the hosts that the server names in order; once more with fresh ones when all refuse. */
async function toAnyHost(connection: Connection, parcel: Parcel): Promise<Place> {
  let reason = 'WhatsApp named no host for files'
  for (const fresh of [false, true]) {
    const { hosts, auth } = await hostsOf(connection, fresh)
    for (const { hostname } of hosts) {
      try {
        return await toHost(addressOf(hostname, auth, parcel), parcel)
      } catch (thrown) {
        reason = sentenceOf(thrown)
      }
    }
  }
  throw failed(reason)
}

async function hostsOf(
  connection: Connection,
  fresh: boolean,
): Promise<{ hosts: { hostname: string }[]; auth: string }> {
  try {
    return await connection.orItsEnd(connection.socket.refreshMediaConn(fresh), () => {
      throw new Error('the connection ended')
    })
  } catch (thrown) {
    throw failed(sentenceOf(thrown), thrown)
  }
}

function addressOf(hostname: string, auth: string, { digest, mediaType }: Parcel): URL {
  const folder = baileys().MEDIA_PATH_MAP[mediaType] ?? ''
  const token = digest.toString('base64url')
  return new URL(`https://${hostname}${folder}/${token}?auth=${encodeURIComponent(auth)}&token=${token}`)
}

/** The answer's JSON is all that counts; its HTTP status is not what says whether the file was taken. */
async function toHost(address: URL, parcel: Parcel): Promise<Place> {
  const outgoing = request(address, {
    method: 'POST',
    agent: parcel.agent,
    timeout: stalledAfter,
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Length': parcel.bytes,
      Origin: baileys().DEFAULT_ORIGIN,
    },
  })
  outgoing.on('timeout', () => outgoing.destroy(new Error('the host for files does not answer')))
  const answered = bodyOf(outgoing)
  const sent = pipeline(Readable.from(counted(parcel)), outgoing)
  const [body] = await Promise.all([answered, sent])
  const answer = JSON.parse(body) as { url?: string; direct_path?: string }
  if (!answer.url && !answer.direct_path) throw new Error('the host for files did not take it')
  return { url: answer.url ?? '', directPath: answer.direct_path ?? '' }
}

async function* counted({ content, bytes, onProgress }: Parcel): AsyncGenerator<Buffer> {
  let done = 0
  for await (const chunk of endingAtOnce(content())) {
    yield chunk
    done += chunk.length
    onProgress?.(done, bytes)
  }
}

/**
 * Gives the last chunk when there is nothing left to do behind it, such as to close a file: a host may answer as soon as
 * it has that chunk, and an answer that is there before the request has ended counts as a cut line.
 */
async function* endingAtOnce(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer | null = null
  for await (const chunk of chunks) {
    if (held !== null) yield held
    held = chunk
  }
  if (held !== null) yield held
}

function bodyOf(outgoing: ReturnType<typeof request>): Promise<string> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject)
    outgoing.once('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.once('end', () => resolve(body))
      response.once('error', reject)
    })
  })
}

function failed(reason: string, cause?: unknown): Failure {
  return new Failure('media_upload_failed', `WhatsApp did not take the file: ${reason}.`, { cause })
}
