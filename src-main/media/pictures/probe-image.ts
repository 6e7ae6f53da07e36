import type { Metadata, Sharp } from 'sharp'
import { Failure } from '../../lib/failure.ts'
import {
  asDocument,
  createPrivateFile,
  document,
  type CheckResult,
  type CheckContext,
} from '../check-result.ts'
import type { Sniffed } from '../content/formats.ts'
import { loadSharp } from './image-codec.ts'
import { missingEndOf } from './jpeg-end.ts'

/** A phone's largest photographs; beyond that a decoder needs hundreds of MiB, whatever the file's size. */
const maxPixels = 64_000_000
/** libvips keeps whole rows: a picture that is wide and low needs gigabytes for few pixels. */
const maxSidePixels = 16_384
/** Pictures that cannot be decoded row by row are whole in memory. */
const maxWholeBytes = 256 * 1_048_576
/** Of the longer side, in pixels. WhatsApp shows it, blurred, until the image is loaded. */
const thumbnailPixels = 96

/** `none`: what is missing of a picture that is shown all the same is drawn grey. */
type FailOn = 'error' | 'none'

async function openImage(path: string, failOn: FailOn): Promise<Sharp> {
  const sharp = await loadSharp()
  return sharp(path, { limitInputPixels: maxPixels, failOn, sequentialRead: true })
}

/** Of the header alone: the limit that the decoder keeps comes after a refusal with figures. */
async function readHeader(path: string): Promise<Metadata> {
  const sharp = await loadSharp()
  return sharp(path, { limitInputPixels: false, failOn: 'error', sequentialRead: true }).metadata()
}

/**
 * Checks an image, makes its thumbnail, and makes a JPEG of it where WhatsApp would not show it, or not upright.
 *
 * @throws Failure media_too_large (pixels), media_unreadable
 */
export async function probeImage(content: Sniffed, work: CheckContext): Promise<CheckResult> {
  if (work.treatment === 'as_document') {
    return asDocument(`Sent as a document: WhatsApp does not show ${content.name} as an image.`)
  }
  if (content.format === 'avif' && content.moves) return asDocument(onlyFirst(content))
  const facts = await readable(() => readHeader(work.path))
  const { width, height } = facts.autoOrient
  refuseTooLarge(facts)
  const pages = facts.pages ?? 1
  if (pages > 1 && content.format !== 'tiff') return asDocument(onlyFirst(content))
  const { thumbnail, failOn, missing } = await checkPixels(content, work.path, facts)
  const reason =
    work.treatment === 'to_jpeg' ? `Converted from ${content.name} to JPEG.` : reasonToConvert(facts)
  const converted = reason === null ? null : { path: await toJpeg(work, failOn), format: 'jpeg' as const }
  const notes = [
    reason,
    missing,
    content.format === 'tiff' && pages > 1 ? `Only the first of its ${pages} pages is shown.` : null,
    content.format === 'png' && content.moves
      ? `WhatsApp shows only the first picture of ${content.name} that moves.`
      : null,
  ].filter((note) => note !== null)
  return { ...document, kind: 'image', converted, width, height, thumbnail, notes }
}

const onlyFirst = ({ name }: Sniffed): string =>
  `Sent as a document: WhatsApp would show only the first picture of ${name} that moves.`

/** Decodes a picture for its thumbnail, which shows whether it is whole. A JPEG may lack a little of its end. */
async function checkPixels(
  content: Sniffed,
  path: string,
  facts: Metadata,
): Promise<{ thumbnail: Uint8Array; failOn: FailOn; missing: string | null }> {
  try {
    return { thumbnail: await makeThumbnail(path, 'error'), failOn: 'error', missing: null }
  } catch (error) {
    const end = content.format === 'jpeg' ? await missingEndOf(path, facts) : 'much'
    if (end === 'much') throw imageFailure(error)
    const missing = end === 'marker' ? null : 'The end of the picture is missing: less than a tenth of it.'
    return { thumbnail: await readable(() => makeThumbnail(path, 'none')), failOn: 'none', missing }
  }
}

