import { Router } from '@koa/router'
import Koa, { type Context } from 'koa'
import { setTimeout as pause } from 'node:timers/promises'
import { Failure, sentenceOf } from '../failure.ts'
import type { AccessLog } from './access-log.ts'
import { answerToThrown, everyAnswer, failureAnswer, standingAnswer, type Answer } from './answers.ts'
import { addressOf, isLoopback } from './authentication.ts'
import { caller, perMinute, type Office, type Progress } from './calling.ts'
import { hasEnded } from './connections.ts'
import { isWaitingToSend } from './expectation.ts'
import { listedOriginOf, refusalOf, type Door } from './guard.ts'
import type { RefusedCallers } from './refused-callers.ts'
import { strangerBuckets } from './request-rate.ts'
import type { OpenRoute, Route } from './route.ts'
import { lookAtCaller, mayHaveGivenUp, type UnreadAnswers } from './unread-answers.ts'

export interface Desk extends Office {
  readonly routes: readonly Route[]
  readonly accessLog: AccessLog
  readonly refused: RefusedCallers
  readonly unread: UnreadAnswers
  /** Asked anew for each request: the operator may list another origin at any time. */
  door(): Door
  isStopping(): boolean
}

/** The API as Koa knows it: one middleware that guards, answers and writes down, and a router behind it. */
export function apiApplication(desk: Desk): Koa {
  const koa = new Koa()
  const route = routerOf(desk)
  koa.use(async (context) => {
    const progress: Progress = { arrivedAt: performance.now(), route: '—', keyName: null }
    let given: Answer | null = null
    const { socket } = context.req
    desk.unread.asked(socket)
    context.res.once('close', () => writeDown(desk, context, progress, given))
    const answer = await answered(desk, context, progress, route)
    if (mayHaveGivenUp(progress.arrivedAt)) await lookAtCaller(socket)
    given = answer
    await write(desk, context, given)
  })
  // Write errors of connections that are gone; whatever else happens is answered above.
  koa.on('error', (thrown: unknown) =>
    desk.house.log.debug({ reason: sentenceOf(thrown) }, 'an answer was not read'),
  )
  return koa
}

/** Whatever goes wrong on the way is this one request's: it is answered and written down. */
async function answered(desk: Desk, context: Context, progress: Progress, route: Dispatch): Promise<Answer> {
  try {
    return await answerTo(desk, context, progress, route)
  } catch (error) {
    return answerToThrown(error, desk.house.log)
  }
}

function answerTo(
  desk: Desk,
  context: Context,
  progress: Progress,
  route: Dispatch,
): Answer | Promise<Answer> {
  const isOldAndLocal = context.req.httpVersion === '1.0' && isLoopback(addressOf(context.req))
  const refusal = refusalOf(context.req.headers, desk.door(), { isOldAndLocal })
  if (refusal !== null) {
    desk.refused.note(refusal)
    return standingAnswer(refusal)
  }
  if (!keepPathOnly(context)) return unknownPath
  if (isPreflight(desk, context)) return preflightAnswer(context)
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

type Dispatch = (context: Context, progress: Progress) => Answer | Promise<Answer>

/** Finds a path's route; case and a trailing slash are no difference, and nothing is redirected. */
function routerOf(desk: Desk): Dispatch {
  const router = new Router({ sensitive: false, strict: false })
  const entries = new Map(
    desk.routes.map((route) => [
      route.path,
      { route, answer: route.right === null ? openAnswer(desk, route) : caller(desk, route) },
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
      countOpen(desk.rate, desk.house, context)
      return unknownPath
    }
    const { route, answer, params } = found
    progress.route = route.path
    if (!route.methods.some((method) => method === context.method)) {
      countOpen(desk.rate, desk.house, context)
      return wrongMethod(route)
    }
    context['params'] = params
    return answer(context, progress)
  }
}

const unused = () => undefined

function openAnswer({ house, rate }: Desk, route: OpenRoute): Dispatch {
  return (context) => {
    countOpen(rate, house, context)
    return route.answerTo({ house, host: context.host.toLowerCase() })
  }
}

/**
 * What needs no key is counted by address, apart from calls with a wrong one: whoever watches /health is not to keep
 * programs of the same PC from calling.
 */
function countOpen(rate: Desk['rate'], house: Desk['house'], { req: request }: Context): void {
  const from = addressOf(request)
  rate.takeStranger(strangerBuckets('open', from), perMinute(house, from))
}

function wrongMethod(route: Route): Answer {
  const failure = new Failure('method_not_allowed', `Call this path by ${route.methods.join(' or ')}.`)
  const answer = failureAnswer(failure)
  return { ...answer, headers: { ...answer.headers, Allow: route.methods.join(', ') } }
}

const unknownPath = failureAnswer(
  new Failure('path_unknown', 'There is no such path. /docs lists all there are.'),
)

/** Only a listed origin gets past the guard with these. */
function isPreflight(desk: Desk, context: Context): boolean {
  return context.method === 'OPTIONS' && listedOriginOf(context.req.headers, desk.door()) !== null
}

function preflightAnswer(context: Context): Answer {
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
 * An answer of which nothing was read for so long is given up, with its connection: milliseconds. It would be kept in
 * memory for as long as its caller likes.
 */
const readWithinMs = 30_000

/**
 * A caller that has ended its side either waits for the answer or is gone: the first bytes that reach one that is gone
 * are met with a reset, within that time. What follows then fails, and the call does not count as answered.
 */
const probeMs = 100

/** Written past Koa, which would look up and set each header on its own: a flood of refusals is to be cheap. */
async function write(desk: Desk, context: Context, answer: Answer): Promise<void> {
  const { req: request, res: response } = context
  context.respond = false
  if (hasEnded(request.socket)) return
  const origin = listedOriginOf(request.headers, desk.door())
  const body = bytesOf(answer)
  const headers: Record<string, string | number> = { ...everyAnswer, ...answer.headers }
  if (answer.status !== 204) headers['Content-Length'] = body.length
  if (origin !== null) Object.assign(headers, corsFor(origin))
  // What is left of a body that came too late, or that is not wanted any more, would be read as the next request.
  if (desk.isStopping() || answer.status === 408 || isWaitingToSend(request)) headers['Connection'] = 'close'
  response.writeHead(answer.status, headers)
  request.socket.setTimeout(readWithinMs)
  if (request.socket.readableEnded) {
    response.flushHeaders()
    await pause(probeMs)
  }
  response.end(context.method === 'HEAD' ? undefined : body)
}

function bytesOf({ body }: Answer): Buffer {
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
function writeDown(desk: Desk, context: Context, progress: Progress, answer: Answer | null): void {
  const isWhole = context.res.writableFinished && context.req.socket.errored === null
  // Only of one that had ended its side it is known that it is gone, and not merely reading no further.
  const isGone = !isWhole && context.req.socket.readableEnded
  if (answer !== null && isWhole) {
    note(desk, answer.told)
    if (answer.unread !== undefined) {
      desk.unread.written(context.req.socket, progress.arrivedAt, () => note(desk, answer.unread))
    }
  }
  desk.accessLog.add({
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

function note(desk: Desk, what: Answer['told']): void {
  what?.().catch((thrown: unknown) => {
    desk.house.log.error({ reason: sentenceOf(thrown) }, 'it could not be noted whether an answer was told')
  })
}
