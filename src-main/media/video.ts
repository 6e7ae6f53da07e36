import { open } from 'node:fs/promises'
import { Failure } from '../failure.ts'
import { asDocument, document, type Finding, type Work } from './checked.ts'
import type { Sniffed } from './content/formats.ts'
import { drawVideoThumbnail } from './image.ts'
import { readMp4 } from './content/mp4.ts'

/** What phones decode: H.264, H.265, MPEG-4 Visual, H.263. */
const playableCodecs = new Set(['avc1', 'avc3', 'hvc1', 'hev1', 'mp4v', 's263', 'h263'])

/**
 * Reads a video's length and size from its container. A thumbnail is always given: left out, Baileys would start
 * ffmpeg to make one.
 *
 * @throws Failure media_unreadable
 */
export async function lookIntoVideo(content: Sniffed, work: Work): Promise<Finding> {
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
  return { ...document, kind: 'video', width, height, seconds, thumbnail }
}
