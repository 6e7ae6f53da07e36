import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { boundRequests, closeUnread } from '../../api/server/bounded-requests.ts'
import { Connections } from '../../api/server/connections.ts'
import { loopbackHosts, refusalOf, type AccessPolicy } from '../../api/middleware/guard.ts'
import { sentenceOf } from '../../lib/failure.ts'
import type { Ipc } from '../../ipc/ipc.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { pageFiles } from '../../window-assets/page-files.ts'
import { acceptWindows } from './window-sockets.ts'

export interface WindowServer {
  readonly port: number
  /** The window's address with this run's token in its fragment, which no browser ever sends to a server. */
  readonly url: string
  stop(): Promise<void>
}

/** Held at once, pages and WebSockets together; a browser opens about six a tab. Windows with the token keep theirs. */
const maxConnections = 128

/**
 * Serves the built window on a loopback port of its own, whatever the API's LAN setting says. The files are
 * no secret; everything else goes over a WebSocket whose first message is the run's token. No cookie is used:
 * cookies ignore ports and would reach every other server on this PC.
 *
 * @param folder the built window, out/renderer
 */
export async function startWindowServer(options: {
  folder: string
  ipc: Ipc
  log: Logger
}): Promise<WindowServer> {
  const token = randomBytes(32).toString('base64url')
  const files = pageFiles(options.folder)
  const hosts = new Set<string>()
  const accessPolicy: AccessPolicy = { hosts, origins: new Set() }

  const connections = new Connections(() => maxConnections)
  const server = createServer({ headersTimeout: 10_000, connectionsCheckingInterval: 1_000 })
  boundRequests(server, connections, (request, response) => {
    answerWithFile(request, response).catch((error: unknown) => {
      options.log.error({ reason: sentenceOf(error) }, 'could not serve a file of the window')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  // A client may end its own side and wait for its answer. Node has no option for it.
  Object.assign(server, { httpAllowHalfOpen: true })
  const { ipc, log } = options
  const windows = acceptWindows({ server, connections, accessPolicy, token, ipc, log })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1' }, resolve)
  })
  const { port } = server.address() as AddressInfo
  for (const host of loopbackHosts(port)) hosts.add(host)
  return { port, url: `http://127.0.0.1:${port}/#token=${token}`, stop }

  async function answerWithFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
    closeUnread(request.socket)
    const refusal = refusalOf(request.headers, accessPolicy)
    if (refusal !== null) return endWithText(response, 403, refusal.reason)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return endWithText(response, 405, 'The window is read with GET.')
    }
    const { status, headers, body } = await files(request.url ?? '/')
    response.writeHead(status, { ...headers, 'content-length': body.length })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  async function stop(): Promise<void> {
    windows.stop()
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    server.closeAllConnections()
    await closed
  }
}

function endWithText(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(`${sentence}\n`)
}
