import type { IncomingHttpHeaders } from 'node:http'

/**
 * May this request in? A port on a PC is open to every program and, through the browser, to every web page.
 * A program needs a key; a page could have got hold of one, so it is told apart by what its browser adds to
 * the request and no script can forge. Decided from the headers alone, before anything is parsed. Pure: used
 * by the API, by the sandbox's control and by the browser window's server.
 */
export interface Door {
  /** Every `host:port` that this server is reached by, in lower case: see `loopbackHosts`. */
  readonly hosts: ReadonlySet<string>
  /** Origins of foreign pages that the operator lets in, as browsers write them (`https://pos.example`). */
  readonly origins: ReadonlySet<string>
}

export interface Refusal {
  readonly code: 'host_not_allowed' | 'origin_not_allowed' | 'prefetch_refused'
  /** An English sentence that says what is wrong and what to do. */
  readonly reason: string
}

/** The names of this PC that never leave it. Port 80 may be left out, as browsers do. */
export function loopbackHosts(port: number): string[] {
  return hostsNamed(['127.0.0.1', 'localhost', '[::1]'], port)
}

/** `host:port` for each name; IPv6 addresses are to come in brackets. */
export function hostsNamed(names: readonly string[], port: number): string[] {
  const lower = names.map((name) => name.toLowerCase())
  const withPort = lower.map((name) => `${name}:${String(port)}`)
  return port === 80 ? [...withPort, ...lower] : withPort
}

/** Why the request may not in; null when it may. */
export function refusalOf(headers: IncomingHttpHeaders, door: Door): Refusal | null {
  if (!isOurHost(headers, door)) return hostRefused
  if (listedOriginOf(headers, door) === null) {
    if (!isOwnOrigin(headers) || !isOwnSite(headers)) return originRefused
  }
  return isAskedAhead(headers) ? prefetchRefused : null
}

/** The listed origin that the request comes from, to be named in its CORS headers; null for any other. */
export function listedOriginOf(headers: IncomingHttpHeaders, door: Door): string | null {
  const origin = headers.origin
  return origin !== undefined && door.origins.has(origin) ? origin : null
}

// DNS rebinding: a page's own name is made to resolve to 127.0.0.1. Its scripts then count as same-origin,
// but Host still holds that name (CVE-2018-5702).
function isOurHost(headers: IncomingHttpHeaders, door: Door): boolean {
  return headers.host !== undefined && door.hosts.has(headers.host.toLowerCase())
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

const hostRefused: Refusal = {
  code: 'host_not_allowed',
  reason:
    'The Host header names another address than this server. Call it as 127.0.0.1 or localhost, with its port; ' +
    'from another computer, the API has to be opened to the network in Settings.',
}

const originRefused: Refusal = {
  code: 'origin_not_allowed',
  reason: 'Web pages may not call this server. The operator can list the origin of a page in Settings.',
}

const prefetchRefused: Refusal = {
  code: 'prefetch_refused',
  reason: 'The browser asked ahead of its user; such requests are never carried out.',
}
