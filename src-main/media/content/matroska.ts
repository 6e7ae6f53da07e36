import type { FileHandle } from 'node:fs/promises'

/** What a track of a Matroska or WebM file is (RFC 9559, 5.1.4). */
export interface MatroskaTrack {
  readonly number: number
  readonly kind: 'video' | 'audio' | 'other'
  /** As `A_OPUS`. */
  readonly codec: string
  /** The codec's own header; empty where there is none. */
  readonly setup: Buffer
}

/** The tracks that are described before the first frames; null where the file is too damaged to tell. */
export async function readMatroskaTracks(file: FileHandle): Promise<MatroskaTrack[] | null> {
  const tracks: { number: number; kind: MatroskaTrack['kind']; codec: string; setup: Buffer }[] = []
  for await (const element of elementsOf(file)) {
    if (element.id === ids.cluster) break
    if (element.id === ids.trackEntry) {
      tracks.push({ number: 0, kind: 'other', codec: '', setup: Buffer.alloc(0) })
    }
    const track = tracks.at(-1)
    if (track === undefined || element.content === null) continue
    if (element.id === ids.trackNumber) track.number = unsigned(element.content)
    if (element.id === ids.trackType) track.kind = kinds[unsigned(element.content)] ?? 'other'
    if (element.id === ids.codec) track.codec = element.content.toString('latin1').replace(/\0+$/, '')
    if (element.id === ids.setup) track.setup = element.content
  }
  return tracks.length === 0 ? null : tracks
}

/** The frames of one track, in order. Where the file is cut short they end. */
export async function* readMatroskaFrames(file: FileHandle, track: number): AsyncGenerator<Buffer> {
  for await (const { id, content } of elementsOf(file)) {
    if ((id !== ids.simpleBlock && id !== ids.block) || content === null) continue
    const [number, at] = variableInteger(content, 0)
    if (number !== track || at + 3 > content.length) continue
    yield* framesIn(content.subarray(at + 3), content[at + 2] ?? 0)
  }
}

const ids = {
  segment: 0x18_53_80_67,
  tracks: 0x16_54_ae_6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  codec: 0x86,
  setup: 0x63_a2,
  cluster: 0x1f_43_b6_75,
  blockGroup: 0xa0,
  block: 0xa1,
  simpleBlock: 0xa3,
} as const

const kinds: Readonly<Record<number, MatroskaTrack['kind']>> = { 1: 'video', 2: 'audio' }

/** Their content is walked through as if it stood beside them: recorders leave their sizes open. */
const masters = new Set<number>([ids.segment, ids.tracks, ids.trackEntry, ids.cluster, ids.blockGroup])
const read = new Set<number>([
  ids.trackNumber,
  ids.trackType,
  ids.codec,
  ids.setup,
  ids.block,
  ids.simpleBlock,
])
/** Of one element that is read: a second of sound is a few KiB; pictures are larger, and are passed over. */
const maxElementBytes = 1_048_576
const pieceBytes = 262_144

async function* elementsOf(file: FileHandle): AsyncGenerator<{ id: number; content: Buffer | null }> {
  const { size } = await file.stat()
  let piece = Buffer.alloc(0)
  let start = 0
  const bytesAt = async (at: number, length: number): Promise<Buffer> => {
    if (at < start || at + length > start + piece.length) {
      const buffer = Buffer.alloc(Math.max(pieceBytes, length))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
      piece = buffer.subarray(0, bytesRead)
      start = at
    }
    return piece.subarray(at - start, at - start + length)
  }
  for (let at = 0; at + 2 <= size;) {
    const header = await bytesAt(at, Math.min(12, size - at))
    const idBytes = Math.clz32(header[0] ?? 0) - 23
    if (idBytes > 4 || idBytes >= header.length) return
    const id = header.readUIntBE(0, idBytes)
    const [bytes, next] = variableInteger(header, idBytes)
    if (bytes === null) return
    at += next
    if (masters.has(id)) {
      yield { id, content: null }
      continue
    }
    if (bytes > size - at) return
    const isRead = read.has(id) && bytes <= maxElementBytes
    yield { id, content: isRead ? Buffer.from(await bytesAt(at, bytes)) : null }
    at += bytes
  }
}

/** RFC 8794, 4: how many bytes it has stands before its first 1. null where it is cut off. */
function variableInteger(bytes: Buffer, at: number): [value: number | null, next: number] {
  const first = bytes[at] ?? 0
  const length = Math.clz32(first) - 23
  if (length > 8 || at + length > bytes.length) return [null, at]
  let value = first & (0xff >> length)
  for (let index = 1; index < length; index += 1) value = value * 256 + (bytes[at + index] ?? 0)
  return [value, at + length]
}

const unsigned = (content: Buffer): number =>
  content.length === 0 || content.length > 6 ? 0 : content.readUIntBE(0, content.length)

/** RFC 9559, 10.3: several frames may share a block, their sizes written in one of three ways. */
function framesIn(block: Buffer, flags: number): Buffer[] {
  const lacing = (flags >> 1) & 3
  if (lacing === 0) return [block]
  const count = (block[0] ?? 0) + 1
  if (lacing === 2) {
    const each = Math.floor((block.length - 1) / count)
    return Array.from({ length: count }, (_, index) =>
      block.subarray(1 + index * each, 1 + (index + 1) * each),
    )
  }
  const { sizes, start } = lacing === 1 ? xiphSizes(block, count) : ebmlSizes(block, count)
  const frames: Buffer[] = []
  let at = start
  for (const bytes of sizes) {
    if (bytes < 0 || at + bytes > block.length) return frames
    frames.push(block.subarray(at, at + bytes))
    at += bytes
  }
  return [...frames, block.subarray(at)]
}

interface Sizes {
  /** Of all frames but the last. */
  readonly sizes: number[]
  readonly start: number
}

function xiphSizes(block: Buffer, count: number): Sizes {
  const sizes: number[] = []
  let at = 1
  while (sizes.length < count - 1 && at < block.length) {
    let bytes = 0
    while (block[at] === 255) {
      bytes += 255
      at += 1
    }
    sizes.push(bytes + (block[at] ?? 0))
    at += 1
  }
  return { sizes, start: at }
}

/** The first as it is, each other as its difference from the one before. */
function ebmlSizes(block: Buffer, count: number): Sizes {
  const sizes: number[] = []
  let at = 1
  while (sizes.length < count - 1) {
    const [value, next] = variableInteger(block, at)
    if (value === null) break
    const bias = 2 ** (7 * (next - at) - 1) - 1
    sizes.push(sizes.length === 0 ? value : (sizes.at(-1) ?? 0) + value - bias)
    at = next
  }
  return { sizes, start: at }
}
