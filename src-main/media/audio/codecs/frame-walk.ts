import { open, type FileHandle } from 'node:fs/promises'
import { findMpegFrames, measureMpegFrame, tagBytesOf } from '../../content/sound-kinds.ts'

/** One frame's length in the file and in time; null: here is none. */
type Measure = (header: Buffer) => { bytes: number; seconds: number } | null

/** Bytes of a frame of 20 ms by its frame type, header byte included (RFC 4867, 5.3). */
const amrFrames = [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1]
const amrWideFrames = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1]
const aacRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
]

/** The duration of formats that state it nowhere: their frames are counted, from header to header. */
export async function secondsOfFrames(path: string, format: 'amr' | 'aac' | 'mp3'): Promise<number> {
  await using file = await open(path)
  const beginning = Buffer.alloc(10)
  await file.read(beginning, 0, 10, 0)
  const tagBytes = tagBytesOf(beginning)
  if (format === 'aac') return await walk(file, tagBytes, measureAdts)
  if (format === 'mp3') {
    const start = await findMpegFrames(file, tagBytes)
    return start === -1 ? 0 : await walk(file, start, measureMpegFrame)
  }
  const isWide = beginning.toString('latin1', 0, 9) === '#!AMR-WB\n'
  const lengths = isWide ? amrWideFrames : amrFrames
  return await walk(file, isWide ? 9 : 6, (header) => ({
    bytes: lengths[((header[0] ?? 0) >> 3) & 15] ?? 1,
    seconds: 0.02,
  }))
}

/** ISO/IEC 14496-3, 1.A.2.2: the sync word, the rate, the frame's length, blocks of 1,024 samples. */
function measureAdts(header: Buffer): { bytes: number; seconds: number } | null {
  if (header.length < 7 || header.readUInt16BE(0) >> 4 !== 0xf_ff) return null
  const rate = aacRates[((header[2] ?? 0) >> 2) & 15]
  const bytes = (header.readUIntBE(3, 3) >> 5) & 0x1f_ff
  const blocks = ((header[6] ?? 0) & 3) + 1
  return rate === undefined || bytes < 7 ? null : { bytes, seconds: (blocks * 1_024) / rate }
}

async function walk(file: FileHandle, start: number, measure: Measure): Promise<number> {
  const piece = Buffer.alloc(65_536)
  let seconds = 0
  for (let at = start; ;) {
    const { bytesRead } = await file.read(piece, 0, piece.length, at)
    let inPiece = 0
    // A header is at most seven bytes: one that the piece cuts is read with the next piece.
    const end = bytesRead < piece.length ? bytesRead : bytesRead - 7
    while (inPiece < end) {
      const frame = measure(piece.subarray(inPiece, Math.min(inPiece + 7, bytesRead)))
      if (frame === null) return seconds
      seconds += frame.seconds
      inPiece += frame.bytes
    }
    at += inPiece
    if (bytesRead < piece.length) return seconds
  }
}
