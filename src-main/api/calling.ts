import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Context } from 'koa'
import { Failure } from '../failure.ts'
import type { ApiKey } from '../keys/keys.ts'
import type { Upload } from '../media/media-file.ts'
import { answerToThrown, standingAnswer, type Answer } from './answers.ts'
import { addressOf, isLoopback, secretIn } from './authentication.ts'
import { RequestCaller } from './caller-check.ts'
import { hasEnded } from './connections.ts'
import type { House } from './house.ts'
import type { Values } from './parameters.ts'
import { cutOff } from './reading/body-limits.ts'
import type { FileReceiver } from './reading/multipart.ts'
import { hasBody, readBody, readQuery, type Body } from './reading/read-body.ts'
import { strangerBuckets, type RequestRate, type StrangerBuckets } from './request-rate.ts'
import type { KeyedRoute } from './route.ts'
import type { UnknownParameters } from './unknown-parameters.ts'
import { valid } from './validation.ts'

/** What is known of a request while it is answered, for its answer and the access log. */
export interface Progress {
  /** By performance.now(). */
  readonly arrivedAt: number
  route: string
  keyName: string | null
}

export interface Office {
  readonly house: House
  readonly rate: RequestRate
  readonly unknown: UnknownParameters
  /** Told as soon as a request is known to be of somebody with a key. */
  onIdentified(socket: Socket): void
}

/** Over the LAN, unless the operator set another limit. */
const lanPerMinute = 600

/** Takes one call from its headers to its route: reads it, knows its caller, checks its parameters. */
export function caller(office: Office, route: KeyedRoute) {
  const known = new Set(['api_key', ...Object.keys(route.parameters.shape)])

  return async (context: Context, progress: Progress): Promise<Answer> => {
    const { req: request } = context
    const { house } = office
    let upload: Upload | null = null
    try {
      const values = readQuery(request.url ?? '', known)
      const who = new RequestCaller(house, request, values, () => office.onIdentified(request.socket))
      if (!who.isIdentified)
        office.rate.demandStranger(strangerOf(request), perMinute(house, addressOf(request)))
      if (hasBody(request.headers)) {
        const body = await readBody(request, known, who, route.takesFile ? receiverOf(house) : null).catch(
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
      office.rate.take(`key ${key.id}`, perMinute(house, addressOf(request)))
      office.unknown.note(route.path, values, known)
      demandRight(key, route)
      const unknownNames = Object.keys(values).filter((name) => !known.has(name))
      return await route.answerTo({
        house,
        key,
        parameters: valid(route.parameters, Object.assign(values, context['params'])),
        upload,
        idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
        unknownNames,
        arrivedAt: progress.arrivedAt,
      })
    } catch (error) {
      if (upload !== null) await house.media.discardUpload(upload)
      if (isAboutKey(error)) return refuseStranger(office, error, request)
      return answerToThrown(error, house.log)
    }
  }
}

const noBody: Body = { values: {}, upload: null }

/** A body of a type that carries no parameters: it could not have said anything else than the query does. */
function isForeign(thrown: unknown, { headers }: IncomingMessage): boolean {
  const isUnknown = thrown instanceof Failure && thrown.code === 'content_type_unknown'
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
function refuseStranger({ house, rate }: Office, refusal: Failure, request: IncomingMessage): Answer {
  try {
    rate.takeStranger(strangerOf(request), perMinute(house, addressOf(request)))
  } catch (error) {
    return answerToThrown(error, house.log)
  }
  return standingAnswer(refusal)
}

function strangerOf(request: IncomingMessage): StrangerBuckets {
  return strangerBuckets('address', addressOf(request))
}

function receiverOf({ media }: House): FileReceiver {
  return {
    take: (stream, part) => media.receiveUpload(stream, part),
    discard: (upload) => media.discardUpload(upload),
  }
}

/** 0: no limit. */
export function perMinute(house: House, from: string): number {
  return house.settings.get('api.requestsPerMinute') ?? (isLoopback(from) ? 0 : lanPerMinute)
}

function demandRight(key: ApiKey, route: KeyedRoute): void {
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
