import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'

/** A real web server on a free loopback port. */
export interface WebServer {
  readonly port: number
  /** `http://localhost:PORT`, without a slash at its end. */
  readonly origin: string
  readonly server: Server
  /** Paths that were asked for, in order. */
  readonly asked: string[]
  [Symbol.asyncDispose](): Promise<void>
}

export async function startWebServer(listener: RequestListener, host = '127.0.0.1'): Promise<WebServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    // A client that hangs up is part of many tests.
    response.on('error', () => undefined)
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://localhost:${port}`,
    server,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A server that answers each request, once its head is there, with exactly these bytes, and closes. */
export async function rawServer(
  answer: (request: string) => Uint8Array,
): Promise<{ origin: string; port: number } & AsyncDisposable> {
  const server = createTcpServer((socket) => {
    let head = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (head.includes('\r\n\r\n')) socket.end(answer(head))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://localhost:${port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
