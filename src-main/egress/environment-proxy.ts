import { BlockList, isIP } from 'node:net'
import { readProxyAddress, withProxyScheme } from './proxy-address.ts'
import type { ProxyAddress } from './proxy-address.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy that the environment names for an address, as curl, wget and git read it: `HTTPS_PROXY` or `HTTP_PROXY`
 * after the address's scheme, else `ALL_PROXY`; `NO_PROXY` has the hosts that are reached without one.
 *
 * @returns null: none; `unreadable`: the name of the variable whose value is no proxy
 * @see https://everything.curl.dev/usingcurl/proxies/env
 */
export function proxyOfEnvironment(
  url: URL,
  environment: Environment,
): ProxyAddress | { unreadable: string } | null {
  if (isExempt(url, valueOf('NO_PROXY', environment))) return null
  const own = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const name = [own, 'ALL_PROXY'].find((candidate) => valueOf(candidate, environment) !== '')
  if (name === undefined) return null
  return readProxyAddress(withProxyScheme(valueOf(name, environment))) ?? { unreadable: name }
}

/** Either case of letters; curl prefers the small ones. */
function valueOf(name: string, environment: Environment): string {
  return (environment[name.toLowerCase()] ?? environment[name] ?? '').trim()
}

function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return list.split(/[\s,]+/).some((entry) => entry !== '' && exempts(entry.toLowerCase(), host, port))
}

/** `*`, an address, a block, or a name with all that end in it; each but `*` and a block may have a port. */
function exempts(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return isInBlock(entry, host)
  const written = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry)
  const name = (written?.[1] ?? '').replace(/^\[|\]$/g, '').replace(/^\*?\./, '')
  if (written?.[2] !== undefined && written[2] !== port) return false
  return name !== '' && (host === name || (isIP(host) === 0 && host.endsWith(`.${name}`)))
}

function isInBlock(entry: string, host: string): boolean {
  const [network = '', bits = ''] = entry.split('/')
  const family = isIP(network)
  const isBlock = family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32)
  if (!isBlock || isIP(host) !== family) return false
  const block = new BlockList()
  const name = family === 6 ? 'ipv6' : 'ipv4'
  block.addSubnet(network, Number(bits), name)
  return block.check(host, name)
}
