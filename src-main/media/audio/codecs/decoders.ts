import { decoder as aacDecoder } from '@audio/decode-aac'
import { FLACDecoder } from '@wasm-audio-decoders/flac'
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis'
import { createDecoder } from 'libopus-wasm'
import { MPEGDecoder } from 'mpg123-decoder'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { readAiff } from '../../content/aiff.ts'
import { readCaf, readCafPackets, type Caf } from '../../content/caf.ts'
import type { Format } from '../../content/formats.ts'
import { readMp4 } from '../../content/mp4.ts'
import { unreadable, type Block } from '../pcm-block.ts'
import { ascOf, configurationOf, readFrames } from './m4a-frames.ts'
import { oggPagesOf, wrappedOpusFormats } from './opus-source.ts'
import { readPcm } from './pcm-blocks.ts'
import { OpusStream } from './opus-stream.ts'
import { WavReader } from './wav-reader.ts'

/**
 * Decodes a sound file piece by piece: neither the file nor what it sounds is ever whole in memory. `rate` is the
 * rate that is wanted in the end; only Opus can be decoded to it at once.
 *
 * @throws Failure media_unreadable
 */
export function decode(
  source: string | { path: string; skipBytes: number },
  format: Format,
  rate: 16_000 | 48_000,
): AsyncGenerator<Block> {
  const { path, skipBytes } = typeof source === 'string' ? { path: source, skipBytes: 0 } : source
  if (format === 'm4a' || format === 'alac') return decodeM4a(path)
  if (format === 'aiff') return decodeAiff(path)
  if (format === 'caf') return decodeCaf(path)
  if (wrappedOpusFormats.has(format)) return decodeStream(oggPagesOf(path, format, 1), 'opus', rate)
  const bytes = createReadStream(path, { start: skipBytes, highWaterMark: 65_536 })
  return decodeStream(bytes, format, rate)
}

async function* decodeStream(
  bytes: AsyncIterable<unknown>,
  format: Format,
  rate: 16_000 | 48_000,
): AsyncGenerator<Block> {
  const decoder = await decoderFor(format, rate)
  try {
    for await (const chunk of bytes) {
      for (const piece of piecesOf(chunk as Buffer, dense.has(format) ? densePiece : 65_536)) {
        const block = await decoder.push(piece)
        if (hasSound(block)) yield block
      }
    }
    const last = await decoder.end()
    if (hasSound(last)) yield last
  } finally {
    decoder.free()
  }
}

/**
 * Formats that write silence in a few bytes, some seconds of it each. A decoder gives all that a piece holds at once:
 * of 64 KiB that can be more than a gigabyte.
 */
const dense: ReadonlySet<Format> = new Set<Format>(['flac', 'oggFlac', 'vorbis', 'opus'])
const densePiece = 2_048

function* piecesOf(chunk: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += length) yield chunk.subarray(at, at + length)
}

interface Decoder {
  push(chunk: Uint8Array): Block | null | Promise<Block | null>
  end(): Block | null | Promise<Block | null>
  free(): void
}

function decoderFor(format: Format, rate: 16_000 | 48_000): Promise<Decoder> {
  if (format === 'mp3') return decodeMp3()
  if (format === 'flac' || format === 'oggFlac') return streamed(new FLACDecoder())
  if (format === 'vorbis') return streamed(new OggVorbisDecoder())
  if (format === 'aac') return decodeAac()
  if (format === 'opus') return decodeOpus(rate)
  if (format === 'wav') {
    const reader = new WavReader()
    return Promise.resolve({ push: (chunk) => reader.push(chunk), end: () => null, free: () => undefined })
  }
  throw unreadable('its format is not read')
}

const hasSound = (block: Block | null): block is Block => (block?.channels[0]?.length ?? 0) > 0

interface Decoded {
  readonly channelData: readonly Float32Array[]
  readonly sampleRate: number
}

const blockOf = ({ channelData, sampleRate }: Decoded): Block => ({ channels: channelData, sampleRate })

async function decodeMp3(): Promise<Decoder> {
  const decoder = new MPEGDecoder()
  await decoder.ready
  return { push: (chunk) => blockOf(decoder.decode(chunk)), end: () => null, free: () => decoder.free() }
}

interface Streamed {
  readonly ready: Promise<void>
  decode(chunk: Uint8Array): Promise<Decoded>
  flush(): Promise<Decoded>
  free(): void
}

async function streamed(decoder: Streamed): Promise<Decoder> {
  await decoder.ready
  return {
    push: async (chunk) => blockOf(await decoder.decode(chunk)),
    end: async () => blockOf(await decoder.flush()),
    free: () => decoder.free(),
  }
}

async function decodeAac(): Promise<Decoder> {
  const decoder = await aacDecoder()
  return { push: (chunk) => blockOf(decoder.decode(chunk)), end: () => null, free: () => decoder.free() }
}

async function* decodeM4a(path: string): AsyncGenerator<Block> {
  await using file = await open(path)
  const audio = (await readMp4(file))?.audio
  if (!audio) throw unreadable('it has no sound track')
  const decoder = await aacDecoder(configurationOf(audio))
  try {
    for await (const frames of readFrames(file, audio)) {
      const block = blockOf(decoder.decode(frames))
      if (hasSound(block)) yield block
    }
  } finally {
    decoder.free()
  }
}

async function* decodeAiff(path: string): AsyncGenerator<Block> {
  await using file = await open(path)
  const aiff = await readAiff(file)
  if (aiff === null) throw unreadable('its coding is not read')
  yield* readPcm(file, aiff)
}

/** Whole numbers and floats, Apple Lossless and AAC. */
async function* decodeCaf(path: string): AsyncGenerator<Block> {
  await using file = await open(path)
  const caf = await readCaf(file)
  if (caf === null) throw unreadable('its header is missing')
  if (caf.codec === 'lpcm') {
    yield* readPcm(file, { ...caf, isFloat: (caf.flags & 1) !== 0, isLittleEndian: (caf.flags & 2) !== 0 })
    return
  }
  const decoder = await aacDecoder(cafConfiguration(caf))
  try {
    for await (const packet of readCafPackets(file, caf)) {
      const block = blockOf(decoder.decode([packet]))
      if (hasSound(block)) yield block
    }
  } finally {
    decoder.free()
  }
}

function cafConfiguration({ codec, setup }: Caf): { asc: Uint8Array } | { alac: Uint8Array } {
  // Old writers put two boxes of QuickTime around it.
  if (codec === 'alac') {
    const at = setup.indexOf('alac', 12, 'latin1')
    return { alac: setup.toString('latin1', 4, 8) === 'frma' && at !== -1 ? setup.subarray(at + 4) : setup }
  }
  if (codec === 'aac ') return { asc: ascOf(setup) }
  throw unreadable(`its codec (${codec.trim()}) is not read`)
}

/** libopus decodes to any of its rates, so that nothing is left to resample. */
async function decodeOpus(sampleRate: 16_000 | 48_000): Promise<Decoder> {
  const decoder = await createDecoder({ sampleRate, channels: 1 })
  const stream = new OpusStream(sampleRate, (packet) => decoder.decodeFloat(packet))
  return {
    push: (chunk) => stream.push(chunk),
    end: () => stream.end(),
    free: () => decoder.free(),
  }
}
