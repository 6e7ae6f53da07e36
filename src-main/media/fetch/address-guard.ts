import { BlockList, isIP } from 'node:net'
import { isTrusted, type TrustedHosts } from './trusted-hosts.ts'

/** What kind of place an address is. Only `public` is open to everybody. */
export type AddressKind =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'metadata'
  | 'multicast'
  | 'reserved'
  | 'unspecified'
  | 'translated'
  | 'unreadable'

/** Where a connection is about to go: the URL's host and port, and one address that it resolved to. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly address: string
}

export interface GuardRules {
  readonly trusted: TrustedHosts
  /** Ports that this program listens on: never fetched from, whatever is trusted. */
  readonly ownPorts: readonly number[]
  /** Addresses of this PC's own network interfaces. */
  readonly ownAddresses: readonly string[]
}

export type Verdict = { allowed: true } | { allowed: false; kind: AddressKind | 'own_port' }

/** Whether a connection to that very address may be made. Pure: no look-up, no clock. */
export function judge(target: Target, rules: GuardRules): Verdict {
  const address = canonicalAddress(target.address)
  const kind = kindOfAddress(address)
  if (rules.ownPorts.includes(target.port) && isThisPc(address, kind, rules)) {
    return { allowed: false, kind: 'own_port' }
  }
  if (kind === 'public') return { allowed: true }
  if (isTrusted(rules.trusted, { ...target, address, kind })) return { allowed: true }
  return { allowed: false, kind }
}

function isThisPc(address: string, kind: AddressKind, rules: GuardRules): boolean {
  return kind === 'loopback' || kind === 'unspecified' || rules.ownAddresses.includes(address)
}

/**
 * The kind of an IP address, in any of IPv6's spellings; a host name is `unreadable`. IPv4 in other spellings
 * than four decimal numbers does not reach this place: the URL parser and the resolver turn them into that.
 * Blocks: IANA's special-purpose address registries (RFC 6890 and what was added since), and the metadata
 * services of the large clouds.
 */
export function kindOfAddress(address: string): AddressKind {
  const plain = canonicalAddress(address)
  if (isIP(plain) === 4) return kindIn(ipv4Kinds, plain, 'ipv4') ?? 'public'
  if (isIP(plain) !== 6) return 'unreadable'
  const words = wordsOf(plain)
  // The registries first: an interface id of ISATAP inside of 6to4 or Teredo translates nothing.
  const known = kindIn(ipv6Kinds, plain, 'ipv6')
  if (known !== undefined && known !== 'link_local') return known
  if (isTranslating(words)) return embeddedKind(words)
  return known ?? (isGlobalUnicast(words) ? 'public' : 'reserved')
}

/** Without a zone (`%eth0`), and an IPv4 address written as IPv6 (`::ffff:…`) as what it is. */
function canonicalAddress(address: string): string {
  const zone = address.indexOf('%')
  const plain = zone === -1 ? address : address.slice(0, zone)
  if (isIP(plain) !== 6) return plain
  const words = wordsOf(plain)
  const mapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xff_ff
  return mapped ? dotted(words, 6) : plain
}

const ipv4Kinds = table('ipv4', [
  ['unspecified', '0.0.0.0/8'],
  ['loopback', '127.0.0.0/8'],
  // Instance metadata: AWS, Azure, GCP, OpenStack; AWS containers; Alibaba; Oracle; Azure's wire server.
  ['metadata', '169.254.169.254/32 169.254.170.2/32 169.254.170.23/32 100.100.100.200/32 192.0.0.192/32'],
  ['metadata', '168.63.129.16/32'],
  ['link_local', '169.254.0.0/16'],
  ['private', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10'],
  ['translated', '192.88.99.0/24'],
  ['reserved', '192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24'],
  ['multicast', '224.0.0.0/4'],
  ['reserved', '240.0.0.0/4'],
])

const ipv6Kinds = table('ipv6', [
  ['unspecified', '::/128'],
  ['loopback', '::1/128'],
  ['metadata', 'fd00:ec2::254/128 fd20:ce::254/128 fd00:c1::a9fe:a9fe/128'],
  // Deprecated or local ways to carry IPv4: compatible, SIIT, local NAT64, 6to4, Teredo.
  ['translated', '::/96 ::ffff:0:0:0/96 64:ff9b:1::/48 2002::/16 2001::/32'],
  ['private', 'fc00::/7 fec0::/10'],
  ['link_local', 'fe80::/10'],
  ['multicast', 'ff00::/8'],
  ['reserved', '2001::/23 2001:db8::/32 3fff::/20 100::/64 5f00::/16'],
])

type Family = 'ipv4' | 'ipv6'
type KindTable = { kind: AddressKind; blocks: BlockList }[]

function table(family: Family, rows: [AddressKind, string][]): KindTable {
  return rows.map(([kind, cidrs]) => {
    const blocks = new BlockList()
    for (const cidr of cidrs.split(' ')) {
      const [network = '', prefix = ''] = cidr.split('/')
      blocks.addSubnet(network, Number(prefix), family)
    }
    return { kind, blocks }
  })
}

function kindIn(kinds: KindTable, address: string, family: Family): AddressKind | undefined {
  return kinds.find(({ blocks }) => blocks.check(address, family))?.kind
}

const isGlobalUnicast = (words: readonly number[]): boolean => ((words[0] ?? 0) & 0xe0_00) === 0x20_00

/** NAT64's well-known prefix (RFC 6052), which IPv6-only networks put in front of every IPv4, and ISATAP. */
function isTranslating(words: readonly number[]): boolean {
  const nat64 = words[0] === 0x64 && words[1] === 0xff_9b && words.slice(2, 6).every((word) => word === 0)
  const isatap = (words[4] === 0 || words[4] === 0x02_00) && words[5] === 0x5e_fe
  return nat64 || isatap
}

function embeddedKind(words: readonly number[]): AddressKind {
  const outer = words[0] === 0x64 || isGlobalUnicast(words)
  const inner = kindOfAddress(dotted(words, 6))
  return outer ? inner : 'translated'
}

/** The eight 16-bit words of a valid IPv6 address. */
function wordsOf(address: string): number[] {
  const tail = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const [a = 0, b = 0, c = 0, d = 0] = tail?.slice(1).map(Number) ?? []
  const hex = tail
    ? address.slice(0, tail.index) + ((a << 8) | b).toString(16) + ':' + ((c << 8) | d).toString(16)
    : address
  const [head = '', rest] = hex.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = rest === undefined || rest === '' ? [] : rest.split(':')
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].map((word) => Number.parseInt(word, 16))
}

function dotted(words: readonly number[], at: number): string {
  const [high = 0, low = 0] = words.slice(at, at + 2)
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}
