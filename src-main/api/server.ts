import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Failure } from '../failure.ts'
import { AccessLog, type AccessEntry } from './access-log.ts'
import { inAddressBar, lanAddresses, lanNames } from './addresses.ts'
import { rawAnswer } from './answers.ts'
import { apiApplication } from './application.ts'
import { hostsNamed, loopbackHosts, type Door } from './guard.ts'
import type { House } from './house.ts'
import { listenOn, type Listening } from './listening.ts'
import { answerRejection, rejectionOf } from './parser-rejections.ts'
import { RequestRate } from './request-rate.ts'
import { routes } from './routes.ts'
import { UnknownParameters, type UnknownParameter } from './unknown-parameters.ts'

export interface Api {
  readonly port: number
  /** Where callers reach it, as `http://127.0.0.1:3210`; that one first. */
  readonly addresses: string[]
  /** The newest first. */
  accessLog(limit: number): AccessEntry[]
  unknownParameters(): UnknownParameter[]
  /** Takes no new calls and lets running ones finish, for at most five seconds. */
  stop(): Promise<void>
}

const stopWithinMs = 5_000

/**
 * Opens the HTTP API on this PC and, where the operator wants it, on its LAN addresses.
 *
 * @param options.port 0: any free one; left out: the setting api.port
 * @throws Failure port_taken, port_not_allowed
 */
export async function startApi(options: House & { port?: number }): Promise<Api> {
  const { settings, log } = options
  const accessLog = new AccessLog(log)
  const unknown = new UnknownParameters()
  const lan = settings.get('api.lan') ? lanAddresses(settings.get('api.lanAddresses')) : []
  let stopping = false
  let door: Door = { hosts: new Set(), origins: new Set() }

  const koa = apiApplication({
    house: options,
    routes,
    accessLog,
    unknown,
    rate: new RequestRate(),
    door: () => door,
    isStopping: () => stopping,
  })
  const handle = koa.callback()
  const connections = new Set<Socket>()
  const makeServer = () => serverFor(handle, connections, () => settings.get('api.maxConnections'))
  const listening = await listenOn(options.port ?? settings.get('api.port'), lan, makeServer, log)

  const openDoor = () => {
    door = doorOf(listening, settings.get('api.allowedOrigins'))
  }
  openDoor()
  const unsubscribe = settings.onChange.add((name) => {
    if (name === 'api.allowedOrigins') openDoor()
  })

  return {
    port: listening.port,
    addresses: listening.bound.map(
      ({ address }) => `http://${inAddressBar(address)}:${String(listening.port)}`,
    ),
    accessLog: (limit) => accessLog.recent(limit),
    unknownParameters: () => unknown.list(),
    stop: async () => {
      stopping = true
      unsubscribe()
      await stopAll(listening)
    },
  }
}

function doorOf({ port, bound }: Listening, origins: readonly string[]): Door {
  const lan = bound.map(({ address }) => address).filter((address) => !['127.0.0.1', '::1'].includes(address))
  const names = lan.length === 0 ? [] : hostsNamed(lanNames(lan), port)
  return { hosts: new Set([...loopbackHosts(port), ...names]), origins: new Set(origins) }
}

type Handle = (request: never, response: never) => Promise<void>

function serverFor(handle: Handle, connections: Set<Socket>, mostConnections: () => number): Server {
  const server = createServer({
    maxHeaderSize: 128 * 1024,
    // A request without Host is the guard's to refuse, in the usual shape.
    requireHostHeader: false,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 2_000,
    noDelay: true,
  })
  const current = new WeakMap<Socket, ServerResponse>()
  server.on('request', (request, response) => {
    current.set(request.socket, response)
    void handle(request as never, response as never)
  })
  server.on('clientError', (thrown, socket) => {
    const failure = rejectionOf(thrown)
    if (failure === null) socket.destroy()
    else answerRejection(failure, socket as Socket, current.get(socket as Socket))
  })
  server.on('connect', (_request, socket) => {
    socket.end(rawAnswer(new Failure('request_malformed', 'This is no proxy.')))
  })
  server.on('connection', (socket: Socket) => admit(server, socket, connections, mostConnections()))
  return server
}

function admit(server: Server, socket: Socket, connections: Set<Socket>, most: number): void {
  // Connections that callers merely keep are the first to go.
  if (connections.size >= most) server.closeIdleConnections()
  if (openOf(connections) >= most) {
    const failure = new Failure(
      'too_many_connections',
      'Too many connections are open. Close those not needed.',
    )
    socket.end(rawAnswer(failure))
    socket.setTimeout(1_000, () => socket.destroy())
    return
  }
  connections.add(socket)
  socket.once('close', () => connections.delete(socket))
}

function openOf(connections: ReadonlySet<Socket>): number {
  let open = 0
  for (const connection of connections) if (!connection.destroyed) open += 1
  return open
}

async function stopAll({ bound }: Listening): Promise<void> {
  const closed = bound.map(({ server }) => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    server.close(() => resolve(undefined))
    server.closeIdleConnections()
    return promise
  })
  const overdue = setTimeout(() => {
    for (const { server } of bound) server.closeAllConnections()
  }, stopWithinMs)
  await Promise.all(closed)
  clearTimeout(overdue)
}
