import { Failure } from '../failure.ts'
import { document, measureFile, type Finding, type Work } from './checked.ts'
import { fileNameFor } from './file-name.ts'
import { sniffed, type Sniffed } from './formats.ts'
import { lookIntoImage } from './image.ts'
import { mimeTypeFor, treatmentOf } from './kinds.ts'
import { Limiter } from './limiter.ts'
import type { MediaFile, MediaType } from './media-file.ts'
import { refusePage } from './page-check.ts'
import { sniff } from './sniff.ts'
import { lookIntoSound, makeVoiceNote } from './sound/look-into-sound.ts'
import { lookIntoVideo } from './video.ts'

/** A file as it came, with what its server or sender said of it. */
export interface Original {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly url: URL | null
  readonly contentType: string | null
  readonly contentDisposition: string | null
  readonly uploadedName: string | null
}

export interface Wish {
  readonly mediaType: MediaType
  readonly fileName: string | null
  readonly voice: boolean
}

/** Decoding an image takes up to some 200 MiB: two at once, the others wait. */
const decoding = new Limiter(2)

/**
 * Decides from its content what a file is, whether it is what the caller called it, and makes of it what a phone
 * shows or plays.
 *
 * @throws Failure media_not_direct, media_mismatch, media_unreadable, media_too_large, storage_full
 */
export async function check(
  original: Original,
  wish: Wish,
  tools: { newPath: () => string; signal: AbortSignal },
): Promise<MediaFile> {
  const content = await sniffOriginal(original)
  refusePage(content, { ...original, mediaType: wish.mediaType, wantedName: wish.fileName })
  if (wish.mediaType !== 'document') refuseDamaged(content)
  const treatment = treatmentOf(wish.mediaType, wish.voice, content)
  const work = { path: original.path, ...tools }
  const finding =
    treatment === 'to_voice'
      ? await makeVoiceNote(content, { ...work, treatment: 'to_opus' })
      : await decoding.run(() => lookInto(wish.mediaType, content, { ...work, treatment }), tools.signal)
  return describe(original, wish, content, finding)
}

async function sniffOriginal({ path }: Original): Promise<Sniffed> {
  try {
    return await sniff(path)
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('media_unreadable', 'The file is damaged: its format could not be read.', {
      cause: thrown,
    })
  }
}

function refuseDamaged(content: Sniffed): void {
  if (!('damaged' in content)) return
  throw new Failure('media_unreadable', `The file is ${content.name} that is damaged or cut short.`)
}

function lookInto(mediaType: MediaType, content: Sniffed, work: Work): Promise<Finding> {
  if (mediaType === 'image') return lookIntoImage(content, work)
  if (mediaType === 'video') return lookIntoVideo(content, work)
  if (mediaType === 'audio') return lookIntoSound(content, work)
  return Promise.resolve(document)
}

async function describe(
  original: Original,
  wish: Wish,
  content: Sniffed,
  finding: Finding,
): Promise<MediaFile> {
  const { converted, ...found } = finding
  const final = converted ? sniffed(converted.format) : content
  const { path, bytes, sha256 } = converted
    ? { path: converted.path, ...(await measureFile(converted.path)) }
    : original
  const names = {
    wanted: wish.fileName,
    contentDisposition: original.contentDisposition,
    uploaded: original.uploadedName,
    url: original.url,
  }
  return {
    ...found,
    path,
    bytes,
    sha256,
    mimeType: mimeTypeFor(wish.mediaType, final, original.contentType),
    fileName: fileNameFor(names, namedContent(wish.mediaType, final)),
  }
}

/** A password-protected office file takes its extension from what the caller calls it. */
function namedContent(mediaType: MediaType, content: Sniffed): Sniffed {
  const isOffice = mediaType === 'docx' || mediaType === 'xlsx'
  return content.format === 'encryptedOffice' && isOffice ? sniffed(mediaType) : content
}
