import { open, type FileHandle } from 'node:fs/promises'
import { readCaf, readCafPackets } from '../../content/caf.ts'
import type { Format } from '../../content/formats.ts'
import { readMatroskaFrames, readMatroskaTracks } from '../../content/matroska.ts'
import { readMp4 } from '../../content/mp4.ts'
import { unreadable } from '../pcm-block.ts'
import { contentOf, readFrames } from './m4a-frames.ts'
import { OggOpusWriter, type OpusHeader } from './ogg-writer.ts'
import { samplesOf } from './opus-packet.ts'

/** Formats that hold Opus in another container than Ogg. */
export const wrappedOpusFormats: ReadonlySet<Format> = new Set<Format>(['webmOpus', 'mp4Opus', 'cafOpus'])

interface OpusSource {
  readonly header: OpusHeader
  readonly packets: AsyncIterable<Buffer>
  /** At 48 kHz, the encoder's delay left out; null where only the packets tell. */
  readonly samples: number | null
}

/**
 * The pages of an Ogg file with the same packets: nothing is decoded, nothing is lost.
 *
 * @param serial of the stream: any number
 */
export async function* oggPagesOf(
  path: string,
  format: Format,
  serial: number,
): AsyncGenerator<Buffer, { seconds: number }> {
  await using file = await open(path)
  const { header, packets, samples } = await sourceOf(file, format)
  let pages: Buffer[] = []
  const writer = new OggOpusWriter(header, serial, (page) => pages.push(page))
  let position = 0
  for await (const packet of packets) {
    const length = samplesOf(packet)
    if (length === null || packet.length > maxPacketBytes) continue
    writer.packet(packet, length)
    position += length
    yield* pages
    pages = []
  }
  if (position === 0) throw unreadable('there is no sound in it')
  const end = samples === null ? position : Math.min(position, samples + header.preSkip)
  writer.end(end)
  yield* pages
  return { seconds: Math.max(0, end - header.preSkip) / 48_000 }
}

/** RFC 6716, 3.2.1: a frame has 1,275 bytes at most; a packet 48 of the shortest. */
const maxPacketBytes = 61_298

function sourceOf(file: FileHandle, format: Format): Promise<OpusSource> {
  if (format === 'webmOpus') return webmSource(file)
  return format === 'mp4Opus' ? mp4Source(file) : cafSource(file)
}

async function webmSource(file: FileHandle): Promise<OpusSource> {
  const track = (await readMatroskaTracks(file))?.find(({ codec }) => codec === 'A_OPUS')
  if (track === undefined) throw unreadable('it has no sound track')
  const { setup } = track
  const isHeader = setup.length >= 19 && setup.toString('latin1', 0, 8) === 'OpusHead'
  if (isHeader && setup[18] !== 0) throw unreadable('it has more than two channels')
  const header = isHeader
    ? { channels: setup[9] ?? 1, preSkip: setup.readUInt16LE(10), sampleRate: setup.readUInt32LE(12) }
    : { channels: 1, preSkip: 0, sampleRate: 48_000 }
  return { header, packets: readMatroskaFrames(file, track.number), samples: null }
}

/** https://opus-codec.org/docs/opus_in_isobmff.html, 4.3.2. */
async function mp4Source(file: FileHandle): Promise<OpusSource> {
  const movie = await readMp4(file)
  if (!movie?.audio) throw unreadable('it has no sound track')
  const setup = contentOf(movie.audio.description, 'dOps')
  if (setup.length < 11) throw unreadable('its codec is not described')
  if (setup[10] !== 0) throw unreadable('it has more than two channels')
  const header = {
    channels: setup[1] ?? 1,
    preSkip: setup.readUInt16BE(2),
    sampleRate: setup.readUInt32BE(4),
  }
  return { header, packets: flat(readFrames(file, movie.audio)), samples: null }
}

async function* flat(pieces: AsyncIterable<Buffer[]>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield* piece
}

async function cafSource(file: FileHandle): Promise<OpusSource> {
  const caf = await readCaf(file)
  if (caf === null) throw unreadable('it has no sound')
  if (caf.channels > 2) throw unreadable('it has more than two channels')
  const scale = caf.sampleRate > 0 ? 48_000 / caf.sampleRate : 1
  const header = {
    channels: caf.channels,
    preSkip: Math.min(65_535, Math.round(caf.primingSamples * scale)),
    sampleRate: caf.sampleRate,
  }
  const samples =
    caf.validSamples === null || caf.validSamples <= 0 ? null : Math.round(caf.validSamples * scale)
  return { header, packets: readCafPackets(file, caf), samples }
}
