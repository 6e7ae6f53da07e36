import { Router } from '@koa/router'
import Koa, { type Context } from 'koa'
import { Failure, sentenceOf } from '../failure.ts'
import type { AccessLog } from './access-log.ts'
import { asFailure, everyAnswer, failureAnswer, type Answer } from './answers.ts'
import { caller, type Office, type Progress } from './calling.ts'
import { listedOriginOf, refusalOf, type Door } from './guard.ts'
import type { Route } from './route.ts'

export interface Desk extends Office {
  readonly routes: readonly Route[]
  readonly accessLog: AccessLog
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
    const { res: response } = context
    let given: Answer | null = null
    response.once('close', () => writeDown(desk, context, progress, given))
    const answer = await answerTo(desk, context, () => route(context, progress)).catch((thrown: unknown) => {
      const failure = asFailure(thrown)
      if (failure.code === 'internal_error')
        desk.house.log.error({ reason: sentenceOf(thrown) }, 'a call failed')
      return failureAnswer(failure)
    })
    given = answer
    write(desk, context, answer)
  })
  // Write errors of connections that are gone; whatever else happens is answered above.
  koa.on('error', (thrown: unknown) =>
    desk.house.log.debug({ reason: sentenceOf(thrown) }, 'an answer was not read'),
  )
  return koa
}

async function answerTo(desk: Desk, context: Context, route: () => Promise<Answer>): Promise<Answer> {
  const refusal = refusalOf(context.req.headers, desk.door())
  if (refusal !== null) throw new Failure(refusal.code, refusal.reason)
  keepPathOnly(context)
  if (isPreflight(desk, context)) return preflightAnswer(context)
  return route()
}

/** Absolute addresses are what proxies are asked for; the Host header has said already that it is us. */
function keepPathOnly(context: Context): void {
  const url = (context.req.url ?? '').replace(/^https?:\/\/[^/?#]*/i, '')
  context.req.url = url.startsWith('?') ? `/${url}` : url
  if (!context.req.url.startsWith('/')) throw unknownPath()
}

type Dispatch = (context: Context, progress: Progress) => Promise<Answer>

function routerOf(desk: Desk): Dispatch {
  const router = new Router({ sensitive: false, strict: false })
  for (const route of desk.routes) {
    const call = route.right === null ? null : caller(desk, route)
    // Every method comes in here: a router of its own would answer HEAD with the GET handler.
    router.all(route.path, async (context) => {
      const { progress } = context.state as { progress: Progress }
      progress.route = route.path
      demandMethod(route, context)
      const answer =
        call === null
          ? await (route as Extract<Route, { right: null }>).answerTo({
              house: desk.house,
              host: context.host,
            })
          : await call(context, progress)
      ;(context.state as { answer?: Answer }).answer = answer
    })
  }
  const dispatch = router.routes()
  return async (context, progress) => {
    const state = context.state as { progress?: Progress; answer?: Answer }
    state.progress = progress
    await dispatch(context as never, () => {
      throw unknownPath()
    })
    if (state.answer === undefined) throw new Error('a route gave no answer')
    return state.answer
  }
}

function demandMethod(route: Route, context: Context): void {
  if (route.methods.some((method) => method === context.method)) return
  context.set('Allow', route.methods.join(', '))
  throw new Failure('method_not_allowed', `Call this path by ${route.methods.join(' or ')}.`)
}

function unknownPath(): Failure {
  return new Failure('path_unknown', 'There is no such path. /docs lists all there are.')
}

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

function write(desk: Desk, context: Context, answer: Answer): void {
  const origin = listedOriginOf(context.req.headers, desk.door())
  context.set(everyAnswer as Record<string, string>)
  context.set(answer.headers as Record<string, string>)
  if (origin !== null) {
    context.set('Access-Control-Allow-Origin', origin)
    context.set('Access-Control-Expose-Headers', 'Retry-After')
    context.set('Cross-Origin-Resource-Policy', 'cross-origin')
    context.vary('Origin')
  }
  if (desk.isStopping()) context.set('Connection', 'close')
  context.status = answer.status
  context.body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
}

/**
 * Once the answer is out, or the caller is gone: "told" is only what was written whole.
 * @param answer null: there was none yet when the caller went
 */
function writeDown(desk: Desk, context: Context, progress: Progress, answer: Answer | null): void {
  if (answer !== null && context.res.writableFinished) tell(desk, answer)
  desk.accessLog.add({
    at: Date.now(),
    method: context.method,
    route: progress.route,
    keyName: progress.keyName,
    status: answer?.status ?? callerGone,
    result: answer?.result ?? 'caller_gone',
    ms: Math.round(performance.now() - progress.arrivedAt),
  })
}

/** What web servers write down for it. */
const callerGone = 499

function tell(desk: Desk, answer: Answer): void {
  answer.told?.().catch((thrown: unknown) => {
    desk.house.log.error({ reason: sentenceOf(thrown) }, 'it could not be noted that an answer was told')
  })
}
