import type { FileHandle } from 'node:fs/promises'
import { sniffed, type Format, type Sniffed } from './formats.ts'

/**
 * Tells what an OLE compound file holds by its directory's entries (MS-CFB 2.6): .xls and .doc share the
 * container with .msi, .msg and encrypted .docx.
 */
export async function formatOfCompoundFile(file: FileHandle, header: Buffer): Promise<Sniffed> {
  const names = await entryNames(file, header)
  const known = streams.find(([stream]) => names.has(stream))
  if (known) return sniffed(known[1])
  return { format: 'other', name: 'an OLE file', mimeType: 'application/x-ole-storage', extension: 'bin' }
}

const streams: readonly [string, Format][] = [
  ['Workbook', 'xls'],
  ['Book', 'xls'],
  ['WordDocument', 'doc'],
  ['EncryptedPackage', 'encryptedOffice'],
]

const endOfChain = 0xff_ff_ff_fa
/** The streams that matter are among a directory's first entries. */
const mostSectors = 64

async function entryNames(file: FileHandle, header: Buffer): Promise<Set<string>> {
  const names = new Set<string>()
  if (header.length < 512) return names
  const sectorSize = 1 << Math.min(header.readUInt16LE(30), 12)
  let sector = header.readUInt32LE(48)
  for (let read = 0; read < mostSectors && sector < endOfChain; read += 1) {
    const content = await readSector(file, sector, sectorSize)
    for (let at = 0; at + 128 <= content.length; at += 128)
      names.add(entryName(content.subarray(at, at + 128)))
    sector = await nextSector(file, header, sector, sectorSize)
  }
  return names
}

/** UTF-16 with its length, closing zero included, in bytes. */
function entryName(entry: Buffer): string {
  const length = Math.min(entry.readUInt16LE(64), 64)
  return entry.toString('utf16le', 0, Math.max(0, length - 2))
}

/** The allocation table says which sector follows; its first 109 sectors are listed in the header. */
async function nextSector(file: FileHandle, header: Buffer, sector: number, size: number): Promise<number> {
  const perSector = size / 4
  const listed = Math.floor(sector / perSector)
  if (listed >= 109) return endOfChain
  const table = await readSector(file, header.readUInt32LE(76 + listed * 4), size)
  const at = (sector % perSector) * 4
  return at + 4 <= table.length ? table.readUInt32LE(at) : endOfChain
}

async function readSector(file: FileHandle, sector: number, size: number): Promise<Buffer> {
  const content = Buffer.alloc(size)
  const { bytesRead } = await file.read(content, 0, size, (sector + 1) * size)
  return content.subarray(0, bytesRead)
}
