import { Router } from '@koa/router'
import Koa, { type Context } from 'koa'
import { setTimeout as pause } from 'node:timers/promises'
import { Failure, sentenceOf } from '../lib/failure.ts'
import type { AccessLog } from './middleware/access-log.ts'
import {
  errorResponse,
  commonHeaders,
  failureResponse,
  precomputedResponse,
  type ApiResponse,
} from './middleware/responses.ts'
import { addressOf, isLoopback } from './middleware/authentication.ts'
import {
  authenticatedHandler,
  perMinute,
  type HandlerContext,
  type Progress,
} from './handlers/authenticated-handler.ts'
import type { ArrivalClock } from './server/arrival-clock.ts'
import { closeUnread } from './server/bounded-requests.ts'
import { hasEnded } from './server/connections.ts'
import { isWaitingToSend } from './middleware/expect-continue.ts'
import { listedOriginOf, refusalOf, type AccessPolicy } from './middleware/guard.ts'
import type { RefusedCallers } from './middleware/refused-callers.ts'
import { unidentifiedBuckets } from './middleware/request-rate.ts'
import type { OpenRoute, Route } from './handlers/api-route.ts'
import { checkCaller, mayHaveGivenUp, type UnreadResponses } from './middleware/unread-responses.ts'

export interface ApiOptions extends HandlerContext {
  readonly routes: readonly Route[]
  readonly accessLog: AccessLog
  readonly refused: RefusedCallers
  readonly unreadResponses: UnreadResponses
  readonly arrivals: ArrivalClock
  /** Asked anew for each request: the operator may list another origin at any time. */
  accessPolicy(): AccessPolicy
  isStopping(): boolean
}

/** The API as Koa knows it: one middleware that guards, answers and writes down, and a router behind it. */
export function apiApplication(options: ApiOptions): Koa {
  const koa = new Koa()
  const route = routerOf(options)
  koa.use(async (context) => {
    const progress: Progress = { arrivedAt: options.arrivals.arrivedAt(), route: '—', keyName: null }
    let given: ApiResponse | null = null
    const { socket } = context.req
    options.unreadResponses.asked(socket)
    context.res.once('close', () => writeDown(options, context, progress, given))
    const answer = await answered(options, context, progress, route)
    if (mayHaveGivenUp(progress.arrivedAt)) await checkCaller(socket)
    given = answer
    await write(options, context, given)
  })
  // Write errors of connections that are gone; whatever else happens is answered above.
  koa.on('error', (error: unknown) =>
    options.services.log.debug({ reason: sentenceOf(error) }, 'the response was not read'),
  )
  return koa
}

/** Whatever goes wrong on the way is this one request's: it is answered and written down. */
async function answered(
  options: ApiOptions,
  context: Context,
  progress: Progress,
  route: Dispatch,
): Promise<ApiResponse> {
  try {
    return await handle(options, context, progress, route)
  } catch (error) {
    return errorResponse(error, options.services.log)
  }
}

function handle(
  options: ApiOptions,
  context: Context,
  progress: Progress,
  route: Dispatch,
): ApiResponse | Promise<ApiResponse> {
  const isOldAndLocal = context.req.httpVersion === '1.0' && isLoopback(addressOf(context.req))
  const refusal = refusalOf(context.req.headers, options.accessPolicy(), { isOldAndLocal })
  if (refusal !== null) {
    options.refused.note(refusal)
    return precomputedResponse(refusal)
  }
  if (!keepPathOnly(context)) return notFound
  if (isPreflight(options, context)) return preflightAnswer(context)
  return route(context, progress)
}

