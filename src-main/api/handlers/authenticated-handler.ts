import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Context } from 'koa'
import { Failure } from '../../lib/failure.ts'
import type { ApiKey } from '../../keys/keys.ts'
import type { Upload } from '../../media/files/media-file.ts'
import { errorResponse, precomputedResponse, type ApiResponse } from '../middleware/responses.ts'
import { addressOf, isLoopback, secretIn } from '../middleware/authentication.ts'
import { RequestCaller } from '../middleware/caller-check.ts'
import { hasEnded } from '../server/connections.ts'
import type { ApiServices } from './api-services.ts'
import type { Values } from './common-parameters.ts'
import { cutOff } from '../body/body-limits.ts'
import type { FileReceiver } from '../body/multipart.ts'
import { hasBody, readBody, readQuery, type Body } from '../body/read-body.ts'
import {
  unidentifiedBuckets,
  type RequestRate,
  type UnidentifiedBuckets,
} from '../middleware/request-rate.ts'
import type { KeyedRoute } from './api-route.ts'
import type { UnknownParameters } from '../middleware/unknown-parameters.ts'
import { valid } from './validation.ts'

/** What is known of a request while it is answered, for its answer and the access log. */
export interface Progress {
  /** By performance.now(). */
  readonly arrivedAt: number
  route: string
  keyName: string | null
}

export interface HandlerContext {
  readonly services: ApiServices
  readonly rate: RequestRate
  readonly unknown: UnknownParameters
  /**
   * Told as soon as a request is known to be of somebody with a key.
   *
   * @throws Failure too_many_connections
   */
  onIdentified(socket: Socket, key: ApiKey): void
}

/** Over the LAN, unless the operator set another limit. */
const lanPerMinute = 600

/** Takes one call from its headers to its route: reads it, knows its caller, checks its parameters. */
export function authenticatedHandler(handlerContext: HandlerContext, route: KeyedRoute) {
  const known = new Set(['api_key', ...Object.keys(route.parameters.shape)])

  return async (context: Context, progress: Progress): Promise<ApiResponse> => {
    const { req: request } = context
    const { services } = handlerContext
    let upload: Upload | null = null
    try {
      const values = readQuery(request.url ?? '', known)
      const who = new RequestCaller(services, request, values, (key) =>
        handlerContext.onIdentified(request.socket, key),
      )
      if (!who.isIdentified)
        handlerContext.rate.checkUnidentified(
          unidentifiedOf(request),
          perMinute(services, addressOf(request)),
        )
      if (hasBody(request.headers)) {
        const body = await readBody(request, known, who, route.takesFile ? receiverOf(services) : null).catch(
          (error: unknown) => {
            if (isForeign(error, request) && isEnough(route, values, request)) return noBody
            throw error
          },
        )
        upload = body.upload
        Object.assign(values, body.values)
      }
      // Its time had run out while it was read, and it was told so.
      if (hasEnded(request.socket)) throw cutOff()
      const key = who.of(values)
      if (key instanceof Failure) throw key
      progress.keyName = key.name
      handlerContext.rate.take(`key ${key.id}`, perMinute(services, addressOf(request)))
      handlerContext.unknown.note(route.path, values, known)
      checkRight(key, route)
      const unknownNames = Object.keys(values).filter((name) => !known.has(name))
      return await route.handle({
        services,
        key,
        parameters: valid(route.parameters, Object.assign(values, context['params'])),
        upload,
        idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
        unknownNames,
        arrivedAt: progress.arrivedAt,
      })
    } catch (error) {
      if (upload !== null) await services.media.discardUpload(upload)
      if (isAboutKey(error)) return refuseUnidentified(handlerContext, error, request)
      return errorResponse(error, services.log)
    }
  }
}

const noBody: Body = { values: {}, upload: null }

/** A body of a type that carries no parameters: it could not have said anything else than the query does. */
function isForeign(error: unknown, { headers }: IncomingMessage): boolean {
  const isUnknown = error instanceof Failure && error.code === 'content_type_unknown'
  return isUnknown && headers['content-encoding'] === undefined
}

/** Whether the address says everything already: whatever else some callers put into the body does not count. */
function isEnough(route: KeyedRoute, query: Values, { headers }: IncomingMessage): boolean {
  return secretIn(query, headers) !== null && route.parameters.safeParse(query).success
}

function isAboutKey(error: unknown): error is Failure {
  return error instanceof Failure && ['key_missing', 'key_unknown', 'key_expired'].includes(error.code)
}

/** Who has no key that is known is counted by address. */
function refuseUnidentified(
  { services, rate }: HandlerContext,
  refusal: Failure,
  request: IncomingMessage,
): ApiResponse {
  try {
    rate.takeUnidentified(unidentifiedOf(request), perMinute(services, addressOf(request)))
  } catch (error) {
    return errorResponse(error, services.log)
  }
  return precomputedResponse(refusal)
}

function unidentifiedOf(request: IncomingMessage): UnidentifiedBuckets {
  return unidentifiedBuckets('address', addressOf(request))
}

function receiverOf({ media }: ApiServices): FileReceiver {
  return {
    take: (stream, part) => media.receiveUpload(stream, part),
    discard: (upload) => media.discardUpload(upload),
  }
}

/** 0: no limit. */
export function perMinute(services: ApiServices, from: string): number {
  return services.settings.get('api.requestsPerMinute') ?? (isLoopback(from) ? 0 : lanPerMinute)
}

function checkRight(key: ApiKey, route: KeyedRoute): void {
  if (key.rights.includes(route.right)) return
  throw new Failure(
    'key_lacks_right',
    `This API key may not do that: it lacks the right "${route.right}". Use a key that has it.`,
  )
}

function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  const value = typeof header === 'string' ? header.trim() : ''
  if (value === '') return null
  if (value.length <= 255) return value
  throw new Failure('parameter_invalid', 'The Idempotency-Key is longer than 255 characters.', {
    errors: { 'Idempotency-Key': 'must be at most 255 characters long' },
  })
}
