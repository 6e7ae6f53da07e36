import { open } from 'node:fs/promises'
import { Failure } from '../../failure.ts'
import { createPrivateFile, document, type Finding, type Work } from '../checked.ts'
import type { Format, Sniffed } from '../content/formats.ts'
import { readMp4 } from '../content/mp4.ts'
import { secondsOfFrames } from './frame-walk.ts'
import { convertSound } from './conversion.ts'

/** A sound that has to be converted, and where the result goes. */
export interface SoundConversion {
  readonly path: string
  readonly convertedPath: string
  readonly shape: 'voice' | 'music'
  readonly signal: AbortSignal
}

/**
 * Measures a sound that WhatsApp plays as it is.
 *
 * @throws Failure media_unreadable
 */
export async function measureSound(content: Sniffed, work: Work): Promise<Finding> {
  const seconds = await measure(work.path, content.format as Format)
  return { ...document, kind: 'audio', seconds }
}

/**
 * Makes Ogg Opus of a sound: mono, and for a voice note 16 kHz with the waveform that phones draw.
 *
 * @throws Failure media_unreadable, media_too_large (hours), storage_full; or the signal's reason
 */
export async function convertToOpus(content: Sniffed, conversion: SoundConversion): Promise<Finding> {
  const { path, seconds, waveform } = await convert(content, conversion)
  const converted = { path, format: 'opus' as const }
  if (conversion.shape === 'voice') return { ...document, kind: 'voice', converted, seconds, waveform }
  const notes = [`Converted from ${content.name} to Ogg Opus.`]
  return { ...document, kind: 'audio', converted, seconds, notes }
}

async function convert(content: Sniffed, { path: from, convertedPath: to, shape, signal }: SoundConversion) {
  await createPrivateFile(to)
  const result = await convertSound({ from, to, format: content.format as Format, shape }, signal)
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
    return facts.duration ?? null
  } catch (thrown) {
    throw damaged(thrown)
  }
}

const damaged = (cause?: unknown): Failure =>
  new Failure('media_unreadable', 'The sound is damaged or cut short: it could not be read.', { cause })
