import { open } from 'node:fs/promises'
import { Failure } from '../../failure.ts'
import { createPrivateFile, document, type Finding, type Work } from '../checked.ts'
import type { Format, Sniffed } from '../formats.ts'
import { readMp4 } from '../mp4.ts'
import { secondsOfFrames } from './frame-walk.ts'
import { convertSound } from './conversion.ts'

/**
 * Measures a sound that WhatsApp plays, and makes Ogg Opus of one that it does not.
 *
 * @throws Failure media_unreadable, media_too_large (hours)
 */
export async function lookIntoSound(content: Sniffed, work: Work): Promise<Finding> {
  if (work.treatment === 'to_opus') {
    const { path, seconds } = await convert(content, work, 'music')
    const notes = [`Converted from ${content.name} to Ogg Opus.`]
    return { ...document, kind: 'audio', converted: { path, format: 'opus' }, seconds, notes }
  }
  const seconds = await measure(work.path, content.format as Format)
  return { ...document, kind: 'audio', seconds }
}

/** Makes a voice note: Ogg Opus, 16 kHz, mono, with the waveform that phones draw. */
export async function makeVoiceNote(content: Sniffed, work: Work): Promise<Finding> {
  const { path, seconds, waveform } = await convert(content, work, 'voice')
  return { ...document, kind: 'voice', converted: { path, format: 'opus' }, seconds, waveform }
}

async function convert(content: Sniffed, work: Work, shape: 'voice' | 'music') {
  const to = work.newPath()
  await createPrivateFile(to)
  const result = await convertSound(
    { from: work.path, to, format: content.format as Format, shape },
    work.signal,
  )
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
