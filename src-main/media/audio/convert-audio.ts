import { randomBytes } from 'node:crypto'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { Failure } from '../../lib/failure.ts'
import type { Format } from '../content/formats.ts'
import { unreadable, type Block } from './pcm-block.ts'
import { decode } from './codecs/decoders.ts'
import { oggPagesOf, wrappedOpusFormats } from './codecs/opus-source.ts'
import { Encoder, recipes, type Shape } from './audio-encoder.ts'
import { Resampler } from './resampler.ts'
import { Waveform } from './waveform.ts'

export interface SoundJob {
  /** Absolute paths; `to` exists and is overwritten. */
  readonly from: string
  readonly to: string
  readonly format: Format
  readonly shape: Shape
  /** Of a tag in front of the sound. */
  readonly skipBytes?: number
}

export interface SoundResult {
  /** Exact. */
  readonly seconds: number
  /** 64 bytes from 0 to 100. */
  readonly waveform: Uint8Array
}

/** A file of a few MiB can hold days of silence; an hour takes about a minute of one core. */
const maxSeconds = 3_600

/**
 * Decodes a sound and encodes it as Ogg Opus, mono, streaming. Takes a core for its time: to be run in a worker.
 *
 * @throws Failure media_unreadable, media_too_large
 */
export async function convert(job: SoundJob, longest = maxSeconds): Promise<SoundResult> {
  const { from, to, format, shape, skipBytes = 0 } = job
  if (wrappedOpusFormats.has(format) && shape === 'music') return repackage(job, longest)
  const recipe = recipes[shape]
  const file = openSync(to, 'w', 0o600)
  try {
    // Not writeSync: where the disk fills within a page it takes a part of it and says nothing.
    const write = (page: Buffer): void => writeFileSync(file, page)
    const encoder = new Encoder(recipe, await recipe.create(), randomBytes(4).readUInt32LE(), write)
    const waveform = new Waveform(recipe.sampleRate / 50)
    for await (const samples of monoAt(
      decode({ path: from, skipBytes }, format, recipe.sampleRate),
      recipe.sampleRate,
    )) {
      encoder.push(samples)
      waveform.push(samples)
      if (encoder.seconds > longest) throw tooLong()
    }
    if (encoder.seconds === 0) throw unreadable('there is no sound in it')
    encoder.end()
    return { seconds: encoder.seconds, waveform: waveform.bars() }
  } finally {
    closeSync(file)
  }
}

/** Nothing is decoded: the packets only get another container. */
async function repackage({ from, to, format }: SoundJob, longest: number): Promise<SoundResult> {
  const file = openSync(to, 'w', 0o600)
  try {
    const pages = oggPagesOf(from, format, randomBytes(4).readUInt32LE())
    for (let page = await pages.next(); ; page = await pages.next()) {
      if (page.done !== true) {
        writeFileSync(file, page.value)
        continue
      }
      const { seconds } = page.value
      if (seconds > longest) throw tooLong()
      return { seconds, waveform: new Uint8Array(64) }
    }
  } finally {
    closeSync(file)
  }
}

const tooLong = (): Failure =>
  new Failure('media_too_large', 'The sound is longer than an hour: send it with media_type=document.')

async function* monoAt(blocks: AsyncIterable<Block>, rate: number): AsyncGenerator<Float32Array> {
  let resampler: { from: number; it: Resampler } | null = null
  for await (const { sampleRate, channels } of blocks) {
    if (sampleRate < 1_000 || sampleRate > 768_000) throw unreadable(`its sample rate is ${sampleRate}`)
    const mono = mixed(channels)
    if (resampler && resampler.from !== sampleRate) {
      yield resampler.it.end()
      resampler = null
    }
    if (sampleRate === rate) yield mono
    else {
      resampler ??= { from: sampleRate, it: new Resampler(sampleRate, rate) }
      yield resampler.it.push(mono)
    }
  }
  if (resampler) yield resampler.it.end()
}

function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), ...others] = channels
  if (others.length === 0) return first
  return first.map(
    (sample, at) => others.reduce((sum, other) => sum + (other[at] ?? 0), sample) / channels.length,
  )
}
