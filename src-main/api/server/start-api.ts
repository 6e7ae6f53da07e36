import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Failure, sentenceOf, systemCodeOf } from '../../lib/failure.ts'
import { AccessLog, type AccessEntry } from '../middleware/access-log.ts'
import { inAddressBar, isHere, lanAddresses, lanNames } from './lan-addresses.ts'
import { rawResponse } from '../middleware/responses.ts'
import { apiApplication } from '../koa-app.ts'
import { ArrivalClock } from './arrival-clock.ts'
import { boundRequests } from './bounded-requests.ts'
import { Connections, endWith } from './connections.ts'
import { noteExpectation } from '../middleware/expect-continue.ts'
import { hostsNamed, loopbackHosts, type AccessPolicy } from '../middleware/guard.ts'
import type { ApiServices } from '../handlers/api-services.ts'
import { listenOn, listenToo, type Listening } from './listen.ts'
import { answerRejection, rejectionOf } from './parser-rejections.ts'
import { RefusedCallers, type RefusedCaller } from '../middleware/refused-callers.ts'
import { RequestRate } from '../middleware/request-rate.ts'
import { routes } from '../routes/routes.ts'
import { UnknownParameters, type UnknownParameter } from '../middleware/unknown-parameters.ts'
import { UnreadResponses } from '../middleware/unread-responses.ts'

export interface Api {
  readonly port: number
  /** Where callers reach it, as `http://127.0.0.1:3210`; that one first. Those of the LAN join as they come. */
  readonly addresses: string[]
  /** The newest first. */
  accessLog(limit: number): AccessEntry[]
  unknownParameters(): UnknownParameter[]
  /** Who was refused lately that a setting would let in. */
  refusedCallers(): RefusedCaller[]
  forgetRefused(caller: Pick<RefusedCaller, 'kind' | 'value'>): void
  /**
   * Takes no new calls and lets running ones finish.
   *
   * @param withinMs after which their connections are closed; five seconds unless given
   */
  stop(withinMs?: number): Promise<void>
  /** Resolves once the ports are free for others; running calls may go on. To be called beside `stop`. */
  portsFree(): Promise<void>
}

const stopWithinMs = 5_000
/** How often it is looked whether the LAN has come up or given this PC another address: milliseconds. */
const lanCheckIntervalMs = 10_000

/**
 * Opens the HTTP API on this PC and, where the operator wants it, on its LAN addresses.
 *
 * @throws Failure port_taken, port_not_allowed
 */
export async function startApi(options: ApiServices): Promise<Api> {
  const { settings, log } = options
  const accessLog = new AccessLog(log)
  const unknown = new UnknownParameters()
  const refused = new RefusedCallers()
  const unreadResponses = new UnreadResponses()
  const arrivals = new ArrivalClock()
  const lan = () => (settings.get('api.lan') ? lanAddresses(settings.get('api.lanAddresses')) : [])
  let stopping = false
  const freed = Promise.withResolvers<void>()
  let accessPolicy: AccessPolicy = { hosts: new Set(), origins: new Set() }
  const connections = new Connections(() => settings.get('api.maxConnections'))

  const koa = apiApplication({
    services: options,
    routes,
    accessLog,
    refused,
    unknown,
    unreadResponses,
    arrivals,
    rate: new RequestRate(),
    accessPolicy: () => accessPolicy,
    isStopping: () => stopping,
    onIdentified: (socket, key) => connections.identified(socket, key.id),
  })
  const handle = koa.callback()
  const handleRequest = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch((error: unknown) => {
      log.error({ reason: sentenceOf(error) }, 'could not answer a request')
      response.destroy()
    })
  }
  const makeServer = () => serverFor(handleRequest, connections, unreadResponses)
  const listening = await listenOn(settings.get('api.port'), lan(), makeServer, log)

  const openListener = () => {
    accessPolicy = doorOf(listening, settings.get('api.allowedOrigins'), settings.get('api.hostNames'))
  }
  openListener()
  const unsubscribe = settings.onChange.add((name) => {
    if (name === 'api.allowedOrigins' || name === 'api.hostNames') openListener()
  })
  const reachedBy = (address: string) => `http://${inAddressBar(address)}:${String(listening.port)}`
  const addresses = listening.bound.map(({ address }) => reachedBy(address))
  const stopChecking = checkPeriodically(async () => {
    const opened = await listenToo(listening, lan().filter(isHere), makeServer, (cause) =>
      log.debug({ code: systemCodeOf(cause) }, 'could not listen on a LAN address yet'),
    )
    if (opened.length === 0) return
    addresses.push(...opened.map(reachedBy))
    openListener()
    log.info({ addresses: opened.length }, 'the LAN changed: the API listens there too')
  })

  return {
    port: listening.port,
    addresses,
    accessLog: (limit) => accessLog.recent(limit),
    unknownParameters: () => unknown.list(),
    refusedCallers: () => refused.list(),
    forgetRefused: (caller) => refused.forget(caller),
    stop: async (withinMs = stopWithinMs) => {
      stopping = true
      unsubscribe()
      arrivals.stop()
      await stopChecking()
      const ended = stopAll(listening, connections, withinMs)
      freed.resolve()
      await ended
    },
    portsFree: () => freed.promise,
  }
}