/** Refused from the header alone, before anything is decoded. */
function refuseTooLarge(facts: Metadata): void {
  const { width, height } = facts.autoOrient
  const excess = excessOf(width, height, facts)
  if (excess === null) return
  throw new Failure(
    'media_too_large',
    `The image has ${width} × ${height} pixels, more than ${excess}. ` +
      'Make it smaller, or send it with media_type=document.',
  )
}

function excessOf(width: number, height: number, facts: Metadata): string | null {
  // Only the first page is decoded, but a file of many pages is no picture for a phone.
  if (width * height > maxPixels || (facts.pages ?? 1) > 10_000) {
    return `the ${maxPixels / 1e6} million that are taken`
  }
  if (Math.max(width, height) > maxSidePixels) return `the ${maxSidePixels} of a side that are taken`
  if (wholeBytes(facts) > maxWholeBytes) return 'are taken of an interlaced, progressive or TIFF image'
  return null
}

/** What a decoder holds of a picture that it cannot decode row by row; 0 for the others. */
function wholeBytes({ width, height, channels, depth, isProgressive, format }: Metadata): number {
  if (!isProgressive && format !== 'tiff') return 0
  const bytesPerSample = depth === 'uchar' ? 1 : depth === 'ushort' || depth === 'short' ? 2 : 4
  return width * height * channels * bytesPerSample
}

/** Why an image that WhatsApp takes would still look wrong on some phones. */
function reasonToConvert(facts: Metadata): string | null {
  if ((facts.orientation ?? 1) !== 1) return 'Turned upright as the camera noted.'
  if (facts.space === 'cmyk') return 'Converted from print colours (CMYK) to screen colours.'
  return null
}

async function toJpeg({ path, convertedPath: target }: CheckContext, failOn: FailOn): Promise<string> {
  await createPrivateFile(target)
  await readable(async () => {
    const upright = (await openImage(path, failOn)).autoOrient().flatten({ background: '#ffffff' })
    await upright.toColourspace('srgb').jpeg({ quality: 90 }).toFile(target)
  })
  return target
}

async function makeThumbnail(path: string, failOn: FailOn): Promise<Uint8Array> {
  const upright = (await openImage(path, failOn)).autoOrient().flatten({ background: '#ffffff' })
  const box = {
    width: thumbnailPixels,
    height: thumbnailPixels,
    fit: 'inside',
    withoutEnlargement: true,
  } as const
  return upright.resize(box).toColourspace('srgb').jpeg({ quality: 60 }).toBuffer()
}

async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw imageFailure(error)
  }
}

function imageFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message : ''
  if (/ENOSPC|no space left/i.test(text)) {
    return new Failure('storage_full', 'The disk is full: the image could not be converted.', {
      cause: error,
    })
  }
  if (/pixel limit/i.test(text)) {
    return new Failure('media_too_large', 'The image has too many pixels. Make it smaller.')
  }
  return new Failure('media_unreadable', 'The image is damaged or cut short: it could not be decoded.', {
    cause: error,
  })
}

/** A neutral picture with a triangle, for videos: a frame of theirs cannot be decoded here. */
export async function drawVideoThumbnail(width: number, height: number): Promise<Uint8Array> {
  const scale = thumbnailPixels / Math.max(width, height, 1)
  const w = Math.max(16, Math.round(width * scale))
  const h = Math.max(16, Math.round(height * scale))
  const r = Math.min(w, h) / 4
  const triangle = `M${w / 2 - r * 0.7} ${h / 2 - r}L${w / 2 + r} ${h / 2}L${w / 2 - r * 0.7} ${h / 2 + r}Z`
  const drawing =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}">` +
    `<rect width="100%" height="100%" fill="#2b3a42"/><path d="${triangle}" fill="#c9d3d8"/></svg>`
  const sharp = await loadSharp()
  return sharp(Buffer.from(drawing)).jpeg({ quality: 60 }).toBuffer()
}
