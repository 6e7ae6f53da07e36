import { createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import type { Blobs } from './blobs.ts'
import type { MediaReference } from '../delivery/inbox.ts'

/** What a file turned out to be. */
export interface CheckedFile {
  /** Of the decrypted file, hex. */
  sha256: string
  bytes: number
}

const macBytes = 10
const blockBytes = 16
const purposes: Record<string, string> = {
  image: 'Image',
  video: 'Video',
  audio: 'Audio',
  document: 'Document',
}

/**
 * Downloads a file as a recipient's phone does: checks the hash of the encrypted file, its MAC, decrypts it
 * (AES-256-CBC, keys by HKDF from the message's media key) and checks the hash and length of the content.
 * Throws with a sentence where anything does not fit. `onContent` gets the decrypted bytes, piece by piece.
 */
export async function openFile(
  blobs: Blobs,
  media: MediaReference,
  onContent: (part: Buffer) => void = () => {},
): Promise<CheckedFile> {
  const encrypted = uploaded(blobs, media)
  const keys = keysOf(media)
  const outer = createHash('sha256')
  const inner = createHash('sha256')
  const mac = createHmac('sha256', keys.mac).update(keys.iv)
  const decipher = createDecipheriv('aes-256-cbc', keys.cipher, keys.iv)
  let bytes = 0
  const take = (part: Buffer): void => {
    bytes += part.length
    inner.update(part)
    onContent(part)
  }
  let held = Buffer.alloc(0)
  for await (const chunk of encrypted) {
    outer.update(chunk as Buffer)
    held = Buffer.concat([held, chunk as Buffer])
    const ready = held.subarray(0, Math.max(0, held.length - macBytes))
    held = held.subarray(ready.length)
    mac.update(ready)
    take(decipher.update(ready))
  }
  if (!mac.digest().subarray(0, macBytes).equals(held)) throw new Error('the MAC of the file is wrong')
  take(decipher.final())
  if (outer.digest('base64') !== media.fileEncSha256)
    throw new Error('the hash of the encrypted file is wrong')
  return checked(media, inner.digest(), bytes)
}

/** The same for a channel's file: it lies there as it is, and no key is told. */
export async function openPublicFile(
  blobs: Blobs,
  media: MediaReference,
  onContent: (part: Buffer) => void = () => {},
): Promise<CheckedFile> {
  if (media.mediaKey !== '') throw new Error('a file for a channel is encrypted')
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of uploaded(blobs, media)) {
    const part = chunk as Buffer
    bytes += part.length
    hash.update(part)
    onContent(part)
  }
  return checked(media, hash.digest(), bytes)
}

function uploaded(blobs: Blobs, { directPath }: MediaReference): NonNullable<ReturnType<Blobs['read']>> {
  const name = /\/([0-9a-f]{64})\.enc$/.exec(directPath)?.[1]
  const content = name === undefined ? null : blobs.read(name)
  if (content === null) throw new Error('the file is not on the media host')
  return content
}

function checked(media: MediaReference, sha256: Buffer, bytes: number): CheckedFile {
  if (sha256.toString('base64') !== media.fileSha256) throw new Error('the hash of the file is wrong')
  if (media.fileLength !== bytes) throw new Error(`the file has ${bytes} bytes, not ${media.fileLength}`)
  return { sha256: sha256.toString('hex'), bytes }
}

function keysOf(media: MediaReference): { iv: Buffer; cipher: Buffer; mac: Buffer } {
  const key = Buffer.from(media.mediaKey, 'base64')
  if (key.length !== 32) throw new Error('the media key is not of 32 bytes')
  const info = `WhatsApp ${purposes[media.type] ?? ''} Keys`
  const expanded = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), info, 112))
  return {
    iv: expanded.subarray(0, blockBytes),
    cipher: expanded.subarray(16, 48),
    mac: expanded.subarray(48, 80),
  }
}
