import type { Context } from 'koa'
import { Failure } from '../failure.ts'
import type { Upload } from '../media/media-file.ts'
import { answerToThrown, type Answer } from './answers.ts'
import { authenticate, isLoopback, plainAddress, secretIn } from './authentication.ts'
import type { House } from './house.ts'
import type { ApiKey } from '../keys/keys.ts'
import type { FileReceiver } from './multipart.ts'
import { hasBody, readBody, readQuery } from './reading.ts'
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
  const { house } = office

  return async (context: Context, progress: Progress): Promise<Answer> => {
    const { req: request } = context
    const from = plainAddress(request.socket.remoteAddress)
    let upload: Upload | null = null
    // Caught right here: a wrong key is to cost little, and a rejection that travels costs much.
    try {
      const identify = (values: Values): ApiKey =>
        authenticate(house.keys, secretIn(values, request.headers), from)

      const values = readQuery(request.url ?? '', known)
      if (hasBody(request.headers)) {
        const receiver = route.takesFile ? receiverOf(house, values, identify) : null
        const body = await readBody(request, known, receiver)
        upload = body.upload
        Object.assign(values, body.values)
      }
      const key = identify(values)
      progress.keyName = key.name
      office.rate.take(`key ${key.id}`, perMinute(house, from))
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
      return answerToThrown(
        progress.keyName === null ? countStranger(office, from, thrown) : thrown,
        house.log,
      )
    }
  }
}

/** A file is only taken in from a caller who is known by then, or who may still name a key behind the file. */
function receiverOf(house: House, query: Values, identify: (values: Values) => ApiKey): FileReceiver {
  return {
    take: async (stream, part, fieldsSoFar) => {
      const values = { ...query, ...Object.fromEntries(fieldsSoFar) }
      if (values['api_key'] !== undefined) identify(values)
      return house.media.receiveUpload(stream, part)
    },
    discard: (upload) => house.media.discardUpload(upload),
  }
}

/** Who has no key that is known is counted by address. */
function countStranger(office: Office, from: string, thrown: unknown): unknown {
  try {
    office.rate.take(`address ${from}`, perMinute(office.house, from))
    return thrown
  } catch (tooMany) {
    return tooMany
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
