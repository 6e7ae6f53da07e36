import { request as requestHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { Socket } from 'node:net'
import { SocksClient } from 'socks'
import { Failure, sentenceOf } from '../lib/failure.ts'
import { nameOfProxy } from './proxy-address.ts'
import type { ProxyAddress } from './proxy-address.ts'
import { proxyLoginRequired, proxyRefused, proxySilent, proxyUnreachable } from './proxy-failure.ts'

/** Where a tunnel is to lead: a name, which the proxy looks up, or an address. */
export interface TunnelTarget {
  readonly host: string
  readonly port: number
}

/**
 * Has a proxy open a connection. What is sent through the socket reaches the target as it is, so that TLS inside of it is
 * between this program and the target.
 *
 * @param timeoutMs for all of connecting to the proxy and its answer
 * @throws Failure proxy_unreachable, proxy_login_required, proxy_refused
 */
export async function openTunnel(
  proxy: ProxyAddress,
  target: TunnelTarget,
  timeoutMs: number,
): Promise<Socket> {
  if (proxy.type === 'http' || proxy.type === 'https') return connectTunnel(proxy, target, timeoutMs)
  return socksTunnel(proxy, target, timeoutMs)
}

/** HTTP's CONNECT (RFC 9110, 9.3.6). */
function connectTunnel(proxy: ProxyAddress, target: TunnelTarget, timeoutMs: number): Promise<Socket> {
  const authority = nameOfProxy(target)
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const request = proxy.type === 'https' ? requestHttps : requestHttp
  const asked = request({
    host: proxy.host,
    port: proxy.port,
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, 'user-agent': 'Kurir', ...login(proxy) },
    agent: false,
    ...(proxy.type === 'https' && isIP(proxy.host) === 0 ? { servername: proxy.host } : {}),
  })
  const timer = setTimeout(() => {
    asked.destroy(proxySilent(proxy, Math.ceil(timeoutMs / 1_000)))
  }, timeoutMs)
  asked.once('error', (error) => {
    clearTimeout(timer)
    reject(error instanceof Failure ? error : proxyUnreachable(proxy, error))
  })
  asked.once('connect', (answer: IncomingMessage, socket: Socket, head: Buffer) => {
    clearTimeout(timer)
    const refusal = refusalOf(answer, proxy, target)
    if (refusal !== null) {
      socket.on('error', () => undefined)
      socket.destroy()
      return reject(refusal)
    }
    if (head.length > 0) socket.unshift(head)
    resolve(socket)
  })
  // A server that takes CONNECT for an ordinary request.
  asked.once('response', (answer) => {
    clearTimeout(timer)
    asked.destroy()
    reject(refusalOf(answer, proxy, target) ?? proxyRefused(proxy, target, String(answer.statusCode)))
  })
  asked.end()
  return promise
}

function login({ user, password }: ProxyAddress): Record<string, string> {
  if (user === null) return {}
  const pair = Buffer.from(`${user}:${password ?? ''}`).toString('base64')
  return { 'proxy-authorization': `Basic ${pair}` }
}

function refusalOf(answer: IncomingMessage, proxy: ProxyAddress, target: TunnelTarget): Failure | null {
  const status = answer.statusCode ?? 0
  if (status >= 200 && status < 300) return null
  if (status === 407) {
    return proxyLoginRequired(proxy, answer.headers['proxy-authenticate'] ?? '')
  }
  return proxyRefused(proxy, target, String(status))
}

/** SOCKS 5 (RFC 1928, 1929), or 4a where the system's own settings name such a proxy. */
async function socksTunnel(proxy: ProxyAddress, target: TunnelTarget, timeoutMs: number): Promise<Socket> {
  try {
    const { socket } = await SocksClient.createConnection({
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: proxy.type === 'socks5' ? 5 : 4,
        ...(proxy.user === null ? {} : { userId: proxy.user, password: proxy.password ?? '' }),
      },
      command: 'connect',
      destination: target,
      timeout: timeoutMs,
    })
    return socket
  } catch (error) {
    throw socksFailure(error, proxy, target, timeoutMs)
  }
}

/** The library has sentences and no codes. */
function socksFailure(error: unknown, proxy: ProxyAddress, target: TunnelTarget, timeoutMs: number): Failure {
  const sentence = sentenceOf(error)
  if (/timed out/i.test(sentence)) return proxySilent(proxy, Math.ceil(timeoutMs / 1_000))
  if (/authentication (failed|type)/i.test(sentence)) return proxyLoginRequired(proxy, '')
  const rejected = /rejected connection(?: - (.*))?/i.exec(sentence)
  if (rejected !== null) return proxyRefused(proxy, target, rejected[1] ?? 'no')
  return proxyUnreachable(proxy, error)
}
