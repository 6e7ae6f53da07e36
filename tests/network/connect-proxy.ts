import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, createServer as createNetServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface ConnectProxyOptions {
  /** `name:password` that it wants; anybody may use it where there is none. */
  login?: string
  /** The schemes that it offers with its 407. */
  challenge?: string
  /** Answers so, instead of opening a tunnel. */
  refuseWith?: number
  /** Takes the connection and never answers. */
  hangs?: boolean
  /** Where names and addresses lead: `host:port` to a port of this PC. Others it cannot reach (502). */
  leads?: Record<string, number>
  /** Speaks TLS itself. */
  tls?: { key: string; cert: string }
}

/** A real HTTP proxy: it opens tunnels, and tells of each. */
export interface ConnectProxy {
  readonly port: number
  readonly url: string
  /** What CONNECT named, in order, opened or not. */
  readonly asked: string[]
  /** Those that were opened. */
  readonly opened: string[]
  /** Requests that were no CONNECT. */
  readonly plain: string[]
  options: ConnectProxyOptions
  /** Cuts what is open, as a proxy that ends. */
  cut(): void
  stop(): Promise<void>
}

export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const server: Server = options.tls === undefined ? createServer() : createTlsServer(options.tls)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', (request, response) => {
    proxy.plain.push(`${request.method} ${request.url}`)
    response.writeHead(405).end()
  })
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => undefined)
    const authority = request.url ?? ''
    proxy.asked.push(authority)
    const { login, challenge = 'Basic realm="kantor"', refuseWith, hangs, leads = {} } = proxy.options
    if (hangs === true) return
    if (refuseWith !== undefined) return refuse(client, `${refuseWith} Refused`)
    if (login !== undefined && request.headers['proxy-authorization'] !== basic(login)) {
      return refuse(client, `407 Proxy Authentication Required\r\nProxy-Authenticate: ${challenge}`)
    }
    const port = leads[authority]
    if (port === undefined) return refuse(client, '502 Bad Gateway')
    const upstream = connect(port, '127.0.0.1', () => {
      proxy.opened.push(authority)
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length > 0) upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    sockets.add(upstream)
    upstream.on('error', () => client.destroy())
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => sockets.delete(upstream))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const proxy: ConnectProxy = {
    port,
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked: [],
    opened: [],
    plain: [],
    options,
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    async stop() {
      proxy.cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`

function refuse(client: Duplex, answer: string): void {
  client.end(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
}

/** A port of this PC that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = createNetServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
