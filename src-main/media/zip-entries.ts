import type { FileHandle } from 'node:fs/promises'
import { sniffed, type Sniffed } from './formats.ts'

/**
 * Tells office files from plain archives by the names in the central directory (PKWARE APPNOTE 4.3.12): it is what
 * every program that opens the file reads, and a file cut short has none.
 */
export async function formatOfZip(file: FileHandle): Promise<Sniffed> {
  const names = await entryNames(file)
  if (names === null) return { ...sniffed('zip'), damaged: true } as Sniffed
  const first = rules.find(({ entry }) => names.has(entry))
  if (first) return first.is
  return sniffed('zip')
}

const other = (name: string, mimeType: string, extension: string): Sniffed => ({
  format: 'other',
  name,
  mimeType,
  extension,
})

const rules: readonly { entry: string; is: Sniffed }[] = [
  { entry: 'xl/workbook.xml', is: sniffed('xlsx') },
  { entry: 'word/document.xml', is: sniffed('docx') },
  {
    entry: 'xl/workbook.bin',
    is: other('a binary Excel file', 'application/vnd.ms-excel.sheet.binary.macroenabled.12', 'xlsb'),
  },
  {
    entry: 'ppt/presentation.xml',
    is: other(
      'a PowerPoint file',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      'pptx',
    ),
  },
  {
    entry: 'AndroidManifest.xml',
    is: other('an Android app', 'application/vnd.android.package-archive', 'apk'),
  },
  { entry: 'META-INF/MANIFEST.MF', is: other('a Java archive', 'application/java-archive', 'jar') },
  { entry: 'META-INF/container.xml', is: other('an EPUB book', 'application/epub+zip', 'epub') },
  {
    entry: 'META-INF/manifest.xml',
    is: other('an OpenDocument file', 'application/vnd.oasis.opendocument.text', 'odt'),
  },
]

const endLength = 22
/** The end record may be followed by a comment of up to 65,535 bytes. */
const longestEnd = endLength + 65_535
/** Archives of more entries are judged by the first of them. */
const longestDirectory = 1_048_576

async function entryNames(file: FileHandle): Promise<Set<string> | null> {
  const { size } = await file.stat()
  const tail = await readAt(file, Math.max(0, size - longestEnd), Math.min(size, longestEnd))
  const end = tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1')
  if (end === -1 || end + endLength > tail.length) return null
  const bytes = tail.readUInt32LE(end + 12)
  const start = tail.readUInt32LE(end + 16)
  // Zip64: the directory's place is told elsewhere; that large it is nobody's office file.
  if (start === 0xff_ff_ff_ff) return new Set()
  if (start + bytes > size) return null
  return namesIn(await readAt(file, start, Math.min(bytes, longestDirectory)))
}

function namesIn(directory: Buffer): Set<string> {
  const names = new Set<string>()
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02_01_4b_50;) {
    const nameLength = directory.readUInt16LE(at + 28)
    names.add(directory.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/'))
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return names
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
