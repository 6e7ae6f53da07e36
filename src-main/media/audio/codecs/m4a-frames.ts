import type { FileHandle } from 'node:fs/promises'
import type { Mp4Audio } from '../../content/mp4.ts'
import { unreadable } from '../pcm-block.ts'

/** Frames that are read and decoded together. */
const framesPerPiece = 64
/** No encoder writes frames of this size; a table that claims one is broken. */
const maxAudioFrameBytes = 1_048_576

/** Reads a track's coded frames in order, as its sample tables place them (ISO/IEC 14496-12, 8.7). */
export async function* readFrames(file: FileHandle, { tables }: Mp4Audio): AsyncGenerator<Buffer[]> {
  let piece: Buffer[] = []
  for (const { at, bytes } of placesOf(tables)) {
    if (bytes > maxAudioFrameBytes) throw unreadable('its index is damaged')
    const frame = Buffer.alloc(bytes)
    const { bytesRead } = await file.read(frame, 0, bytes, at)
    if (bytesRead < bytes) break
    piece.push(frame)
    if (piece.length === framesPerPiece) {
      yield piece
      piece = []
    }
  }
  if (piece.length > 0) yield piece
}

function* placesOf(tables: Mp4Audio['tables']): Generator<{ at: number; bytes: number }> {
  const sizes = sizesOf(tables.get('stsz'))
  const chunks = chunksOf(tables)
  const perChunk = tables.get('stsc')
  if (sizes.count === 0 || chunks.length === 0 || perChunk === undefined) throw unreadable('it has no index')
  const samplesIn = runsOf(perChunk)
  let sample = 0
  for (const [chunk, start] of chunks.entries()) {
    let at = start
    for (let left = samplesIn(chunk + 1); left > 0 && sample < sizes.count; left -= 1) {
      const bytes = sizes.at(sample)
      yield { at, bytes }
      at += bytes
      sample += 1
    }
  }
}

function sizesOf(table: Buffer | undefined): { count: number; at: (sample: number) => number } {
  if (table === undefined || table.length < 12) return { count: 0, at: () => 0 }
  const same = table.readUInt32BE(4)
  const count = table.readUInt32BE(8)
  if (same !== 0) return { count, at: () => same }
  const listed = Math.min(count, Math.floor((table.length - 12) / 4))
  return { count: listed, at: (sample) => table.readUInt32BE(12 + sample * 4) }
}

function chunksOf(tables: Mp4Audio['tables']): number[] {
  const short = tables.get('stco')
  const table = short ?? tables.get('co64')
  if (table === undefined || table.length < 8) return []
  const width = short ? 4 : 8
  const count = Math.min(table.readUInt32BE(4), Math.floor((table.length - 8) / width))
  return Array.from({ length: count }, (_, chunk) =>
    short ? table.readUInt32BE(8 + chunk * 4) : Number(table.readBigUInt64BE(8 + chunk * 8)),
  )
}

/**
 * Runs of chunks with the same number of samples: each entry holds from its first chunk on, counted from 1. Chunks are
 * to be asked for in order, so that the table is walked once for all of them.
 */
function runsOf(table: Buffer): (chunk: number) => number {
  let samples = 0
  let at = 8
  return (chunk) => {
    for (; at + 12 <= table.length && table.readUInt32BE(at) <= chunk; at += 12) {
      samples = table.readUInt32BE(at + 4)
    }
    return samples
  }
}

/** The decoder's configuration: AAC's inside its `esds` box (ISO/IEC 14496-1, 7.2.6), ALAC's in a box of its own. */
export function configurationOf({
  codec,
  description,
}: Mp4Audio): { asc: Uint8Array } | { alac: Uint8Array } {
  if (codec === 'alac') return { alac: contentOf(description, 'alac') }
  if (codec !== 'mp4a') throw unreadable(`its codec (${codec}) is not read`)
  return { asc: ascOf(contentOf(description, 'esds').subarray(4)) }
}

/** The setup of AAC in its descriptors, as MP4 and CAF hold them. */
export function ascOf(descriptors: Buffer): Uint8Array {
  const stream = inDescriptor(descriptors, 0x03, 3)
  const decoder = stream && inDescriptor(stream, 0x04, 13)
  const asc = decoder && inDescriptor(decoder, 0x05, 0)
  if (!asc || asc.length < 2) throw unreadable('its codec is not described')
  return asc
}

/** What `esds` says that an `mp4a` track holds (ISO/IEC 14496-1, 7.2.6.6); null where it says nothing. */
export function objectTypeOf(description: Buffer): number | null {
  const at = description.indexOf('esds', 0, 'latin1')
  if (at < 4) return null
  const stream = inDescriptor(description.subarray(at + 8), 0x03, 3)
  const decoder = stream && inDescriptor(stream, 0x04, 0)
  return decoder?.[0] ?? null
}

/** The box may sit behind fields whose number depends on the writer: its name is looked for. */
export function contentOf(description: Buffer, type: string): Buffer {
  const at = description.indexOf(type, 0, 'latin1')
  if (at < 4) throw unreadable('its codec is not described')
  return description.subarray(at + 4, at - 4 + description.readUInt32BE(at - 4))
}

/** What a descriptor holds behind its own fields; its length is in groups of seven bits. */
function inDescriptor(bytes: Buffer, tag: number, fields: number): Buffer | null {
  if (bytes[0] !== tag) return null
  let length = 0
  let at = 1
  for (let more = true; more && at < 6; at += 1) {
    const byte = bytes[at] ?? 0
    length = (length << 7) | (byte & 0x7f)
    more = (byte & 0x80) !== 0
  }
  return bytes.subarray(at + fields, at + length)
}
