import { measureFile, type Finding } from './checked.ts'
import { fileNameFor } from './file-name.ts'
import { sniffed, type Sniffed } from './formats.ts'
import type { Inspector } from './inspection/inspector.ts'
import { mimeTypeFor } from './kinds.ts'
import type { MediaFile, MediaType } from './media-file.ts'
import { convertToOpus } from './sound/look-into-sound.ts'

/** A file as it came, with what its server or sender said of it. */
export interface Original {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** Where it finally came from; null for an upload. */
  readonly url: URL | null
  /** The addresses on the way there, `url` the last. */
  readonly hops: readonly URL[]
  readonly contentType: string | null
  readonly contentDisposition: string | null
  readonly uploadedName: string | null
}

export interface Wish {
  readonly mediaType: MediaType
  readonly fileName: string | null
  readonly voice: boolean
}

/**
 * Decides from its content what a file is, whether it is what the caller called it, and makes of it what a phone
 * shows or plays. Another process looks into the file; only sounds are converted by a worker of this one.
 *
 * @throws Failure media_not_direct, media_mismatch, media_unreadable, media_too_large, storage_full
 */
export async function check(
  original: Original,
  wish: Wish,
  tools: { inspector: Inspector; newPath: () => string; signal: AbortSignal },
): Promise<MediaFile> {
  const { inspector, newPath, signal } = tools
  const convertedPath = newPath()
  const { path, contentType } = original
  const job = {
    path,
    convertedPath,
    mediaType: wish.mediaType,
    voice: wish.voice,
    url: original.url?.href ?? null,
    hops: original.hops.map(({ href }) => href),
    contentType,
    wantedName: wish.fileName,
  }
  const { content, treatment, finding } = await inspector.inspect(job, signal)
  const shape = treatment === 'to_voice' ? 'voice' : 'music'
  const found = finding ?? (await convertToOpus(content, { path, convertedPath, shape, signal }))
  return describe(original, wish, content, found)
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
