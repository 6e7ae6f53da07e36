import { BlockList, isIP } from 'node:net'
import type { Socket } from 'node:net'
import type { Logger } from '../lib/logging/logger.ts'
import type { Settings } from '../storage/settings/settings.ts'
import { proxyOfEnvironment } from './environment-proxy.ts'
import { readProxyAddress } from './proxy-address.ts'
import type { ProxyAddress } from './proxy-address.ts'
import { isProxyFailure } from './proxy-failure.ts'
import { openTunnel } from './proxy-tunnel.ts'
import type { TunnelTarget } from './proxy-tunnel.ts'
import { proxiesOfPac } from './pac-answer.ts'
import { trustSystemCertificates } from './system-certificates.ts'

/** The ways to a place, in the order in which they are tried; null: without a proxy. */
export type Route = readonly (ProxyAddress | null)[]

const direct: Route = [null]

export interface EgressOptions {
  readonly settings: Pick<Settings, 'get' | 'secretOf'>
  readonly log: Logger
  /** What the system's settings say for an address, as a PAC script would; null: the environment's variables say it. */
  readonly systemProxy: ((url: string) => Promise<string>) | null
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** How this program gets out of the PC: through which proxy, and whose certificates it believes. */
export class Egress {
  readonly #options: EgressOptions
  readonly #complained = new Set<string>()

  constructor(options: EgressOptions) {
    this.#options = options
  }

  /** Before the first connection that checks a certificate. Never throws; the certificates that were added, PEM. */
  trust(): Promise<readonly string[]> {
    return trustSystemCertificates(this.#options.log)
  }

  /** The ways to a place. This PC itself is never reached through a proxy. Never throws. */
  async routeTo(url: URL): Promise<Route> {
    if (isLoopbackName(url.hostname)) return direct
    const { settings } = this.#options
    const setting = settings.get('network.proxy')
    if (setting === 'none') return direct
    if (setting === 'system') return this.#systemRoute(url)
    const proxy = readProxyAddress(setting)
    return proxy === null ? direct : [{ ...proxy, password: settings.secretOf('network.proxy') }]
  }

  async #systemRoute(url: URL): Promise<Route> {
    const { systemProxy, environment = process.env } = this.#options
    if (systemProxy !== null) {
      // Chromium knows web sockets' proxies by the pages' schemes, and needs no path.
      const answer = await systemProxy(`${url.protocol}//${url.host}/`).catch(() => '')
      return proxiesOfPac(answer)
    }
    const found = proxyOfEnvironment(url, environment)
    if (found === null) return direct
    if (!('unreadable' in found)) return [found]
    if (!this.#complained.has(found.unreadable)) {
      this.#complained.add(found.unreadable)
      this.#options.log.warn(
        { variable: found.unreadable },
        'this environment variable has no usable proxy address; it is ignored',
      )
    }
    return direct
  }
}

/**
 * A connection by the first way that works: a proxy that cannot be reached leaves it to the next.
 *
 * @returns null: the way is without a proxy, and the caller connects by itself
 * @throws Failure proxy_unreachable, proxy_login_required, proxy_refused
 */
export async function openRoute(
  route: Route,
  target: TunnelTarget,
  timeoutMs: number,
): Promise<Socket | null> {
  const until = Date.now() + timeoutMs
  let failure: unknown = null
  for (const [index, proxy] of route.entries()) {
    if (proxy === null) return null
    const left = Math.max(1, until - Date.now())
    try {
      return await openTunnel(proxy, target, index === route.length - 1 ? left : Math.ceil(left / 2))
    } catch (error) {
      failure = error
      if (!isProxyFailure(error) || error.code !== 'proxy_unreachable') throw error
    }
  }
  throw failure
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** `localhost` and all below it (RFC 6761), and the addresses that never leave a PC, IPv4 written as IPv6 among them. */
export function isLoopbackName(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
  const family = isIP(host)
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost')
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