/** Without its query, and with one slash for several: a base address that ends with one gets `//send-message`. */
function pathOf({ req: { url = '' } }: Context): string {
  const end = url.search(/[?#]/)
  const path = end === -1 ? url : url.slice(0, end)
  return path.includes('//') ? path.replaceAll(/\/{2,}/g, '/') : path
}

/**
 * Absolute addresses are what proxies are asked for; the Host header has said already that it is us.
 * @returns whether there is a path at all
 */
function keepPathOnly({ req: request }: Context): boolean {
  if (request.url?.startsWith('/') === true) return true
  const url = (request.url ?? '').replace(/^https?:\/\/[^/?#]*/i, '')
  request.url = url.startsWith('?') ? `/${url}` : url
  return url.startsWith('/')
}

type Dispatch = (context: Context, progress: Progress) => ApiResponse | Promise<ApiResponse>

/** Finds a path's route; case and a trailing slash are no difference, and nothing is redirected. */
function routerOf(options: ApiOptions): Dispatch {
  const router = new Router({ sensitive: false, strict: false })
  const entries = new Map(
    options.routes.map((route) => [
      route.path,
      {
        route,
        answer: route.right === null ? openHandler(options, route) : authenticatedHandler(options, route),
      },
    ]),
  )
  for (const path of entries.keys()) router.all(path, unused)

  // Only its matching is used: as a middleware it would answer HEAD with the GET handler.
  const matched = (path: string) => {
    const [layer] = router.match(path, 'GET').pathAndMethod
    const entry = entries.get(String(layer?.path))
    if (layer === undefined || entry === undefined) return null
    return { ...entry, params: layer.params(path, layer.captures(path)) }
  }
  // Most callers write a path as it stands here, and trying every route's expression on it would tell nothing more.
  const asWritten = new Map(
    Array.from(entries.keys(), (path) => [path, matched(path)] as const).filter(
      ([path]) => !path.includes(':'),
    ),
  )

  return (context, progress) => {
    const path = pathOf(context)
    const found = asWritten.get(path) ?? matched(path)
    if (found === null) {
      countOpen(options.rate, options.services, context)
      return notFound
    }
    const { route, answer, params } = found
    progress.route = route.path
    if (!route.methods.some((method) => method === context.method)) {
      countOpen(options.rate, options.services, context)
      return methodNotAllowed(route)
    }
    context['params'] = params
    return answer(context, progress)
  }
}

const unused = () => undefined

function openHandler({ services, rate }: ApiOptions, route: OpenRoute): Dispatch {
  return (context) => {
    countOpen(rate, services, context)
    return route.handle({ services, host: context.host.toLowerCase() })
  }
}

/**
 * What needs no key is counted by address, apart from calls with a wrong one: whoever watches /health is not to keep
 * programs of the same PC from calling.
 */
function countOpen(
  rate: ApiOptions['rate'],
  services: ApiOptions['services'],
  { req: request }: Context,
): void {
  const from = addressOf(request)
  rate.takeUnidentified(unidentifiedBuckets('open', from), perMinute(services, from))
}

function methodNotAllowed(route: Route): ApiResponse {
  const failure = new Failure('method_not_allowed', `Call this path by ${route.methods.join(' or ')}.`)
  const answer = failureResponse(failure)
  return { ...answer, headers: { ...answer.headers, Allow: route.methods.join(', ') } }
}

const notFound = failureResponse(
  new Failure('path_unknown', 'There is no such path. /docs lists all there are.'),
)

/** Only a listed origin gets past the guard with these. */
function isPreflight(options: ApiOptions, context: Context): boolean {
  return context.method === 'OPTIONS' && listedOriginOf(context.req.headers, options.accessPolicy()) !== null
}

function preflightAnswer(context: Context): ApiResponse {
  const headers: Record<string, string> = {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key, X-API-Key',
    'Access-Control-Max-Age': '600',
  }
  // A page out on the net that calls into a private network is asked for this by Chromium.
  if (context.req.headers['access-control-request-private-network'] === 'true') {
    headers['Access-Control-Allow-Private-Network'] = 'true'
  }
  return { status: 204, body: '', headers, result: 'preflight' }
}

/**
 * A caller that has ended its side either waits for the answer or is gone: the first bytes that reach one that is gone
 * are met with a reset, within that time. What follows then fails, and the call does not count as answered.
 */
const probeMs = 100

/** Written past Koa, which would look up and set each header on its own: a flood of refusals is to be cheap. */
async function write(options: ApiOptions, context: Context, answer: ApiResponse): Promise<void> {
  const { req: request, res: response } = context
  context.respond = false
  if (hasEnded(request.socket)) return
  const origin = listedOriginOf(request.headers, options.accessPolicy())
  const body = bytesOf(answer)
  const headers: Record<string, string | number> = { ...commonHeaders, ...answer.headers }
  if (answer.status !== 204) headers['Content-Length'] = body.length
  if (origin !== null) Object.assign(headers, corsFor(origin))
  // What is left of a body that came too late, or that is not wanted any more, would be read as the next request.
  if (options.isStopping() || answer.status === 408 || isWaitingToSend(request))
    headers['Connection'] = 'close'
  response.writeHead(answer.status, headers)
  closeUnread(request.socket)
  if (request.socket.readableEnded) {
    response.flushHeaders()
    await pause(probeMs)
  }
  response.end(context.method === 'HEAD' ? undefined : body)
}

function bytesOf({ body }: ApiResponse): Buffer {
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

function corsFor(origin: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'Retry-After',
    Vary: 'Origin',
  }
}

/**
 * Once the answer is out, or the caller is gone: "told" is only what was written whole.
 * @param answer null: there was none yet when the caller went
 */
function writeDown(
  options: ApiOptions,
  context: Context,
  progress: Progress,
  answer: ApiResponse | null,
): void {
  const isWhole = context.res.writableFinished && context.req.socket.errored === null
  // Only of one that had ended its side it is known that it is gone, and not merely reading no further.
  const isGone = !isWhole && context.req.socket.readableEnded
  if (answer !== null && isWhole) {
    note(options, answer.markAnswered)
    if (answer.clearAnswered !== undefined) {
      options.unreadResponses.written(context.req.socket, progress.arrivedAt, () =>
        note(options, answer.clearAnswered),
      )
    }
  }
  options.accessLog.add({
    at: Date.now(),
    method: context.method,
    route: progress.route,
    keyName: progress.keyName,
    status: isGone ? callerGone : (answer?.status ?? callerGone),
    result: isGone ? 'caller_gone' : (answer?.result ?? 'caller_gone'),
    ms: Math.round(performance.now() - progress.arrivedAt),
  })
}

/** What web servers write down for it. */
const callerGone = 499

function note(options: ApiOptions, what: ApiResponse['markAnswered']): void {
  what?.().catch((error: unknown) => {
    options.services.log.error({ reason: sentenceOf(error) }, 'could not save whether the response was read')
  })
}
