import { BlockList, isIP } from 'node:net'
import type { AddressKind } from './address-guard.ts'

/** The operator's exceptions, read from `media.trustedHosts`. */
export interface TrustedHosts {
  /** Host names, matched against the URL's host; null: any port. */
  readonly names: readonly { name: string; port: number | null }[]
  /** Addresses and blocks, matched against the address that is connected to; null: any port. */
  readonly blocks: readonly { block: BlockList; port: number | null }[]
  /** Entries that are neither: they trust nothing. */
  readonly unreadable: readonly string[]
}

/**
 * Reads entries of the forms `kasir.lan`, `localhost:8080`, `192.168.1.5`, `192.168.1.5:8080`, `[::1]:8080`,
 * `::1` and `192.168.1.0/24`.
 */
export function readTrustedHosts(entries: readonly string[]): TrustedHosts {
  const names: { name: string; port: number | null }[] = []
  const blocks: { block: BlockList; port: number | null }[] = []
  const unreadable: string[] = []
  for (const entry of entries) {
    const block = readBlock(entry)
    const host = block ? null : readHost(entry)
    if (block) blocks.push({ block, port: null })
    else if (host === null) unreadable.push(entry)
    else if (isIP(host.name)) blocks.push({ block: blockOf(host.name, null), port: host.port })
    else names.push(host)
  }
  return { names, blocks, unreadable }
}

/**
 * Whether an entry opens that place. A name opens what is on this PC and its networks, wherever the name
 * leads; an address or a block opens exactly itself. Multicast and `0.0.0.0` are no places to fetch from.
 */
export function isTrusted(
  trusted: TrustedHosts,
  target: { host: string; port: number; address: string; kind: AddressKind },
): boolean {
  const { kind } = target
  if (kind === 'multicast' || kind === 'unspecified' || kind === 'unreadable') return false
  const onPort = (port: number | null): boolean => port === null || port === target.port
  const byAddress = trusted.blocks.some(({ block, port }) => onPort(port) && holds(block, target.address))
  if (byAddress) return true
  return (kind === 'loopback' || kind === 'private') && isNamed(trusted, target)
}

/** Whether an entry names that host, wherever its name leads. */
export function isNamed(trusted: TrustedHosts, target: { host: string; port: number }): boolean {
  const host = withoutDot(target.host.toLowerCase())
  return trusted.names.some(({ name, port }) => name === host && (port === null || port === target.port))
}

function holds(block: BlockList, address: string): boolean {
  return block.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

function readBlock(entry: string): BlockList | null {
  const [network = '', prefix, ...rest] = entry.split('/')
  const family = isIP(network)
  if (prefix === undefined) return family === 6 ? blockOf(network, null) : null
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  if (rest.length > 0 || family === 0 || bits < 0 || bits > (family === 6 ? 128 : 32)) return null
  return blockOf(network, bits)
}

function blockOf(network: string, bits: number | null): BlockList {
  const block = new BlockList()
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
  if (bits === null) block.addAddress(network, family)
  else block.addSubnet(network, bits, family)
  return block
}

/** The URL parser brings names to one spelling: lower case, punycode, IPv4 in four decimal numbers. */
function readHost(entry: string): { name: string; port: number | null } | null {
  if (/[/?#@*\\\s]/.test(entry) || !URL.canParse(`ws://${entry}`)) return null
  const { hostname, port } = new URL(`ws://${entry}`)
  const name = withoutDot(hostname.replace(/^\[|\]$/g, ''))
  // The parser hides a scheme's own port.
  const written = /:(\d{1,5})$/.exec(entry)?.[1]
  const explicit = port === '' && written !== undefined && !isIP(entry) ? written : port
  return name === '' ? null : { name, port: explicit === '' ? null : Number(explicit) }
}

const withoutDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name)
