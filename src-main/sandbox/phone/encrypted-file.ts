import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Blobs } from '../media/blobs.ts'

/** How a linked device finds and opens a file of its phone's. */
export interface FileReference {
  mediaKey: Buffer
  fileSha256: Buffer
  fileEncSha256: Buffer
  fileLength: number
  directPath: string
}

/**
 * Puts a file on the media host as a phone does: AES-256-CBC and a MAC cut to ten bytes, under keys that are derived
 * from a fresh media key.
 */
export async function storeEncrypted(
  blobs: Blobs,
  content: Buffer,
  purpose: 'History' | 'App State',
): Promise<FileReference> {
  const mediaKey = randomBytes(32)
  const info = `WhatsApp ${purpose} Keys`
  const keys = Buffer.from(hkdfSync('sha256', mediaKey, Buffer.alloc(0), info, 112))
  const iv = keys.subarray(0, 16)
  const cipher = createCipheriv('aes-256-cbc', keys.subarray(16, 48), iv)
  const encrypted = Buffer.concat([cipher.update(content), cipher.final()])
  const mac = createHmac('sha256', keys.subarray(48, 80)).update(iv).update(encrypted).digest()
  const { sha256 } = await blobs.save(Readable.from([Buffer.concat([encrypted, mac.subarray(0, 10)])]))
  return {
    mediaKey,
    fileSha256: createHash('sha256').update(content).digest(),
    fileEncSha256: Buffer.from(sha256, 'hex'),
    fileLength: content.length,
    // Direct paths of the real one carry a query already.
    directPath: `/v/t62.34105-24/${sha256}.enc?ccb=11-4&oh=practice&oe=practice`,
  }
}
