import type { ProxyAddress } from './proxy-address.ts'

const types: Readonly<Record<string, ProxyAddress['type']>> = {
  PROXY: 'http',
  HTTPS: 'https',
  SOCKS: 'socks4',
  SOCKS4: 'socks4',
  SOCKS5: 'socks5',
}

const ports: Readonly<Record<ProxyAddress['type'], number>> = {
  http: 80,
  https: 443,
  socks4: 1080,
  socks5: 1080,
}

/**
 * Reads what a PAC script answers, and Electron's `resolveProxy` alike, such as `PROXY 10.0.0.1:3128; DIRECT`. Kinds that
 * are not known (QUIC) are passed over; nothing that can be used is no proxy, as is the empty answer that Electron gives
 * where the look-up failed (electron: shell/browser/net/resolve_proxy_helper.cc).
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Guides/Proxy_servers_and_tunneling/Proxy_Auto-Configuration_PAC_file
 */
export function proxiesOfPac(answer: string): readonly (ProxyAddress | null)[] {
  const ways = answer.split(';').flatMap((part): (ProxyAddress | null)[] => {
    const [kind = '', place = ''] = part.trim().split(/\s+/)
    if (kind.toUpperCase() === 'DIRECT') return [null]
    const type = types[kind.toUpperCase()]
    if (type === undefined || !URL.canParse(`ws://${place}`)) return []
    const { hostname, port } = new URL(`ws://${place}`)
    // The parser hides the port 80, which is not every kind's own.
    const written = /:(\d+)$/.exec(place)?.[1] ?? port
    const number = written === '' ? ports[type] : Number(written)
    return [{ type, host: hostname.replace(/^\[|\]$/g, ''), port: number, user: null, password: null }]
  })
  return ways.length === 0 ? [null] : ways
}
