import { lookup as lookUpName } from 'node:dns/promises'
import { isIP, type Socket as NetSocket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { callbackify } from 'node:util'
import { Agent, buildConnector } from 'undici'
import { Failure } from '../../lib/failure.ts'
import { openRoute, type Egress, type Route } from '../../egress/egress.ts'
import { nameOfProxy } from '../../egress/proxy-address.ts'
import { isProxyFailure } from '../../egress/proxy-failure.ts'
import { judge, kindOfAddress, type AddressKind, type GuardRules, type Verdict } from './address-guard.ts'
import { isNamed } from './trusted-hosts.ts'

/** Every address of a name, in the order to try them. */
export type LookUp = (hostname: string) => Promise<readonly string[]>

export interface ConnectorOptions {
  readonly rules: Omit<GuardRules, 'ownAddresses'>
  /** For all of resolving, connecting and TLS, in milliseconds. */
  readonly connectMs: number
  readonly lookUp?: LookUp | undefined
  /** Without one, or without a proxy in it, connections are made directly. */
  readonly egress?: Egress | undefined
}

/**
 * An undici Agent that opens a connection only to an address it has checked: literals and names alike, every
 * address that a name resolves to, at every connection. The name is resolved once, here, and the socket
 * goes to exactly the address that was checked, so that a DNS answer that changes in between changes nothing. A
 * proxy, too, is asked for that address and not for the name; but for names that the operator has listed.
 * Connections are never kept: each request is checked anew.
 */
export function guardedAgent(options: ConnectorOptions): Agent {
  const connect = callbackify((target: buildConnector.Options) => connectGuarded(target, options))
  return new Agent({
    pipelining: 0,
    keepAliveTimeout: 1,
    connect: (target, callback) =>
      connect(target, (error, socket) => {
        if (error) callback(error, null)
        else callback(null, socket)
      }),
  })
}

async function connectGuarded(target: buildConnector.Options, options: ConnectorOptions): Promise<Socket> {
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80)
  const place = { ...target, host, port: String(port) }
  const until = Date.now() + options.connectMs
  const rules: GuardRules = { ...options.rules, ownAddresses: ownAddresses() }
  const route = await within(options.connectMs, host, routeTo(place, options.egress))
  const isProxied = route.some((proxy) => proxy !== null)
  const isNamedByOperator = isNamed(rules.trusted, { host, port })
  const checking = within(options.connectMs, host, resolve(host, options.lookUp ?? systemLookUp))
  const addresses = await checking.catch((error: unknown) => {
    if (!isProxied) throw error
    if (!isNamedByOperator) throw cannotBeChecked(host, error)
    return null
  })
  if (addresses === null) return connectByName(place, { route, rules, until })
  // One refused address refuses the name: an honest name does not lead outside and inside at once.
  for (const address of addresses) refuseUnless(judge({ host, port, address }, rules), host)
  const outside = addresses.filter((address) => kindOfAddress(address) === 'public')
  // What was trusted although it is not public is in a network of this PC's own.
  if (!isProxied || outside.length === 0) {
    return firstOf(addresses, until, (address, timeoutMs) => connectTo(address, place, timeoutMs))
  }
  if (isNamedByOperator) return connectByName(place, { route, rules, until })
  return firstOf(outside, until, (address, timeoutMs) =>
    connectThrough(route, address, place, timeoutMs).catch((error: unknown) => {
      throw refusedAddress(error, place)
    }),
  )
}

type Socket = Extract<Parameters<buildConnector.Callback>, [null, unknown]>[1]
type Place = buildConnector.Options & { host: string; port: string }

async function routeTo({ host, port, protocol }: Place, egress: Egress | undefined): Promise<Route> {
  const name = isIP(host) === 6 ? `[${host}]` : host
  return egress === undefined ? [null] : egress.routeTo(new URL(`${protocol}//${name}:${port}`))
}

async function resolve(host: string, lookUp: LookUp): Promise<readonly string[]> {
  if (isIP(host)) return [host]
  const addresses = await lookUp(host)
  if (addresses.length > 0) return addresses
  throw new Failure('media_unreachable', `The name ${host} has no address: check the url's spelling.`)
}

const systemLookUp: LookUp = async (hostname) =>
  (await lookUpName(hostname, { all: true, verbatim: true })).map(({ address }) => address)

