import { open } from 'node:fs/promises'
import { Failure } from '../../lib/failure.ts'
import { asDocument, document, type CheckResult, type CheckContext } from '../check-result.ts'
import type { Sniffed } from '../content/formats.ts'
import { drawVideoThumbnail } from './probe-image.ts'
import { readMp4, type Mp4, type Mp4Audio, type Mp4Video } from '../content/mp4.ts'
import { objectTypeOf } from '../audio/codecs/m4a-frames.ts'

/** What phones decode: H.264, H.265, MPEG-4 Visual, H.263. */
const playableCodecs = new Set(['avc1', 'avc3', 'hvc1', 'hev1', 'mp4v', 's263', 'h263'])

/**
 * Reads a video's length and size from its container. A thumbnail is always given: left out, Baileys would start
 * ffmpeg to make one.
 *
 * @throws Failure media_unreadable
 */
export async function probeVideo(content: Sniffed, work: CheckContext): Promise<CheckResult> {
  if (work.treatment === 'as_document') {
    return asDocument(`Sent as a document: WhatsApp does not play ${content.name}.`)
  }
  await using file = await open(work.path)
  const movie = await readMp4(file)
  if (movie?.video == null) {
    throw new Failure('media_unreadable', 'The video is damaged or cut short: its index is missing.')
  }
  const { codec, width, height } = movie.video
  if (!playableCodecs.has(codec)) {
    return asDocument(`Sent as a document: many phones do not play the codec of this video (${codec}).`)
  }
  const seconds = movie.seconds === null ? null : Math.max(1, Math.round(movie.seconds))
  const thumbnail = await drawVideoThumbnail(width, height)
  return { ...document, kind: 'video', width, height, seconds, thumbnail, notes: notesAbout(movie) }
}

/** What some phones do not play, though most do. */
function notesAbout({ video, audio }: Mp4): string[] {
  const picture = video === null ? null : rareForm(video)
  const sound = audio === null || isUsualSound(audio) ? null : (soundNames[audio.codec] ?? audio.codec.trim())
  return [
    picture === null ? null : `Some phones do not show this video: it is ${picture}.`,
    sound === null
      ? null
      : `Some phones play this video without its sound, which is ${sound} instead of AAC.`,
  ].filter((note) => note !== null)
}

/** ISO/IEC 14496-15, 5.3.3.1 (avcC) and 8.3.3.1 (hvcC). */
function rareForm({ codec, setup }: Mp4Video): string | null {
  if (codec === 'hev1' || codec === 'hev2') return `H.265 in the form ${codec}, which iPhones do not play`
  if (setup === null) return null
  const isAvc = codec.startsWith('avc')
  const profile = (setup[1] ?? 0) & (isAvc ? 0xff : 0x1f)
  if (isAvc) return avcProfiles[profile] ?? null
  if (!codec.startsWith('hvc')) return null
  if (((setup[16] ?? 0) & 3) > 1) return 'H.265 with full colour (4:2:2 or 4:4:4)'
  return ((setup[17] ?? 0) & 7) > 0 ? 'H.265 with 10 bits or more a colour' : null
}

const avcProfiles: Readonly<Record<number, string>> = {
  44: 'H.264 with full colour (4:4:4)',
  110: 'H.264 with 10 bits a colour',
  122: 'H.264 with full colour (4:2:2)',
  244: 'H.264 with full colour (4:4:4)',
}

const soundNames: Readonly<Record<string, string>> = {
  mp4a: 'MP3',
  Opus: 'Opus',
  fLaC: 'FLAC',
  alac: 'Apple Lossless',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
}

/** AAC by its object type (https://mp4ra.org/registered-types/object-types), and what 3GP has. */
function isUsualSound({ codec, description }: Mp4Audio): boolean {
  if (codec === 'samr' || codec === 'sawb') return true
  if (codec !== 'mp4a') return false
  const type = objectTypeOf(description)
  return type === null || type === 0x40 || (type >= 0x66 && type <= 0x68)
}
