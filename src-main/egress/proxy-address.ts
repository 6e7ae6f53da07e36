/** A proxy, and how its user is known to it. */
export interface ProxyAddress {
  readonly type: 'http' | 'https' | 'socks5' | 'socks4'
  /** A name, or an IP address without brackets. */
  readonly host: string
  readonly port: number
  readonly user: string | null
  readonly password: string | null
}

const types: Readonly<Record<string, { type: ProxyAddress['type']; port: number }>> = {
  'http:': { type: 'http', port: 80 },
  'https:': { type: 'https', port: 443 },
  'socks5:': { type: 'socks5', port: 1080 },
  // curl's word for a SOCKS5 proxy that looks names up itself, which is what is asked of every one here.
  'socks5h:': { type: 'socks5', port: 1080 },
}

/** Reads `http://…`, `https://…` or `socks5://…` with an optional user and password; null where it is none. */
export function readProxyAddress(text: string): ProxyAddress | null {
  if (!/^[a-z\d]+:\/\//i.test(text) || /\s/.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  const known = types[url.protocol]
  const hasMore = (url.pathname !== '' && url.pathname !== '/') || url.search !== '' || url.hash !== ''
  if (known === undefined || url.hostname === '' || url.port === '0' || hasMore) return null
  const user = decoded(url.username)
  const password = decoded(url.password)
  if (user === null || password === null) return null
  return {
    type: known.type,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? known.port : Number(url.port),
    user: user === '' ? null : user,
    password: user === '' && password === '' ? null : password,
  }
}

/** What an operator copies without its scheme, such as `10.0.0.1:3128`, is an HTTP proxy. */
export function withProxyScheme(text: string): string {
  const written = text.trim()
  if (/^(system|none)$/i.test(written)) return written.toLowerCase()
  return /^[^\s/:@]+:\d{1,5}\/?$/.test(written) ? `http://${written}` : written
}

/** Takes the password out of a proxy's URL; `password` is null where it has none. */
export function withoutPassword(text: string): { url: string; password: string | null } {
  const proxy = readProxyAddress(text)
  if (proxy === null) return { url: text, password: null }
  const url = new URL(text)
  const password = url.password === '' ? null : proxy.password
  url.password = ''
  return { url: url.href.replace(/\/$/, ''), password }
}

/** `host:port`, as people write it. */
export function nameOfProxy({ host, port }: Pick<ProxyAddress, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
