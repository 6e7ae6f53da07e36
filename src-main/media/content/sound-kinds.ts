import type { FileHandle } from 'node:fs/promises'
import { readCaf } from './caf.ts'
import { damaged, sniffed, type Format, type Sniffed } from './formats.ts'
import { readMatroskaTracks } from './matroska.ts'
import { readMp4 } from './mp4.ts'

/** One container carries films and songs, and writers are careless with its brand: the tracks tell. */
export async function formatOfMp4(file: FileHandle, byBrand: Format): Promise<Sniffed> {
  const movie = await readMp4(file)
  if (movie === null) return damaged(sniffed(byBrand))
  if (movie.video !== null || movie.audio === null) return sniffed(byBrand === 'm4a' ? 'mp4' : byBrand)
  const { codec } = movie.audio
  if (codec === 'mp4a') return sniffed('m4a')
  return sniffed(mp4SoundCodecs[codec] ?? 'mp4Sound')
}

const mp4SoundCodecs: Readonly<Record<string, Format | undefined>> = {
  alac: 'alac',
  Opus: 'mp4Opus',
  samr: 'threeGpAmr',
  sawb: 'threeGpAmr',
}

/** A recording of a browser is a WebM without pictures. */
export async function formatOfMatroska(file: FileHandle, byType: 'webm' | 'mkv'): Promise<Sniffed> {
  const tracks = (await readMatroskaTracks(file)) ?? []
  const sound = tracks.find(({ kind }) => kind === 'audio')
  if (sound === undefined || tracks.some(({ kind }) => kind === 'video')) return sniffed(byType)
  return sniffed(sound.codec === 'A_OPUS' ? 'webmOpus' : 'webmSound')
}

export async function formatOfCaf(file: FileHandle): Promise<Sniffed> {
  const caf = await readCaf(file)
  if (caf === null) return damaged(sniffed('caf'))
  return sniffed(caf.codec === 'opus' ? 'cafOpus' : 'caf')
}

/** Bytes of the ID3 tag in front, its length in groups of seven bits; 0 where there is none (https://id3.org/id3v2.4.0-structure, 3.1). */
export function tagBytesOf(head: Buffer): number {
  if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return 0
  const footer = ((head[5] ?? 0) & 0x10) === 0 ? 0 : 10
  return 10 + footer + head.subarray(6, 10).reduce((length, byte) => (length << 7) | (byte & 0x7f), 0)
}

const firstBytes = 65_536
/** By how much a tag's length is wrong that a careless program wrote. */
const maxTagErrorBytes = 4_096
const minFrames = 3
/** So many cannot be chance: pictures of equal lines have a few bytes at equal distances that look like headers. */
const enoughFrames = 16

/**
 * Where MPEG sound begins that stands behind something else: zeros, or a tag whose length is wrong. Several frames in a
 * row are needed, each where the one before says, and no other thing behind the last; -1 where there are none.
 */
export async function findMpegFrames(file: FileHandle, tagBytes: number): Promise<number> {
  const start = Math.max(0, tagBytes - maxTagErrorBytes)
  const piece = Buffer.alloc(firstBytes)
  const { bytesRead } = await file.read(piece, 0, piece.length, start)
  const bytes = piece.subarray(0, bytesRead)
  for (let at = bytes.indexOf(0xff); at !== -1 && at + 4 <= bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    if (isRow(bytes, at)) return start + at
  }
  return -1
}

function isRow(bytes: Buffer, from: number): boolean {
  const first = measureMpegFrame(bytes.subarray(from, from + 4))
  let at = from
  for (let count = 0; count < enoughFrames; count += 1) {
    const isEnd = at + 4 > bytes.length || bytes.toString('latin1', at, at + 3) === 'TAG'
    if (isEnd && count >= minFrames) return true
    const frame = measureMpegFrame(bytes.subarray(at, at + 4))
    if (frame === null || frame.kind !== first?.kind) return false
    at += frame.bytes
  }
  return true
}

/**
 * Whether AAC begins there: a second frame where the first one says that it ends, or the file's end
 * (ISO/IEC 13818-7, 6.2). Twelve set bits alone stand at the beginning of other files, too.
 */
export async function isRowOfAdts(file: FileHandle, start: number): Promise<boolean> {
  const { size } = await file.stat()
  const header = Buffer.alloc(6)
  let at = start
  for (let count = 0; count < 2 && (count === 0 || at + header.length <= size); count += 1) {
    const { bytesRead } = await file.read(header, 0, header.length, at)
    if (bytesRead < header.length || (header.readUInt16BE(0) & 0xff_f6) !== 0xff_f0) return false
    at += (header.readUIntBE(3, 3) >> 5) & 0x1f_ff
  }
  return at > start
}

const bitrates = {
  // ISO/IEC 11172-3, 2.4.2.3, and ISO/IEC 13818-3, 2.4.2.3: kbit/s by layer, for MPEG-1 and for 2 and 2.5.
  one: [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  two: [
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
} as const
const rates = [44_100, 48_000, 32_000]

/** A frame of MP1, MP2 or MP3 by its header; null: here is none. `kind` is the same for all frames of a sound. */
export function measureMpegFrame(header: Buffer): { bytes: number; seconds: number; kind: number } | null {
  if (header.length < 4 || header.readUInt16BE(0) >> 5 !== 0x7_ff) return null
  const version = ((header[1] ?? 0) >> 3) & 3
  const layer = 3 - (((header[1] ?? 0) >> 1) & 3)
  const rate = rates[((header[2] ?? 0) >> 2) & 3]
  if (version === 1 || layer === 3 || rate === undefined) return null
  const isOne = version === 3
  const kilobits = (isOne ? bitrates.one : bitrates.two)[layer]?.[(header[2] ?? 0) >> 4] ?? 0
  if (kilobits === 0) return null
  const sampleRate = isOne ? rate : version === 2 ? rate / 2 : rate / 4
  const samples = layer === 0 ? 384 : layer === 2 && !isOne ? 576 : 1_152
  const padding = ((header[2] ?? 0) >> 1) & 1
  const bytes =
    layer === 0
      ? (Math.floor((12 * kilobits * 1_000) / sampleRate) + padding) * 4
      : Math.floor((samples / 8) * ((kilobits * 1_000) / sampleRate)) + padding
  return { bytes, seconds: samples / sampleRate, kind: header.readUInt16BE(0) & 0xff_fe }
}
