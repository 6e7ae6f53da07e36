import { lookup as lookUpName } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { callbackify } from 'node:util'
import { Agent, buildConnector } from 'undici'
import { Failure } from '../failure.ts'
import { judge, type AddressKind, type GuardRules, type Verdict } from './address-guard.ts'

/** Every address of a name, in the order to try them. */
export type LookUp = (hostname: string) => Promise<readonly string[]>

export interface ConnectorOptions {
  readonly rules: Omit<GuardRules, 'ownAddresses'>
  /** For all of resolving, connecting and TLS, in milliseconds. */
  readonly connectMs: number
  readonly lookUp?: LookUp | undefined
}

/**
 * An undici Agent that opens a connection only to an address it has checked: literals and names alike, every
 * address that a name resolves to, at every connection. The name is resolved once, here, and the socket
 * goes to exactly the address that was checked, so that a DNS answer that changes in between changes nothing.
 * Connections are never kept: each request is checked anew.
 */
export function guardedAgent(options: ConnectorOptions): Agent {
  const connect = callbackify((target: buildConnector.Options) => connectGuarded(target, options))
  return new Agent({
    pipelining: 0,
    keepAliveTimeout: 1,
    connect: (target, callback) =>
      connect(target, (thrown, socket) => {
        if (thrown) callback(thrown, null)
        else callback(null, socket)
      }),
  })
}

async function connectGuarded(target: buildConnector.Options, options: ConnectorOptions): Promise<Socket> {
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80)
  const until = Date.now() + options.connectMs
  const addresses = await within(options.connectMs, host, resolve(host, options.lookUp ?? systemLookUp))
  const rules: GuardRules = { ...options.rules, ownAddresses: ownAddresses() }
  // One refused address refuses the name: an honest name does not lead outside and inside at once.
  for (const address of addresses) refuseUnless(judge({ host, port, address }, rules), host)
  return connectToFirst(addresses, { ...target, host, port: String(port) }, until)
}

type Socket = Extract<Parameters<buildConnector.Callback>, [null, unknown]>[1]

async function resolve(host: string, lookUp: LookUp): Promise<readonly string[]> {
  if (isIP(host)) return [host]
  const addresses = await lookUp(host)
  if (addresses.length > 0) return addresses
  throw new Failure('media_unreachable', `The name ${host} has no address: check the url's spelling.`)
}

const systemLookUp: LookUp = async (hostname) =>
  (await lookUpName(hostname, { all: true, verbatim: true })).map(({ address }) => address)

/** The first that answers. An address that stays silent leaves time for the next one. */
async function connectToFirst(
  addresses: readonly string[],
  target: buildConnector.Options & { host: string },
  until: number,
): Promise<Socket> {
  let refusal: unknown
  for (const [index, address] of addresses.entries()) {
    const left = Math.max(1, until - Date.now())
    const share = index === addresses.length - 1 ? left : Math.ceil(left / 2)
    try {
      return await connectTo(address, target, share)
    } catch (thrown) {
      refusal = thrown
    }
  }
  throw refusal
}

function connectTo(
  address: string,
  target: buildConnector.Options & { host: string },
  timeout: number,
): Promise<Socket> {
  const { host, httpSocket: _none, ...rest } = target
  const connect = buildConnector({ timeout, allowH2: false, maxCachedSessions: 0 })
  // The certificate is checked against the URL's name; the Host header is undici's, from the URL too.
  const servername = target.protocol === 'https:' && !isIP(host) ? { servername: host } : {}
  const { servername: _other, ...plain } = rest
  return new Promise((resolve, reject) => {
    connect({ ...plain, ...servername, host: address, hostname: address }, (thrown, socket) => {
      if (thrown) reject(thrown)
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
