import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'

/** The directory of a zip archive (PKWARE APPNOTE 4.3.12). */
export interface ZipArchive {
  /** Of the names, in lower case and with `/` between folders, the entries. */
  readonly entries: ReadonlyMap<string, ZipEntry>
}

export interface ZipEntry {
  /** Bytes in the archive. */
  readonly bytes: number
  /** 0: stored; 8: deflated. */
  readonly method: number
  readonly isEncrypted: boolean
  /** Where its local header begins. */
  readonly at: number
}

/**
 * Reads the central directory: it is what every program that opens the archive reads. null where there is none: the
 * file is cut short.
 */
export async function readZip(file: FileHandle): Promise<ZipArchive | null> {
  const { size } = await file.stat()
  const tailStart = Math.max(0, size - maxEndBytes)
  const tail = await readAt(file, tailStart, size - tailStart)
  const end = tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1')
  if (end === -1 || end + endBytes > tail.length) return null
  const place = await directoryPlace(file, tail, end)
  if (place === null || place.start + place.bytes > size) return null
  const directory = await readAt(file, place.start, Math.min(place.bytes, maxDirectoryBytes))
  return { entries: entriesIn(directory) }
}

/** What an entry holds, at most `maxBytes` of it; null where it is encrypted, damaged, or packed in another way. */
export async function readEntry(file: FileHandle, entry: ZipEntry, maxBytes: number): Promise<Buffer | null> {
  if (entry.isEncrypted) return null
  const header = await readAt(file, entry.at, 30)
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04_03_4b_50) return null
  const start = entry.at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = await readAt(file, start, Math.min(entry.bytes, maxBytes))
  if (entry.method === 0) return packed
  if (entry.method !== 8) return null
  return inflate(packed, { maxOutputLength: maxBytes }).catch(() => null)
}

const inflate = promisify(inflateRaw) as (
  packed: Buffer,
  options: { maxOutputLength: number },
) => Promise<Buffer>

const endBytes = 22
/** The end record may be followed by a comment of up to 65,535 bytes. */
const maxEndBytes = endBytes + 65_535
/** Archives of more entries are judged by the first of them. */
const maxDirectoryBytes = 1_048_576
const zip64LocatorBytes = 20
const inZip64 = 0xff_ff_ff_ff

async function directoryPlace(
  file: FileHandle,
  tail: Buffer,
  end: number,
): Promise<{ start: number; bytes: number } | null> {
  const bytes = tail.readUInt32LE(end + 12)
  const start = tail.readUInt32LE(end + 16)
  if (start !== inZip64 && bytes !== inZip64) return { start, bytes }
  // Some writers use the large form (4.3.14) for small files, too.
  const locator = end - zip64LocatorBytes
  if (locator < 0 || tail.readUInt32LE(locator) !== 0x07_06_4b_50) return null
  const record = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56)
  if (record.length < 56 || record.readUInt32LE(0) !== 0x06_06_4b_50) return null
  return { start: Number(record.readBigUInt64LE(48)), bytes: Number(record.readBigUInt64LE(40)) }
}

function entriesIn(directory: Buffer): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>()
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02_01_4b_50;) {
    const nameBytes = directory.readUInt16LE(at + 28)
    const name = directory.toString('utf8', at + 46, at + 46 + nameBytes)
    entries.set(name.replaceAll('\\', '/').toLowerCase(), {
      bytes: directory.readUInt32LE(at + 20),
      method: directory.readUInt16LE(at + 10),
      isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      at: directory.readUInt32LE(at + 42),
    })
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(position) || position < 0 || length <= 0) return Buffer.alloc(0)
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
