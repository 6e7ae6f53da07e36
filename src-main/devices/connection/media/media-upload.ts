import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { ClientRequest } from 'node:http'
import { request } from 'node:https'
import type { Agent } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { MediaType } from '@whiskeysockets/baileys'
import { Failure, sentenceOf } from '../../../lib/failure.ts'
import type { MediaFile, MediaKind } from '../../../media/files/media-file.ts'
import { collectEveryBytes, collectYoungGarbage } from '../../../media/young-generation.ts'
import { certificateSentence } from '../../../egress/certificate-error.ts'
import { isProxyFailure } from '../../../egress/proxy-failure.ts'
import { baileys } from '../../baileys/baileys.ts'
import type { Connection } from '../connection.ts'
import type { MediaConnection, MediaHosts } from './media-connection.ts'
import { describeError } from '../sending/send-outcome.ts'

/** A host that takes nothing for so long is given up. */
const stalledAfterMs = 30_000
/** WhatsApp cuts its MAC to so many bytes. */
const macBytes = 10

/** What a message says of its file: where it lies, and how it is opened. Keys are null for newsletters. */
export interface Uploaded {
  url: string
  directPath: string
  fileSha256: Buffer
  fileLength: number
  /** What a newsletter's stanza names it by; null where it is for somebody else. */
  handle: string | null
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
 * @throws Failure media_upload_failed, media_unreadable, device_disconnected, proxy_…
 */
export async function uploadMedia(
  connection: Connection,
  file: MediaFile,
  options: UploadOptions,
): Promise<Uploaded> {
  const mediaKey = options.open ? null : randomBytes(32)
  const keys = mediaKey === null ? null : await baileys().getMediaKeys(mediaKey, keyTypeOf(file.kind))
  const folder = options.open ? newsletterFolders[file.kind] : folderOf(file.kind)
  const { digest, bytes, mac } = await firstReading(file, keys)
  // The second time everything is known but the bytes themselves.
  const content = (): AsyncIterable<Buffer> => (keys === null ? plain(file) : encrypted(file, keys, mac))
  const place = await toAnyHost(connection, { digest, bytes, folder, content, ...options })
  return {
    ...place,
    fileSha256: Buffer.from(file.sha256, 'hex'),
    fileLength: file.bytes,
    sealed: mediaKey === null ? null : { mediaKey, fileEncSha256: digest },
  }
}

/** A voice note is audio that says so of itself: same keys, same place. */
function keyTypeOf(kind: MediaKind): MediaType {
  return kind === 'voice' ? 'audio' : kind
}

function folderOf(kind: MediaKind): string {
  return baileys().MEDIA_PATH_MAP[keyTypeOf(kind)] ?? ''
}

/**
 * Files of newsletters have places of their own: what lies elsewhere is acknowledged and shown to nobody.
 *
 * @see https://github.com/WhiskeySockets/Baileys/pull/2434 (seen on WhatsApp Web, and tried with rc14 on 2026-09-08)
 * @see https://github.com/tulir/whatsmeow (upload.go, rawUpload)
 */
const newsletterFolders: Readonly<Record<MediaKind, string>> = {
  image: '/newsletter/newsletter-image',
  video: '/newsletter/newsletter-video',
  audio: '/newsletter/newsletter-audio',
  voice: '/newsletter/newsletter-ptt',
  document: '/newsletter/newsletter-document',
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
  folder: string
  content: () => AsyncIterable<Buffer>
}

type Place = Pick<Uploaded, 'url' | 'directPath' | 'handle'>

/** What a host made of an upload: `auth` is refused, `busy` may pass elsewhere or later, `final` will not. */
type Answer = { taken: Place } | { refused: 'auth' | 'busy' | 'final'; reason: string; failure?: Failure }

/** How long to wait before all hosts are tried again, in milliseconds. */
const roundBackOffMs = [1_000, 4_000]

/**
 * Tries the hosts in the order in which WhatsApp names them, and all of them again after a while. An auth that is
 * refused is renewed once, and the same host tried with the new one; whatever else a host has against the file for
 * the moment (5xx, 507, 429, no answer) leads to the next host.
 */
async function toAnyHost(connection: Connection, parcel: Parcel): Promise<Place> {
  let known = await hostsOf(connection, (media) => media.hosts())
  let isRenewed = false
  let reason = 'no host took it'
  let proxyFailure: Failure | undefined
  for (const waitMs of [0, ...roundBackOffMs]) {
    await pause(waitMs)
    for (const hostname of known.hostnames) {
      let answer = await toHost(addressOf(hostname, known.auth, parcel), parcel)
      if ('refused' in answer && answer.refused === 'auth' && !isRenewed) {
        const refusedBy = known
        known = await hostsOf(connection, (media) => media.renew(refusedBy))
        isRenewed = true
        answer = await toHost(addressOf(hostname, known.auth, parcel), parcel)
      }
      if ('taken' in answer) return answer.taken
      ;({ reason, failure: proxyFailure } = answer)
      if (answer.refused !== 'busy') throw failed(reason)
    }
  }
  throw proxyFailure ?? failed(reason)
}

async function hostsOf(
  connection: Connection,
  ask: (media: MediaConnection) => Promise<MediaHosts>,
): Promise<MediaHosts> {
  const ended = (): never => {
    throw new Failure('device_disconnected', 'The connection ended before the file was uploaded.')
  }
  try {
    return await connection.raceWithClose(ask(connection.media), ended)
  } catch (error) {
    if (error instanceof Failure) throw error
    // Where the line is gone Baileys may say so before the connection does.
    if (!connection.open) return ended()
    throw failed(withoutStop(describeError(error)), error)
  }
}

function addressOf(hostname: string, auth: string, { digest, folder, open }: Parcel): URL {
  const token = digest.toString('base64url')
  const query = new URLSearchParams({ auth, token })
  if (open) query.set('server_thumb_gen', '1')
  if (folder.endsWith('-video')) query.set('server_transcode', '1')
  return new URL(`https://${hostname}${folder}/${token}?${query}`)
}

async function toHost(address: URL, parcel: Parcel): Promise<Answer> {
  const origin = baileys().DEFAULT_ORIGIN
  const outgoing = request(address, {
    method: 'POST',
    agent: parcel.agent,
    timeout: stalledAfterMs,
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Length': parcel.bytes,
      Origin: origin,
      Referer: `${origin}/`,
    },
  })
  outgoing.on('timeout', () => outgoing.destroy(new Error('the host for files does not answer')))
  try {
    return answerOf(await sent(outgoing, parcel), parcel.open)
  } catch (error) {
    if (isProxyFailure(error)) return { refused: 'busy', reason: withoutStop(error.message), failure: error }
    // The file itself, which changed or cannot be read, is another matter than its host.
    if (error instanceof Failure) throw error
    return {
      refused: 'busy',
      reason: withoutStop(certificateSentence(error, address.host) ?? sentenceOf(error)),
    }
  }
}