/** The first that answers. An address that stays silent leaves time for the next one. */
async function firstOf(
  addresses: readonly string[],
  until: number,
  connect: (address: string, timeoutMs: number) => Promise<Socket>,
): Promise<Socket> {
  let refusal: unknown
  for (const [index, address] of addresses.entries()) {
    const left = Math.max(1, until - Date.now())
    const share = index === addresses.length - 1 ? left : Math.ceil(left / 2)
    try {
      return await connect(address, share)
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

/** The proxy is given the name, and looks it up: only for names that the operator has listed. */
async function connectByName(
  place: Place,
  { route, rules, until }: { route: Route; rules: GuardRules; until: number },
): Promise<Socket> {
  const { host } = place
  // Where a proxy on this PC would lead nobody knows.
  if (rules.ownPorts.includes(Number(place.port))) refuseUnless({ allowed: false, kind: 'own_port' }, host)
  const proxies = route.filter((proxy) => proxy !== null)
  return connectThrough(proxies, host, place, Math.max(1, until - Date.now()))
}

/** @param host what the proxy is told: the address that was checked, or a name */
async function connectThrough(route: Route, host: string, place: Place, timeoutMs: number): Promise<Socket> {
  const until = Date.now() + timeoutMs
  const socket = await openRoute(route, { host, port: Number(place.port) }, timeoutMs)
  if (socket === null) return connectTo(host, place, Math.max(1, until - Date.now()))
  return place.protocol === 'https:'
    ? connectTo(host, place, Math.max(1, until - Date.now()), socket)
    : socket
}

/** @param tunnel a proxy's connection to that address, which TLS is then spoken in */
function connectTo(address: string, place: Place, timeout: number, tunnel?: NetSocket): Promise<Socket> {
  const { host, httpSocket: _none, ...rest } = place
  const connect = buildConnector({ timeout, allowH2: false, maxCachedSessions: 0 })
  // The certificate is checked against the URL's name; the Host header is undici's, from the URL too.
  const servername = place.protocol === 'https:' && !isIP(host) ? { servername: host } : {}
  const { servername: _other, ...plain } = rest
  return new Promise((resolve, reject) => {
    const through = tunnel === undefined ? {} : { httpSocket: tunnel }
    connect({ ...plain, ...servername, ...through, host: address, hostname: address }, (error, socket) => {
      if (error) reject(error)
      else resolve(socket)
    })
  })
}

function within<T>(milliseconds: number, host: string, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new Failure('media_timeout', `The name ${host} could not be looked up in time.`)
    const timer = setTimeout(() => reject(late), milliseconds)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
}

function cannotBeChecked(host: string, cause: unknown): Failure {
  return new Failure(
    'media_unreachable',
    `The name ${host} cannot be looked up on this PC, so Kurir cannot check the address that the proxy would use. Check the url's ` +
      `spelling. If the proxy may fetch from this host without the check, add ${host} to the setting media.trustedHosts.`,
    { cause },
  )
}

/** A proxy was asked for an address, since a name could lead it elsewhere; some let PCs through by names only. */
function refusedAddress(error: unknown, { host, port, protocol }: Place): unknown {
  if (!isProxyFailure(error) || error.code !== 'proxy_refused') return error
  const https =
    protocol === 'https:'
      ? ''
      : ' Many proxies let only https through: give a link that begins with https://.'
  return new Failure(
    'proxy_refused',
    `${error.message}${https} Where it lets through by name only, list ${host} in the setting media.trustedHosts: it is ` +
      `then asked for ${nameOfProxy({ host, port: Number(port) })}.`,
    { cause: error },
  )
}

const descriptions: Record<AddressKind | 'own_port', string> = {
  public: 'a public address',
  loopback: 'this PC itself',
  private: 'an address of a private network',
  link_local: 'a link-local address',
  metadata: "a cloud's metadata service",
  multicast: 'a multicast address',
  reserved: 'a reserved address',
  unspecified: 'no address of its own',
  translated: 'an address that wraps another one',
  unreadable: 'no address that can be read',
  own_port: 'Kurir itself',
}

/** Kinds that no entry of the setting opens. */
const neverTrusted = new Set<AddressKind | 'own_port'>(['multicast', 'unspecified', 'unreadable', 'own_port'])

function refuseUnless(verdict: Verdict, host: string): void {
  if (verdict.allowed) return
  const advice = neverTrusted.has(verdict.kind)
    ? 'Nothing is fetched from there.'
    : `If it is yours and the file is meant to come from there, list ${host} in the setting media.trustedHosts.`
  const sentence = `The host ${host} of the url is ${descriptions[verdict.kind]}. ${advice}`
  throw new Failure('media_address_refused', sentence, {
    errors: { url: `leads to ${descriptions[verdict.kind]}` },
  })
}
