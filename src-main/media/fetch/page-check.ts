import { Failure } from '../../lib/failure.ts'
import type { Sniffed } from '../content/formats.ts'
import { typeOfTextExtension } from '../content/text-types.ts'
import { adviceAboutPage } from './direct-links.ts'
import type { MediaType } from '../files/media-file.ts'

/** What the request and the server said of a file. */
export interface PageContext {
  /** Where the file finally came from; null for an upload. */
  readonly url: URL | null
  /** The addresses on the way there, `url` the last. */
  readonly hops: readonly URL[]
  readonly contentType: string | null
  readonly mediaType: MediaType
  readonly named: NamedAs
}

/** The extension of the name that a file was given, who gave it, and whether its server calls it an attachment. */
export interface NamedAs {
  /** In lower case; empty where there is none. */
  readonly extension: string
  readonly by: 'caller' | 'server' | 'upload' | 'url' | null
  readonly isAttachment: boolean
}

/**
 * Refuses a web page that came in the place of a file: a login, a preview, an error with status 200. Content
 * that is what it should be passes whatever the server calls it. A page may be sent on purpose, as a document or as what
 * Excel and Word open: where its caller, or its server as an attachment, gives it a name of such a kind.
 *
 * @throws Failure media_not_direct
 */
export function refusePage(content: Sniffed, context: PageContext): void {
  const { url, hops } = context
  if (url === null || content.format !== 'html' || isMeant(context)) return
  throw new Failure(
    'media_not_direct',
    `The url answers with a web page instead of the file: a login, a preview or an error page of ${url.host}. ` +
      `Give the direct link, the one that downloads the file itself.${adviceAboutPage(hops)}`,
    { errors: { url: 'answers with a web page, not a file' } },
  )
}

function isMeant({ mediaType, named, contentType }: PageContext): boolean {
  if (mediaType !== 'document' && mediaType !== 'xls' && mediaType !== 'doc') return false
  const { extension, by, isAttachment } = named
  if (by === 'server' && isAttachment) return extension === '' || typeOfTextExtension(extension) !== null
  if (isPageName(extension)) return mediaType === 'document'
  if (!isOfficeName(extension)) return false
  // A login in the place of /laporan.xls calls itself a page; a program that writes HTML for Excel does not.
  return by !== 'url' || !/^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? 'text/html')
}

const isPageName = (extension: string): boolean => /^(x?html?|mht|mhtml)$/.test(extension)

/** Kinds of which programs write HTML, because Excel and Word open it. */
const isOfficeName = (extension: string): boolean => /^(xls|xlt|doc|dot)$/.test(extension)
