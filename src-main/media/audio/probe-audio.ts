import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Failure } from '../../lib/failure.ts'
import {
  asDocument,
  createPrivateFile,
  document,
  type CheckResult,
  type CheckContext,
} from '../check-result.ts'
import type { Format, Sniffed } from '../content/formats.ts'
import { readMp4 } from '../content/mp4.ts'
import { secondsOfFrames } from './codecs/frame-walk.ts'
import { readFrames } from './codecs/m4a-frames.ts'
import { convertSound } from './audio-conversion.ts'

/** A sound that has to be converted, and where the result goes. */
export interface SoundConversion {
  readonly path: string
  readonly convertedPath: string
  readonly shape: 'voice' | 'music'
  readonly signal: AbortSignal
  /** Whose it is: API keys share out the places. */
  readonly keyId: string | null
}

/**
 * Measures a sound that WhatsApp plays, as it is or once it is taken out of what stands around it.
 *
 * @throws Failure media_unreadable
 */
export async function probeAudio(content: Sniffed, work: CheckContext): Promise<CheckResult> {
  if (work.treatment === 'as_document') {
    return asDocument(`Sent as a document: WhatsApp does not play ${content.name}.`)
  }
  const format = content.format as Format
  if (work.treatment === 'to_amr') return takeOutAmr(content, work)
  const tagBytes = content.format === 'other' || content.format === 'unknown' ? 0 : (content.tagBytes ?? 0)
  // Players of MP3 and AAC pass over a tag; all others take it for damage.
  if (tagBytes === 0 || format === 'mp3' || format === 'aac') {
    return { ...document, kind: 'audio', seconds: await measure(work.path, format) }
  }
  await copyFrom(work.path, tagBytes, work.convertedPath)
  const seconds = await measure(work.convertedPath, format)
  const converted = { path: work.convertedPath, format: format as 'opus' | 'amr' | 'm4a' }
  return { ...document, kind: 'audio', converted, seconds }
}

async function copyFrom(path: string, start: number, target: string): Promise<void> {
  await createPrivateFile(target)
  await pipeline(createReadStream(path, { start }), createWriteStream(target))
}

/**
 * Frames of AMR stand in a 3GP file as they do in an .amr file, which has a line in front (3GPP TS 26.244, 6.5; RFC 4867, 5).
 */
async function takeOutAmr(content: Sniffed, { path, convertedPath }: CheckContext): Promise<CheckResult> {
  await using file = await open(path)
  const movie = await readMp4(file)
  if (!movie?.audio) throw damaged()
  await createPrivateFile(convertedPath)
  await using target = await open(convertedPath, 'w')
  await target.write(movie.audio.codec === 'sawb' ? '#!AMR-WB\n' : '#!AMR\n')
  for await (const frames of readFrames(file, movie.audio)) await target.write(Buffer.concat(frames))
  const seconds = await measure(convertedPath, 'amr')
  if (seconds === null) throw damaged()
  const notes = [`Taken out of ${content.name} as an .amr file.`]
  return { ...document, kind: 'audio', converted: { path: convertedPath, format: 'amr' }, seconds, notes }
}

/**
 * Makes Ogg Opus of a sound: mono, and for a voice note 16 kHz with the waveform that phones draw. Opus in another
 * container only gets another one.
 *
 * @throws Failure media_unreadable, media_too_large (hours), storage_full; or the signal's reason
 */
export async function convertToOpus(content: Sniffed, conversion: SoundConversion): Promise<CheckResult> {
  const { path, seconds, waveform } = await convert(content, conversion)
  const converted = { path, format: 'opus' as const }
  if (conversion.shape === 'voice') return { ...document, kind: 'voice', converted, seconds, waveform }
  const notes = [`Converted from ${content.name} to Ogg Opus.`]
  return { ...document, kind: 'audio', converted, seconds, notes }
}

async function convert(content: Sniffed, conversion: SoundConversion) {
  const { path: from, convertedPath: to, shape, signal, keyId } = conversion
  await createPrivateFile(to)
  const skipBytes = 'tagBytes' in content ? (content.tagBytes ?? 0) : 0
  const job = { from, to, format: content.format as Format, shape, skipBytes }
  const result = await convertSound(job, signal, { keyId })
  return { path: to, seconds: rounded(result.seconds), waveform: result.waveform }
}

const rounded = (seconds: number): number => Math.max(1, Math.round(seconds))

async function measure(path: string, format: Format): Promise<number | null> {
  const seconds = await secondsOf(path, format)
  return seconds === null || !Number.isFinite(seconds) || seconds <= 0 ? null : rounded(seconds)
}

async function secondsOf(path: string, format: Format): Promise<number | null> {
  if (format === 'm4a') {
    await using file = await open(path)
    const movie = await readMp4(file)
    if (movie === null) throw damaged()
    return movie.seconds
  }
  if (format === 'amr' || format === 'aac') return secondsOfFrames(path, format)
  const { parseFile } = await import('music-metadata')
  try {
    const { format: facts } = await parseFile(path, { skipCovers: true })
    return facts.duration ?? (format === 'mp3' ? await secondsOfFrames(path, format) : null)
  } catch (error) {
    // A tag that lies, or something in front: the frames themselves are counted.
    const seconds = format === 'mp3' ? await secondsOfFrames(path, format) : 0
    if (seconds > 0) return seconds
    throw damaged(error)
  }
}

const damaged = (cause?: unknown): Failure =>
  new Failure('media_unreadable', 'The sound is damaged or cut short: it could not be read.', { cause })
