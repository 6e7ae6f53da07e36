import { open, type FileHandle } from 'node:fs/promises'
import { formats, nothingKnown, sniffed, type Format, type Sniffed } from './formats.ts'
import { formatOfCompoundFile } from './office/compound-file.ts'
import { formatOfText } from './text-content.ts'
import { formatOfAvif, isMovingPng } from './moving-pictures.ts'
import { formatOfPdf } from './pdf.ts'
import {
  findMpegFrames,
  formatOfCaf,
  formatOfMatroska,
  formatOfMp4,
  isRowOfAdts,
  tagBytesOf,
} from './sound-kinds.ts'
import { formatOfZip } from './office/zip-kind.ts'

/** Reads from its content what a file is; its name and what a server said of it count for nothing. */
export async function sniff(path: string): Promise<Sniffed> {
  await using file = await open(path)
  const head = await headOf(file)
  const own = await ownJudgement(file, head)
  if (own) return typeof own === 'string' ? sniffed(own) : own
  const { fileTypeFromFile } = await import('file-type')
  const found = await fileTypeFromFile(path)
  const tagBytes = tagBytesOf(head)
  if (found === undefined || (found.ext === 'aac' && !(await isRowOfAdts(file, tagBytes)))) {
    return (await findMpegFrames(file, tagBytes)) === -1 ? nothingKnown : sniffed('mp3')
  }
  const format = byExtension(found.ext)
  if (format === null) {
    return { format: 'other', name: `a ${found.ext} file`, mimeType: found.mime, extension: found.ext }
  }
  const content = await inspectContent(file, format)
  return tagBytes === 0 ? content : ({ ...content, tagBytes } as Sniffed)
}

/** Formats whose containers hold more than one kind. */
function inspectContent(file: FileHandle, format: Format): Sniffed | Promise<Sniffed> {
  if (format === 'mp4' || format === 'm4a' || format === 'mov' || format === 'threeGp') {
    return formatOfMp4(file, format)
  }
  if (format === 'webm' || format === 'mkv') return formatOfMatroska(file, format)
  if (format === 'caf') return formatOfCaf(file)
  return format === 'png' ? formatOfPng(file) : sniffed(format)
}

async function formatOfPng(file: FileHandle): Promise<Sniffed> {
  return (await isMovingPng(file)) ? ({ ...sniffed('png'), moves: true } as Sniffed) : sniffed('png')
}

async function headOf(file: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(4_096)
  const { bytesRead } = await file.read(head, 0, head.length, 0)
  return head.subarray(0, bytesRead)
}

const compoundSignature = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/** Kinds for which file-type stops at the container, or is stricter than the programs that open them. */
async function ownJudgement(file: FileHandle, head: Buffer): Promise<Format | Sniffed | null> {
  const known = (await formatOfPdf(file, head)) ?? formatOfAvif(head)
  if (known) return known
  if (head.subarray(0, 8).equals(compoundSignature)) return formatOfCompoundFile(file, head)
  if (head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004')) || head.subarray(0, 4).equals(emptyZip)) {
    return formatOfZip(file)
  }
  // Workbooks of the first Excels, without a container ([MS-XLS] 2.4.21, BOF records of BIFF2 to BIFF4).
  if (oldWorkbooks.some((signature) => head.subarray(0, 4).equals(signature))) return 'xls'
  return formatOfText(head)
}

const oldWorkbooks = ['09000400', '09020600', '09040600'].map((hex) => Buffer.from(hex, 'hex'))

const emptyZip = Buffer.from('PK\u0005\u0006')

const fileTypeNames: Readonly<Record<string, Format>> = {
  apng: 'png',
  '3gp': 'threeGp',
  '3g2': 'threeGp',
  m4b: 'm4a',
  m4p: 'm4a',
  f4v: 'mp4',
  m4v: 'mp4',
  f4a: 'm4a',
  ogg: 'vorbis',
  oga: 'oggFlac',
  aif: 'aiff',
  caf: 'caf',
  opus: 'opus',
}

function byExtension(extension: string): Format | null {
  const named = fileTypeNames[extension]
  if (named) return named
  const known = Object.entries(formats).find(([, facts]) => facts.extensions[0] === extension)
  return known ? (known[0] as Format) : null
}
