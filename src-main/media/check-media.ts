import { measureFile, type CheckResult } from './check-result.ts'
import { extensionOf, fileNameFor, givenName, isScript, type NameSources } from './files/file-name.ts'
import { sniffed, type Sniffed } from './content/formats.ts'
import { extensionOfTextType } from './content/text-types.ts'
import type { Inspector } from './inspection/inspector.ts'
import { mimeTypeFor } from './kinds.ts'
import type { MediaFile, MediaType } from './files/media-file.ts'
import type { NamedAs } from './fetch/page-check.ts'
import { convertToOpus } from './audio/probe-audio.ts'

/** A file as it came, with what its server or sender said of it. */
export interface SourceFile {
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

export interface MediaCheckRequest {
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
  original: SourceFile,
  request: MediaCheckRequest,
  tools: { inspector: Inspector; newPath: () => string; signal: AbortSignal; keyId: string | null },
): Promise<MediaFile> {
  const { inspector, newPath, signal, keyId } = tools
  const convertedPath = newPath()
  const { path, contentType } = original
  const job = {
    path,
    convertedPath,
    mediaType: request.mediaType,
    voice: request.voice,
    url: original.url?.href ?? null,
    hops: original.hops.map(({ href }) => href),
    contentType,
    named: namedAs(original, request),
  }
  const { content, treatment, result } = await inspector.inspect(job, signal, keyId)
  const shape = treatment === 'to_voice' ? 'voice' : 'music'
  const found = result ?? (await convertToOpus(content, { path, convertedPath, shape, signal, keyId }))
  return describe(original, request, content, found)
}

async function describe(
  original: SourceFile,
  request: MediaCheckRequest,
  content: Sniffed,
  result: CheckResult,
): Promise<MediaFile> {
  const { converted, ...found } = result
  const final = converted ? sniffed(converted.format) : content
  const { path, bytes, sha256 } = converted
    ? { path: converted.path, ...(await measureFile(converted.path)) }
    : original
  const fileName = fileNameFor(
    namesOf(original, request),
    namedContent(request.mediaType, final, extensionOf(givenName(namesOf(original, request)).name)),
    original.contentType,
  )
  return {
    ...found,
    path,
    bytes,
    sha256,
    mimeType: mimeTypeFor(final, fileName, original.contentType),
    fileName,
  }
}

const namesOf = (original: SourceFile, request: MediaCheckRequest): NameSources => ({
  wanted: request.fileName,
  contentDisposition: original.contentDisposition,
  uploaded: original.uploadedName,
  url: original.url,
})

/** A name without an extension, or with a script's, is taken for what its server or program calls the file. */
function namedAs(original: SourceFile, request: MediaCheckRequest): NamedAs {
  const { name, by } = givenName(namesOf(original, request))
  const written = extensionOf(name)
  const extension = written === '' || isScript(written) ? extensionOfTextType(original.contentType) : written
  const isAttachment = /^\s*attachment\b/i.test(original.contentDisposition ?? '')
  return { extension: extension ?? written, by, isAttachment }
}

/** Files whose kind cannot be seen, or that Word opens under its own extension, are what the caller calls them. */
function namedContent(mediaType: MediaType, content: Sniffed, extension: string): Sniffed {
  if (content.format === 'rtf' && mediaType === 'doc' && extension !== 'rtf') return sniffed('doc')
  if (content.format !== 'encryptedOffice' || (mediaType !== 'docx' && mediaType !== 'xlsx')) return content
  const ownKinds = mediaType === 'docx' ? /^do[ct][xm]$/ : /^xl(s[xmb]|t[xm]|am)$/
  return ownKinds.test(extension) ? content : sniffed(mediaType)
}
