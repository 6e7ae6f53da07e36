import { Failure } from '../failure.ts'
import { adviceAboutPage } from './direct-links.ts'
import type { Sniffed } from './formats.ts'
import type { MediaType } from './media-file.ts'

/**
 * Refuses a web page that came in the place of a file: a login, a preview, an error with status 200. Content
 * that is what it should be passes whatever the server calls it. A page may be sent on purpose: as a document whose
 * name says so.
 *
 * @throws Failure media_not_direct
 */
export function refusePage(
  content: Sniffed,
  from: {
    url: URL | null
    hops: readonly URL[]
    contentType: string | null
    mediaType: MediaType
    wantedName: string | null
  },
): void {
  if (from.url === null || !isPage(content, from.contentType)) return
  const isMeant = /\.x?html?$/i.test(from.wantedName ?? '') || /\.x?html?$/i.test(from.url.pathname)
  if (from.mediaType === 'document' && isMeant) return
  throw new Failure(
    'media_not_direct',
    `The url answers with a web page instead of the file: a login, a preview or an error page of ${from.url.host}. ` +
      `Give the direct link, the one that downloads the file itself.${adviceAboutPage(from.hops)}`,
    { errors: { url: 'answers with a web page, not a file' } },
  )
}

function isPage(content: Sniffed, contentType: string | null): boolean {
  if (content.format === 'html') return true
  const saysSo = /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '')
  return saysSo && (content.format === 'text' || content.format === 'unknown')
}
