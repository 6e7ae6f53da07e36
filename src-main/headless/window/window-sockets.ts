import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { z } from 'zod'
import type { FrameToWindow, SocketPath } from '../../../src-preload/contract.ts'
import { hasEnded, type Connections } from '../../api/server/connections.ts'
import { refusalOf, type AccessPolicy } from '../../api/middleware/guard.ts'
import type { Ipc } from '../../ipc/ipc.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { limitUntilKnown, refuseUpgrade } from '../../lib/websocket-guard.ts'

/** Bytes of one message from a page; the largest are pieces of a chosen file. */
const maxPayload = 4 * 1024 * 1024
/** What a page may send, and how long it may take, before it has shown its token: that is one small message. */
const beforeToken = { maxBytes: 1_024, withinMs: 5_000 }
/** How long a page that is sent away may take to go. */
const lingerMs = 1_000
/** Pages without the token are written down no more often than that. */
const logEveryMs = 60_000
/** Bytes that may wait for a page that does not read; beyond that it is cut off and comes back by itself. */
const maxUnreadBytes = 32 * 1024 * 1024
/** Between signs of life, in milliseconds; a page that misses one is gone. */
const heartbeatMs = 30_000

const socketPath: SocketPath = '/bridge'
/** Closes a page that showed no token of this run, or sent what is not of the protocol (RFC 6455 §7.4.2). */
const closedAsForeign = 4401
const closedAsMalformed = 4400

const tokenFrame = z.strictObject({ token: z.string() })
const callFrame = z.strictObject({
  id: z.number().int().nonnegative(),
  call: z.string(),
  request: z.unknown(),
})

/** Lets pages of the window in and gives each the calls and events of the contract. */
export function acceptWindows(options: {
  server: Server
  connections: Connections
  accessPolicy: AccessPolicy
  token: string
  ipc: Ipc
  log: Logger
}): { stop(): void } {
  const { server, connections, accessPolicy, token, ipc, log } = options
  const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false })
  const foreigners = foreignersLog(log)
  server.on('upgrade', (request, duplex, head) => {
    const stream = duplex as Socket
    stream.on('error', () => stream.destroy())
    if (hasEnded(stream)) return
    const status = refusedUpgrade(request, accessPolicy)
    if (status !== null) return refuseUpgrade(stream, status)
    sockets.handleUpgrade(request, stream, head, (socket) =>
      serve(socket, stream, { connections, token, ipc, log, foreigners }),
    )
  })
  return {
    stop() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

function refusedUpgrade(request: IncomingMessage, accessPolicy: AccessPolicy): string | null {
  if (refusalOf(request.headers, accessPolicy) !== null) return '403 Forbidden'
  return request.url === socketPath ? null : '404 Not Found'
}

/** One line a minute, with how many there were: whoever tries tokens is not to turn the whole log over. */
function foreignersLog(log: Logger): () => void {
  let count = 0
  let writtenAt = -Infinity
  return () => {
    count += 1
    const now = performance.now()
    if (now - writtenAt < logEveryMs) return
    log.warn({ count }, 'a window had no valid token')
    writtenAt = now
    count = 0
  }
}

interface Parts {
  connections: Connections
  token: string
  ipc: Ipc
  log: Logger
  /** Told of each that showed no token. */
  foreigners: () => void
}

function serve(socket: WebSocket, stream: Socket, parts: Parts): void {
  const { connections, token, ipc, log, foreigners } = parts
  let unsubscribe: (() => void) | null = null
  let alive = true
  const lift = limitUntilKnown(stream, beforeToken)
  const pulse = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, heartbeatMs)
  pulse.unref()

  socket.on('pong', () => {
    alive = true
  })
  socket.on('error', (error) => log.warn({ reason: error.message }, 'a window connection failed'))
  socket.on('close', () => {
    clearInterval(pulse)
    unsubscribe?.()
  })
  socket.on('message', (data, isBinary) => {
    alive = true
    const message = isBinary ? null : parsed(data)
    if (unsubscribe === null) accept(message)
    else void answerCall(message)
  })

  function accept(message: unknown): void {
    const first = tokenFrame.safeParse(message)
    if (!first.success || !sameSecret(first.data.token, token)) {
      foreigners()
      return sendAway(closedAsForeign)
    }
    lift()
    connections.keep(stream)
    unsubscribe = ipc.subscribe((event, payload) => send({ event, payload } as FrameToWindow))
    send({ ready: true })
  }

  async function answerCall(message: unknown): Promise<void> {
    const call = callFrame.safeParse(message)
    if (!call.success) return sendAway(closedAsMalformed)
    const outcome = await ipc.answer(call.data.call, call.data.request)
    send({ id: call.data.id, outcome })
  }

  /** Nothing more is read from it: what it would still send is nobody's. */
  function sendAway(code: number): void {
    socket.removeAllListeners('message')
    socket.close(code)
    socket.pause()
    setTimeout(() => socket.terminate(), lingerMs).unref()
  }

  function send(message: FrameToWindow): void {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > maxUnreadBytes) return socket.terminate()
    socket.send(JSON.stringify(message))
  }
}

/** undefined for what is no JSON (ws gives a Buffer unless told otherwise): then it is a frame that is not of the protocol, like any other. */
function parsed(data: RawData): unknown {
  try {
    return JSON.parse((data as Buffer).toString('utf8'))
  } catch {
    return undefined
  }
}

/** Compared as hashes, so that neither the length nor the first wrong place shows in the time it takes. */
function sameSecret(given: string, ours: string): boolean {
  return timingSafeEqual(digest(given), digest(ours))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
