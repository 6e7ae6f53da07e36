import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { request } from 'node:https'
import type { Agent, RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { sentenceOf } from '../../lib/failure.ts'
import { collectEveryBytes, collectYoungGarbage } from '../../media/young-generation.ts'
import { baileys } from '../baileys/baileys.ts'

/** Where the phone's files for its devices are fetched from. */
export interface DownloadPlace {
  agent: Agent
  /** Hosts in the order in which they are tried. Throws where they are not known. */
  hostnames: () => Promise<readonly string[]>
}

/** A file as the phone describes it; `purpose` is WhatsApp's name of its kind, which its keys are derived for. */
export interface EncryptedFile {
  directPath?: string | null
  mediaKey?: Uint8Array | null
  fileSha256?: Uint8Array | null
  fileEncSha256?: Uint8Array | null
  purpose: 'md-msg-hist' | 'md-app-state'
}

/** The file is gone from the media host, or is not what the phone said: asking again is of no use. */
export class FileLost extends Error {}

const stalledAfterMs = 30_000
/** WhatsApp cuts its MAC to so many bytes. */
const macBytes = 10
const goneStatuses: ReadonlySet<number | undefined> = new Set([403, 404, 410])

/**
 * The decrypted pieces of a file, while it arrives. Its MAC and hashes are known only at the end: what is made of the
 * pieces counts once this has returned.
 *
 * @throws FileLost; any other Error where no host could be reached
 */
export async function* download(
  place: DownloadPlace,
  file: EncryptedFile,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  const response = await open(place, file)
  const { iv, cipherKey, macKey } = await baileys().getMediaKeys(
    file.mediaKey ?? new Uint8Array(),
    file.purpose,
  )
  const encryptedHash = createHash('sha256')
  const plainHash = createHash('sha256')
  const mac = createHmac('sha256', macKey ?? '').update(iv)
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv)
  let held = Buffer.alloc(0)
  let bytes = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > maxBytes) throw new FileLost('the file is larger than any that is taken')
    if (bytes % collectEveryBytes < piece.length) collectYoungGarbage()
    encryptedHash.update(piece)
    const all = Buffer.concat([held, piece])
    const ready = all.subarray(0, Math.max(0, all.length - macBytes))
    held = all.subarray(ready.length)
    mac.update(ready)
    const plain = decipher.update(ready)
    plainHash.update(plain)
    yield plain
  }
  if (!isSame(mac.digest().subarray(0, macBytes), held)) throw new FileLost('the MAC of the file is wrong')
  const last = decipher.final()
  plainHash.update(last)
  yield last
  if (!isSame(encryptedHash.digest(), file.fileEncSha256) || !isSame(plainHash.digest(), file.fileSha256)) {
    throw new FileLost('the hash of the file is wrong')
  }
}

/** The whole file, where it has no more than so many bytes. @throws as `download` */
export async function downloadWhole(
  place: DownloadPlace,
  file: EncryptedFile,
  maxBytes: number,
): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of download(place, file, maxBytes)) parts.push(part)
  return Buffer.concat(parts)
}

/** Tries the hosts in order. */
async function open(place: DownloadPlace, file: EncryptedFile): Promise<IncomingMessage> {
  const { directPath } = file
  if (!directPath?.startsWith('/')) throw new FileLost('the file has no address')
  let reason: unknown = new Error('WhatsApp named no host for files')
  for (const hostname of await place.hostnames()) {
    try {
      return await get(addressOf(hostname, directPath, file), { agent: place.agent })
    } catch (error) {
      if (error instanceof FileLost) throw error
      reason = error
    }
  }
  throw new Error(`no host gave the file: ${sentenceOf(reason)}`, { cause: reason })
}

/** The direct path has a query already (tulir/whatsmeow download.go). */
function addressOf(hostname: string, directPath: string, file: EncryptedFile): URL {
  const address = new URL(`https://${hostname}${directPath}`)
  address.searchParams.set('hash', Buffer.from(file.fileEncSha256 ?? []).toString('base64url'))
  address.searchParams.set('mms-type', file.purpose)
  address.searchParams.set('__wa-mms', '')
  return address
}

function get(address: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { Origin: baileys().DEFAULT_ORIGIN }
    const asked = request(address, { ...options, headers, timeout: stalledAfterMs }, (response) => {
      if (response.statusCode === 200) return resolve(response)
      response.resume()
      const reason = `the media host answered ${response.statusCode}`
      reject(goneStatuses.has(response.statusCode) ? new FileLost(reason) : new Error(reason))
    })
    asked.on('timeout', () => asked.destroy(new Error('the media host does not answer')))
    asked.once('error', reject)
    asked.end()
  })
}

function isSame(right: Buffer, given: Uint8Array | null | undefined): boolean {
  return (
    given !== null && given !== undefined && right.length === given.length && timingSafeEqual(right, given)
  )
}
