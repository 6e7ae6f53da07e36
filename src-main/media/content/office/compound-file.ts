import type { FileHandle } from 'node:fs/promises'
import { sniffed, type Sniffed } from '../formats.ts'

/**
 * Tells what an OLE compound file holds by its directory's entries (MS-CFB 2.6): .xls, .doc and .ppt share the
 * container with .msi, .msg and encrypted .docx.
 */
export async function formatOfCompoundFile(file: FileHandle, header: Buffer): Promise<Sniffed> {
  const entries = await readDirectory(file, header)
  return kindOf(namesAtRoot(entries)) ?? kindOf(new Set(entries.map(({ name }) => name))) ?? sniffed('ole')
}

const kindOf = (names: ReadonlySet<string>): Sniffed | undefined =>
  streams.find(([stream]) => names.has(stream))?.[1]

const streams: readonly [string, Sniffed][] = [
  ['EncryptedPackage', sniffed('encryptedOffice')],
  ['Workbook', sniffed('xls')],
  ['Book', sniffed('xls')],
  ['WordDocument', sniffed('doc')],
  [
    'PowerPoint Document',
    {
      format: 'other',
      name: 'an old PowerPoint file',
      mimeType: 'application/vnd.ms-powerpoint',
      extension: 'ppt',
    },
  ],
  [
    '__properties_version1.0',
    {
      format: 'other',
      name: 'an Outlook message',
      mimeType: 'application/vnd.ms-outlook',
      extension: 'msg',
    },
  ],
]

const endOfChain = 0xff_ff_ff_fa
/** The streams that matter are among a directory's first entries. */
const maxSectors = 64

interface DirectoryEntry {
  readonly name: string
  /** Numbers of other entries: the two beside it in its storage's tree, and the first of what is in it. */
  readonly left: number
  readonly right: number
  readonly child: number
}

async function readDirectory(file: FileHandle, header: Buffer): Promise<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = []
  if (header.length < 512) return entries
  const sectorSize = 1 << Math.min(header.readUInt16LE(30), 12)
  let sector = header.readUInt32LE(48)
  for (let read = 0; read < maxSectors && sector < endOfChain; read += 1) {
    const content = await readSector(file, sector, sectorSize)
    for (let at = 0; at + 128 <= content.length; at += 128)
      entries.push(entryOf(content.subarray(at, at + 128)))
    sector = await nextSector(file, header, sector, sectorSize)
  }
  return entries
}

const entryOf = (entry: Buffer): DirectoryEntry => ({
  name: entryName(entry),
  left: entry.readUInt32LE(68),
  right: entry.readUInt32LE(72),
  child: entry.readUInt32LE(76),
})

/** What is in the root itself: a Word file in which a workbook is embedded has the streams of both. */
function namesAtRoot(entries: readonly DirectoryEntry[]): Set<string> {
  const names = new Set<string>()
  const seen = new Set<number>()
  const waiting = [entries[0]?.child ?? 0]
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    const entry = entries[number]
    if (entry === undefined || seen.has(number)) continue
    seen.add(number)
    names.add(entry.name)
    waiting.push(entry.left, entry.right)
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