/**
 * A program that starts with its PC is there before the network is, and a router may give the PC another address.
 * @returns what ends it, kept once no look is under way
 */
function checkPeriodically(check: () => Promise<void>): () => Promise<void> {
  let checking = Promise.resolve()
  const timer = setInterval(() => {
    checking = checking.then(check)
  }, lanCheckIntervalMs)
  timer.unref()
  return () => {
    clearInterval(timer)
    return checking
  }
}

function doorOf(
  { port, bound }: Listening,
  origins: readonly string[],
  hostNames: readonly string[],
): AccessPolicy {
  const lan = bound.map(({ address }) => address).filter((address) => !['127.0.0.1', '::1'].includes(address))
  const names = lan.length === 0 ? [] : lanNames(lan)
  const listed = hostNames.map(asHostName)
  return {
    // A listed name with a port of its own is that of a proxy in front.
    hosts: new Set([...loopbackHosts(port), ...hostsNamed([...names, ...listed], port), ...listed]),
    origins: new Set(origins.map(asBrowsersWriteIt)),
  }
}

/** People copy a name with the scheme and the path that stand around it. */
function asHostName(written: string): string {
  return written
    .replace(/^https?:\/\//i, '')
    .replace(/[/?#].*$/s, '')
    .toLowerCase()
}

/** What is copied from an address bar ends with a slash, and a person may write capitals or a scheme's own port. */
function asBrowsersWriteIt(written: string): string {
  const origin = URL.parse(written)?.origin ?? 'null'
  // Of schemes that the standard does not know, an extension's say, nothing is said but by their own browser.
  return origin === 'null' ? written : origin
}

function serverFor(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  connections: Connections,
  unreadResponses: UnreadResponses,
): Server {
  const server = createServer({
    maxHeaderSize: 128 * 1024,
    // A request without Host is the guard's to refuse, in the usual shape.
    requireHostHeader: false,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    // Callers keep a connection for a minute, as a rule; one that is closed just then loses a call. Idle ones are let go
    // when others come.
    keepAliveTimeout: 75_000,
    connectionsCheckingInterval: 2_000,
    noDelay: true,
  })
  // A caller that has said all may end its own side and wait for its answer (netcat, some PLCs). Node has no option for it.
  Object.assign(server, { httpAllowHalfOpen: true })
  const enter = boundRequests(server, connections, handle)
  server.on('checkContinue', (request, response) => {
    noteExpectation(request, response)
    enter(request, response)
  })
  // An expectation that is not known may be ignored (RFC 9110, 10.1.1); Node's 417 would have no body.
  server.on('checkExpectation', enter)
  server.on('clientError', (error, stream) => {
    const socket = stream as Socket
    if ('code' in error && error.code === 'ECONNRESET') unreadResponses.wasReset(socket)
    const failure = rejectionOf(error)
    if (failure === null) socket.destroy()
    else answerRejection(failure, socket, connections.answerOn(socket))
  })
  server.on('connect', (_request, stream) => {
    endWith(stream as Socket, rawResponse(new Failure('request_malformed', 'This is no proxy.')))
  })
  return server
}

async function stopAll({ bound }: Listening, connections: Connections, withinMs: number): Promise<void> {
  const closed = bound.map(({ server }) => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    server.close(() => resolve(undefined))
    return promise
  })
  connections.closeIdle()
  const overdue = setTimeout(() => connections.closeAll(), withinMs)
  await Promise.all(closed)
  clearTimeout(overdue)
}
