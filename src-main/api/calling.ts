import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'
import { Failure } from '../failure.ts'
import type { Upload } from '../media/media-file.ts'
import { answerToThrown, standingAnswer, type Answer } from './answers.ts'
import { addressOf, identify, isLoopback, secretIn } from './authentication.ts'
import type { House } from './house.ts'
import type { ApiKey } from '../keys/keys.ts'
import type { FileReceiver } from './multipart.ts'
import { hasBody, readBody, readQuery, type Body } from './reading.ts'
import type { RequestRate } from './request-rate.ts'
import type { KeyedRoute } from './route.ts'
import type { UnknownParameters } from './unknown-parameters.ts'
import { valid } from './validation.ts'
import type { Values } from './parameters.ts'

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
      if (hasBody(request.headers)) {
        const receiver = route.takesFile ? receiverOf(house, values, request) : null
        const body = await readBody(request, known, receiver).catch((thrown: unknown) => {
          if (isForeign(thrown, request) && isEnough(route, values, request)) return noBody
          throw thrown
        })
        upload = body.upload
        Object.assign(values, body.values)
      }
      const key = identify(house.keys, secretIn(values, request.headers), addressOf(request))
      if (key instanceof Failure) {
        if (upload !== null) await house.media.discardUpload(upload)
        return refuseStranger(office, key, request)
      }
      progress.keyName = key.name
      office.rate.take(`key ${key.id}`, perMinute(house, addressOf(request)))
      office.unknown.note(route.path, values, known)
      demandRight(key, route)
      return await route.answerTo({
        house,
        key,
        parameters: valid(route.parameters, Object.assign(values, context['params'])),
        upload,
        idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
        arrivedAt: progress.arrivedAt,
      })
    } catch (thrown) {
      if (upload !== null) await house.media.discardUpload(upload)
      return answerToThrown(thrown, house.log)
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

/** Who has no key that is known is counted by address. */
function refuseStranger({ house, rate }: Office, refusal: Failure, request: IncomingMessage): Answer {
  const from = addressOf(request)
  rate.take(`address ${from}`, perMinute(house, from))
  return standingAnswer(refusal)
}

/** A file is only taken in from a caller who is known by then, or who may still name a key behind the file. */
function receiverOf(house: House, query: Values, request: IncomingMessage): FileReceiver {
  return {
    take: async (stream, part, fieldsSoFar) => {
      const values = { ...query, ...Object.fromEntries(fieldsSoFar) }
      const secret = secretIn(values, request.headers)
      const key = secret === null ? null : identify(house.keys, secret, addressOf(request))
      if (key instanceof Failure) throw key
      return house.media.receiveUpload(stream, part)
    },
    discard: (upload) => house.media.discardUpload(upload),
  }
}

function perMinute(house: House, from: string): number {
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
