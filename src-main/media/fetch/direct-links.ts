import { Failure } from '../../lib/failure.ts'

interface Site {
  readonly name: string
  readonly hosts: RegExp
  /** What this address shows instead of the file; null: it is a direct link. */
  problem(url: URL): { what: string; direct: string | null } | null
  /** When a direct link of it ends in a page: a sentence. */
  readonly pageReason?: string
}

/**
 * Refuses a link to a page of a file-sharing site, known by its address alone, before anything is looked up.
 *
 * @param before the addresses that redirected here
 * @throws Failure media_not_direct, with the direct form where the site has one
 */
export function refuseSharingPage(url: URL, before: readonly URL[] = []): void {
  const site = siteOf(url)
  const problem = site?.problem(url) ?? null
  if (site === undefined || problem === null) return
  // Its own direct link leads to a login: another form of the link would not help.
  if (problem.direct === null && before.some((hop) => siteOf(hop) === site)) {
    throw new Failure(
      'media_not_direct',
      `This ${site.name} link is a direct one, but ${site.name} redirects it to a page.${adviceAboutPage(before)}`,
      { errors: { url: 'is redirected to a page, not to a file' } },
    )
  }
  const advice =
    problem.direct === null
      ? 'There is no direct form of such a link: put the file on a web server, or POST it in the field "file".'
      : `The direct form is ${problem.direct}`
  throw new Failure('media_not_direct', `This ${site.name} link ${problem.what}. ${advice}`, {
    errors: { url: `not a direct link: it ${problem.what}` },
  })
}

/**
 * What to add when a page came where a file was expected: sites whose direct links end in one.
 *
 * @param hops the caller's address and those that it was redirected to: a login may be on another host
 */
export function adviceAboutPage(hops: readonly URL[]): string {
  const reason = hops.map((hop) => siteOf(hop)?.pageReason).find((known) => known !== undefined)
  return reason === undefined ? '' : ` ${reason}`
}

const siteOf = (url: URL): Site | undefined => sites.find(({ hosts }) => hosts.test(url.hostname))
const page = 'opens a page, not the file'

const googleDrive: Site = {
  name: 'Google Drive',
  pageReason:
    'Google Drive shows a page for files that are not shared with "anyone with the link" or are too large to be checked for viruses.',
  hosts: /^(drive|docs|drive\.usercontent)\.google\.com$/,
  problem(url) {
    const path = url.pathname.replaceAll(/\/(a\/[^/]+|u\/\d+)(?=\/)/g, '')
    const id =
      /^\/file\/d\/([\w-]+)/.exec(path)?.[1] ?? (path === '/open' ? url.searchParams.get('id') : null)
    if (id !== null && id !== undefined) return { what: page, direct: driveDownload(id) }
    const handlerContext = /^\/(document|spreadsheets|presentation)\/d\/([\w-]+)(?:\/(\w+))?/.exec(path)
    if (handlerContext && handlerContext[3] !== 'export' && !url.pathname.includes('/pub'))
      return officeProblem(handlerContext)
    if (/^\/(drive|folderview|folders)/.test(path))
      return { what: 'opens a folder, not a file', direct: null }
    return null
  },
}

const driveDownload = (id: string): string => `https://drive.google.com/uc?export=download&id=${id}`

function officeProblem([, kind = '', id = '']: RegExpExecArray): { what: string; direct: string } {
  const format = kind === 'spreadsheets' ? '?format=xlsx' : kind === 'document' ? '?format=pdf' : '/pdf'
  return { what: 'opens an editor', direct: `https://docs.google.com/${kind}/d/${id}/export${format}` }
}

const dropbox: Site = {
  name: 'Dropbox',
  pageReason: 'Dropbox shows a page for files that were removed, or whose link is not open to everybody.',
  hosts: /^(www\.)?dropbox\.com$/,
  problem(url) {
    if (!/^\/(s|scl|sh|t)\//.test(url.pathname)) return { what: page, direct: null }
    if (url.searchParams.get('dl') === '1' || url.searchParams.get('raw') === '1') return null
    if (/^\/(sh|t|scl\/fo)\//.test(url.pathname))
      return { what: 'opens a folder or a transfer', direct: null }
    return { what: page, direct: withParameter(url, 'dl', '1') }
  },
}

const oneDrive: Site = {
  name: 'OneDrive',
  pageReason: 'OneDrive shows a page for files that are not shared with "anyone with the link".',
  hosts: /^(1drv\.ms|onedrive\.live\.com|[\w-]+\.sharepoint\.com)$/,
  problem(url) {
    if (url.hostname === '1drv.ms') return { what: page, direct: null }
    if (url.hostname === 'onedrive.live.com') {
      if (url.pathname.startsWith('/download')) return null
      const known = /^\/(embed|redir)/.test(url.pathname) && url.searchParams.has('resid')
      const direct = known ? url.href.replace(/\/(embed|redir)/, '/download') : null
      return { what: page, direct }
    }
    const shared = /^\/:[a-z]:\//.test(url.pathname)
    if (!shared || url.searchParams.get('download') === '1') return null
    if (url.pathname.startsWith('/:f:')) return { what: 'opens a folder, not a file', direct: null }
    return { what: page, direct: withParameter(url, 'download', '1') }
  },
}

const mediafire: Site = {
  name: 'Mediafire',
  hosts: /^(www\.)?mediafire\.com$/,
  problem: () => ({ what: 'opens a page with a download button', direct: null }),
}

const weTransfer: Site = {
  name: 'WeTransfer',
  hosts: /^(we\.tl|(www\.|[\w-]+\.)?wetransfer\.com)$/,
  problem: (url) =>
    url.hostname.startsWith('download.') ? null : { what: 'opens a transfer that expires', direct: null },
}

const sites: readonly Site[] = [googleDrive, dropbox, oneDrive, mediafire, weTransfer]

function withParameter(url: URL, name: string, value: string): string {
  const changed = new URL(url)
  changed.searchParams.set(name, value)
  return changed.href
}
