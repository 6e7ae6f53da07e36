import type { IncomingHttpHeaders } from 'node:http'

/**
 * May this request in? A port on a PC is open to every program and, through the browser, to every web page.
 * A program needs a key; a page could have got hold of one, so it is told apart by what its browser adds to
 * the request and no script can forge. Decided from the headers alone, before anything is parsed. Pure: used
 * by the API, by the sandbox's control and by the browser window's server.
 */
export interface AccessPolicy {
  /** Every `host:port` that this server is reached by, in lower case: see `loopbackHosts`. */
  readonly hosts: ReadonlySet<string>
  /** Origins of foreign pages that the operator lets in, as browsers write them (`https://pos.example`). */
  readonly origins: ReadonlySet<string>
}

export interface Refusal {
  readonly code: 'host_not_allowed' | 'origin_not_allowed' | 'prefetch_refused'
  /** An English sentence that says what is wrong and what to do. */
  readonly reason: string
  /** Whom a setting of the operator's would let in; left out where none would. */
  readonly caller?: { readonly kind: 'host' | 'origin'; readonly value: string }
}

/** The names of this PC that never leave it. */
export function loopbackHosts(port: number): string[] {
  return hostsNamed(['127.0.0.1', 'localhost', '[::1]'], port)
}

/**
 * `host:port` for each name, and the name alone: programs that write their own requests leave the port out. No browser
 * does, unless the port is 80. IPv6 addresses are to come in brackets.
 */
export function hostsNamed(names: readonly string[], port: number): string[] {
  return names.map((name) => name.toLowerCase()).flatMap((name) => [`${name}:${String(port)}`, name])
}

/** What is known of a request besides its headers. */
export interface RequestOrigin {
  /** HTTP/1.0 from this PC: there Host may be missing (RFC 1945 knows none). */
  readonly isOldAndLocal: boolean
}

/** Why the request may not in; null when it may. */
export function refusalOf(
  headers: IncomingHttpHeaders,
  accessPolicy: AccessPolicy,
  from: RequestOrigin = { isOldAndLocal: false },
): Refusal | null {
  const host = hostOf(headers)
  if (host === '') {
    if (!from.isOldAndLocal || isOfBrowser(headers)) return hostMissing
  } else if (!accessPolicy.hosts.has(host)) {
    return hostRefused(host)
  }
  if (listedOriginOf(headers, accessPolicy) === null) {
    if (!isOwnOrigin(headers) || !isOwnSite(headers)) return originRefused(headers)
  }
  return isAskedAhead(headers) ? prefetchRefused : null
}

/** The listed origin that the request comes from, to be named in its CORS headers; null for any other. */
export function listedOriginOf(headers: IncomingHttpHeaders, accessPolicy: AccessPolicy): string | null {
  const origin = originOf(headers)
  return origin !== null && accessPolicy.origins.has(origin) ? origin : null
}

/**
 * The origin of the page that makes a request. Where a browser says whose request it is, but sends no Origin (a GET of a
 * page that does not ask to read the answer), the Referer's counts: neither can be set by a script.
 */
function originOf(headers: IncomingHttpHeaders): string | null {
  if (headers.origin !== undefined) return headers.origin
  if (headers['sec-fetch-site'] === undefined || headers.referer === undefined) return null
  const origin = URL.parse(headers.referer)?.origin ?? 'null'
  return origin === 'null' ? null : origin
}

// DNS rebinding: a page's own name is made to resolve to 127.0.0.1. Its scripts then count as same-origin,
// but Host still holds that name (CVE-2018-5702). A name that ends with a dot is the same one, and so is one with a
// colon behind which no port stands.
function hostOf(headers: IncomingHttpHeaders): string {
  return (headers.host ?? '')
    .trim()
    .toLowerCase()
    .replace(/^([^:]*|\[.*\]):$/, '$1')
    .replace(/\.(?=:\d+$|$)/, '')
}

function isOfBrowser(headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined || Object.keys(headers).some((name) => name.startsWith('sec-fetch-'))
}

// Sent with every POST of a page and with every WebSocket; `null` from sandboxed frames and files.
function isOwnOrigin(headers: IncomingHttpHeaders): boolean {
  return headers.origin === undefined || headers.origin === `http://${headers.host?.toLowerCase() ?? ''}`
}

// Images, forms by GET and links carry no Origin, but this. `same-site` is every other port of localhost.
function isOwnSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'none' || site === 'same-origin'
}

// Browsers fetch and even render an address while its user still types it; that must not send a message.
function isAskedAhead(headers: IncomingHttpHeaders): boolean {
  return aheadHeaders.some(
    (name) => headers[name] !== undefined && /prefetch|prerender|preview/i.test(String(headers[name])),
  )
}

const aheadHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

const hostMissing: Refusal = {
  code: 'host_not_allowed',
  reason:
    'The header Host is missing. Send it, with the address that is called: Host: 127.0.0.1 and the port.',
}

function hostRefused(host: string): Refusal {
  return {
    code: 'host_not_allowed',
    caller: { kind: 'host', value: host },
    reason:
      `The Host header names "${host.slice(0, 100)}", which is none of this server's names. Call it as 127.0.0.1 or ` +
      'localhost, with its port. From another computer, the API has to be opened to the network in Settings; another ' +
      'name for this computer (of Docker, of a proxy, of the local network) has to be listed in the setting api.hostNames.',
  }
}

function originRefused(headers: IncomingHttpHeaders): Refusal {
  const origin = originOf(headers)
  return origin === null
    ? originUnnamed
    : {
        ...originUnnamed,
        caller: { kind: 'origin', value: origin },
        reason: originSentence(`of ${origin.slice(0, 100)} `),
      }
}

const originSentence = (of: string) =>
  `Web pages ${of}may not call this server. The operator can list the origin of a page in Settings (api.allowedOrigins).`

const originUnnamed: Refusal = { code: 'origin_not_allowed', reason: originSentence('') }

const prefetchRefused: Refusal = {
  code: 'prefetch_refused',
  reason: 'The browser asked ahead of its user; such requests are never carried out.',
}
