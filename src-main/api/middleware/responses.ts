import { failureCodes, type FailureCode } from '../../lib/failure-codes.ts'
import { Failure, sentenceOf } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Refusal } from './guard.ts'

/** What goes back to a caller. `body` is written as JSON unless it is text, or the bytes of one, already. */
export interface ApiResponse {
  readonly status: number
  readonly body: object | string | Buffer
  readonly headers: Readonly<Record<string, string>>
  /** For the access log: `ok`, `sent`, … or a failure's code. */
  readonly result: string
  /** Called once the answer was written whole. */
  readonly markAnswered?: () => Promise<void>
  /** Called after that where it turns out that the caller gave up without reading it. */
  readonly clearAnswered?: () => Promise<void>
}

/** The one shape of everything that is not a success: callers read `msg` or `message`, whichever they know. */
export interface FailureBody {
  status: false
  msg: string
  message: string
  code: FailureCode
  errors?: Readonly<Record<string, string>>
}

const jsonType = 'application/json; charset=utf-8'

export function success(body: object, result = 'ok'): ApiResponse {
  return { status: 200, body, headers: { 'Content-Type': jsonType }, result }
}

/** The HTTP status of an answer about such a failure: 400 for whatever is about the call itself. */
export function statusOf(code: FailureCode): number {
  const entry = failureCodes[code]
  return 'http' in entry ? entry.http : 400
}

/**
 * Turns a Failure into its answer; the only place that does.
 *
 * @param more added to the body: results of several recipients, the id of a message that waits
 */
export function failureResponse(failure: Failure, more: object = {}): ApiResponse {
  const headers: Record<string, string> = { 'Content-Type': jsonType }
  const status = statusOf(failure.code)
  if (status === 429) headers['Retry-After'] = String(secondsUntil(failure.until))
  return { status, body: { ...failureBody(failure), ...more }, headers, result: failure.code }
}

/**
 * The answer to what is refused in the same words each time, put into words once: whoever refuses a flood is not to
 * write each answer anew.
 *
 * @param reason made once, too, and without `until`
 */
export function precomputedResponse(reason: Failure | Refusal): ApiResponse {
  const kept = standing.get(reason)
  if (kept !== undefined) return kept
  const answer = failureResponse(reason instanceof Failure ? reason : new Failure(reason.code, reason.reason))
  const written = { ...answer, body: Buffer.from(JSON.stringify(answer.body)) }
  standing.set(reason, written)
  return written
}

const standing = new WeakMap<Failure | Refusal, ApiResponse>()

/** Anything thrown that is not a Failure is a defect here: the caller learns that much and no more. */
export function errorResponse(error: unknown, log: Logger): ApiResponse {
  if (error instanceof Failure && error.code !== 'internal_error') return failureResponse(error)
  log.error({ reason: sentenceOf(error) }, 'the request failed')
  return failureResponse(new Failure('internal_error', failureCodes.internal_error.meaning, { cause: error }))
}

/** The answer's very bytes, for sockets whose request never became one. The connection ends with it. */
export function rawResponse(failure: Failure): string {
  const { status, body, headers } = failureResponse(failure)
  const text = JSON.stringify(body)
  const lines = [
    `HTTP/1.1 ${String(status)} ${reasons[status] ?? 'Bad Request'}`,
    ...Object.entries({ ...commonHeaders, ...headers }).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${String(Buffer.byteLength(text))}`,
    'Connection: close',
  ]
  return `${lines.join('\r\n')}\r\n\r\n${text}`
}

/** Headers of every answer: nothing is kept, and nothing is guessed to be what it is not. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
}

function failureBody(failure: Failure): FailureBody {
  const body: FailureBody = {
    status: false,
    msg: failure.message,
    message: failure.message,
    code: failure.code,
  }
  if (failure.errors !== undefined) body.errors = failure.errors
  return body
}

function secondsUntil(until: number | undefined): number {
  return until === undefined ? 1 : Math.max(1, Math.ceil((until - Date.now()) / 1_000))
}
