import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface SocksServer {
  readonly url: string
  readonly port: number
  /** `host:port` of each request. */
  readonly asked: string[]
  stop(): Promise<void>
}

/** A real SOCKS 5 server (RFC 1928), with a login by name and password (RFC 1929) where one is wanted. */
export async function startSocksServer(options: {
  leads: Record<string, number>
  login?: string
}): Promise<SocksServer> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => undefined)
    client.once('close', () => sockets.delete(client))
    void serve(client).catch(() => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `socks5://127.0.0.1:${port}`,
    port,
    asked,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  async function serve(client: Socket): Promise<void> {
    const greeting = await next(client)
    const wanted = options.login === undefined ? 0 : 2
    if (!greeting.subarray(2).includes(wanted)) return void client.end(Buffer.of(5, 0xff))
    client.write(Buffer.of(5, wanted))
    if (options.login !== undefined) {
      const login = await next(client)
      const name = login.subarray(2, 2 + (login[1] ?? 0)).toString()
      const password = login.subarray(3 + (login[1] ?? 0)).toString()
      const isRight = `${name}:${password}` === options.login
      client.write(Buffer.of(1, isRight ? 0 : 1))
      if (!isRight) return void client.end()
    }
    const request = await next(client)
    const place = placeOf(request)
    asked.push(place)
    const target = options.leads[place]
    // 2: not allowed by the rules.
    if (target === undefined) return void client.end(Buffer.of(5, 2, 0, 1, 0, 0, 0, 0, 0, 0))
    const upstream = connect(target, '127.0.0.1', () => {
      client.write(Buffer.of(5, 0, 0, 1, 127, 0, 0, 1, 0, 0))
      upstream.pipe(client).pipe(upstream)
    })
    sockets.add(upstream)
    upstream.on('error', () => client.destroy())
    client.once('close', () => upstream.destroy())
  }
}

function placeOf(request: Buffer): string {
  const isName = request[3] === 3
  const length = isName ? (request[4] ?? 0) : 4
  const start = isName ? 5 : 4
  const bytes = request.subarray(start, start + length)
  const host = isName ? bytes.toString() : Array.from(bytes).join('.')
  return `${host}:${request.readUInt16BE(start + length)}`
}

function next(client: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.once('data', resolve)
    client.once('close', () => reject(new Error('the client has gone')))
  })
}
