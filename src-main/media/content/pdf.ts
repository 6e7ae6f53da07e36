import type { FileHandle } from 'node:fs/promises'
import { damaged, sniffed, type Sniffed } from './formats.ts'

/** Readers accept a PDF behind so many bytes of something else (ISO 32000-1, Annex H, 3.4.1). */
const maxBeforeHeaderBytes = 1_024
/** In which the place of the last cross-reference table stands; readers look through less. */
const endBytes = 2_048
const pieceBytes = 65_536
/** Fewer of the same byte are no padding: a file may end with two line ends. */
const minFillerBytes = 16

/**
 * A PDF, damaged where its end is missing; null for any other content. Behind anything that can be read it has to begin
 * a line and to end like one: a text may speak of `%PDF-`.
 */
export async function formatOfPdf(file: FileHandle, head: Buffer): Promise<Sniffed | null> {
  const at = head.subarray(0, maxBeforeHeaderBytes + 5).indexOf('%PDF-')
  if (at === -1) return null
  const tail = await endOf(file)
  // Writers by hand leave out the table's place, and readers find it; a file that was cut has neither.
  const isWhole = tail.includes('startxref') || tail.includes('%%EOF')
  if (/[^\s\0\ufeff]/.test(head.toString('utf8', 0, at))) {
    const beginsLine = head[at - 1] === 0x0a || head[at - 1] === 0x0d
    if (!beginsLine || !isWhole) return null
  }
  return isWhole ? sniffed('pdf') : damaged(sniffed('pdf'))
}

/** The last bytes before what some servers and disks pad files with: blanks, zeros, or one byte again and again. */
async function endOf(file: FileHandle): Promise<string> {
  const piece = Buffer.alloc(pieceBytes)
  const { size } = await file.stat()
  await file.read(piece, 0, 1, Math.max(0, size - 1))
  const [filler] = piece
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - pieceBytes)
    const { bytesRead } = await file.read(piece, 0, end - start, start)
    let length = bytesRead
    while (length > 0 && isPadding(piece[length - 1], filler)) length -= 1
    const last = start + length
    if (length > 0) return textBefore(file, size - last < minFillerBytes ? size : last)
    end = start
  }
  return ''
}

async function textBefore(file: FileHandle, end: number): Promise<string> {
  const start = Math.max(0, end - endBytes)
  const content = Buffer.alloc(end - start)
  const { bytesRead } = await file.read(content, 0, content.length, start)
  return content.toString('latin1', 0, bytesRead)
}

const isPadding = (byte: number | undefined, filler: number | undefined): boolean =>
  byte === filler || byte === 0 || byte === 0x20 || byte === 0x0a || byte === 0x0d