/** A host that refuses may answer before it has read the file, and then cut the line: the answer counts. */
async function sent(outgoing: ClientRequest, parcel: Parcel): Promise<HostAnswer> {
  const answered = responseTo(outgoing)
  const uploaded = pipeline(Readable.from(counted(parcel)), outgoing)
  uploaded.catch(() => {
    // It is told below, unless the host has answered.
  })
  try {
    const answer = await answered
    if (!outgoing.writableFinished) outgoing.destroy()
    return answer
  } catch (error) {
    await uploaded
    throw error
  }
}

interface HostAnswer {
  status: number
  body: string
}

/**
 * WhatsApp Web takes 401 and 403 for an auth that has run out, and other codes from 500 on, 408 and 429 for trouble
 * that passes (github.com/oxidezap/whatsapp-rust, src/upload.rs and src/mediaconn.rs).
 */
function answerOf({ status, body }: HostAnswer, open: boolean): Answer {
  const reason = `the host for files answered ${status}`
  if (status === 401 || status === 403) return { refused: 'auth', reason }
  if (status >= 500 || status === 408 || status === 429) return { refused: 'busy', reason }
  if (status >= 400) return { refused: 'final', reason }
  const { url = '', direct_path: directPath = '', handle = null } = parsed(body)
  if (url === '' && directPath === '')
    return { refused: 'busy', reason: 'the host for files did not take it' }
  if (open && handle === null) {
    return { refused: 'final', reason: 'its host gave no handle, without which no newsletter shows it' }
  }
  return { taken: { url, directPath, handle } }
}

function parsed(body: string): { url?: string; direct_path?: string; handle?: string } {
  try {
    return JSON.parse(body) as { url?: string; direct_path?: string; handle?: string }
  } catch {
    return {}
  }
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

function responseTo(outgoing: ClientRequest): Promise<HostAnswer> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject)
    outgoing.once('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.once('error', reject)
    })
  })
}

/** For a sentence that becomes the end of another one. */
const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '')

function failed(reason: string, cause?: unknown): Failure {
  return new Failure('media_upload_failed', `WhatsApp did not accept the file: ${reason}.`, { cause })
}
