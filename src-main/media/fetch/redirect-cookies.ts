/** Cookies of one server's answers, for the redirects that follow: kept for one fetch, and then forgotten. */
export class RedirectCookies {
  readonly #cookies: Cookie[] = []

  /** Takes the Set-Cookie headers of an answer from `url` (RFC 6265, 5.3). What cannot be read is left out. */
  take(headers: string | string[] | undefined, url: URL): void {
    for (const header of [headers ?? []].flat()) {
      const cookie = readCookie(header.slice(0, maxCookieCharacters), url)
      if (cookie === null) continue
      const at = this.#cookies.findIndex((other) => isSame(other, cookie))
      if (at !== -1) this.#cookies.splice(at, 1)
      if (!cookie.isRemoved && this.#cookies.length < maxCookies) this.#cookies.push(cookie)
    }
  }

  /** The Cookie header for a request to `url`; null where there is none for it. */
  headerFor(url: URL): string | null {
    const fitting = this.#cookies.filter(
      ({ domain, isHostOnly, path, isSecure }) =>
        (isHostOnly ? url.hostname === domain : isWithin(url.hostname, domain)) &&
        isBelow(url.pathname, path) &&
        (!isSecure || url.protocol === 'https:'),
    )
    return fitting.length === 0 ? null : fitting.map(({ pair }) => pair).join('; ')
  }
}

interface Cookie {
  readonly name: string
  /** `name=value`, as it was written. */
  readonly pair: string
  readonly domain: string
  readonly isHostOnly: boolean
  readonly path: string
  readonly isSecure: boolean
  readonly isRemoved: boolean
}

const maxCookies = 50
/** Characters; browsers take 4,096 of a name and its value. */
const maxCookieCharacters = 8_192

function readCookie(header: string, url: URL): Cookie | null {
  const [written = '', ...rest] = header.split(';')
  const pair = written.trim()
  const equals = pair.indexOf('=')
  // Whatever stands in a request's header must not end it, nor be refused by the client that writes it.
  if (equals < 1 || !/^[\x20-\x7e\x80-\xff]+$/.test(pair)) return null
  const attributes = new Map(rest.map(attribute))
  const domain = (attributes.get('domain') ?? '').replace(/^\./, '').toLowerCase()
  // A cookie for all of `.id` would go to strangers; one of another host's is not this server's to set.
  if (domain !== '' && (!domain.includes('.') || !isWithin(url.hostname, domain))) return null
  const path = attributes.get('path') ?? ''
  const lasts = attributes.get('max-age')
  const expires = Date.parse(attributes.get('expires') ?? '')
  return {
    name: pair.slice(0, equals).trim(),
    pair,
    domain: domain === '' ? url.hostname : domain,
    isHostOnly: domain === '',
    path: path.startsWith('/') ? path : folderOf(url.pathname),
    isSecure: attributes.has('secure'),
    isRemoved: lasts === undefined ? expires < Date.now() : Number(lasts) <= 0,
  }
}

function attribute(written: string): [name: string, value: string] {
  const equals = written.indexOf('=')
  const name = equals === -1 ? written : written.slice(0, equals)
  return [name.trim().toLowerCase(), equals === -1 ? '' : written.slice(equals + 1).trim()]
}

const isSame = (a: Cookie, b: Cookie): boolean =>
  a.name === b.name && a.domain === b.domain && a.path === b.path

/** An address has no parts: nothing but itself is within it. */
const isWithin = (hostname: string, domain: string): boolean =>
  hostname === domain || (hostname.endsWith(`.${domain}`) && !/^[\d.]+$|^\[/.test(hostname))

const isBelow = (pathname: string, path: string): boolean =>
  pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)

function folderOf(pathname: string): string {
  const slash = pathname.lastIndexOf('/')
  return slash < 1 ? '/' : pathname.slice(0, slash)
}
