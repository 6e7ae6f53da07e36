import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Failure } from '../../lib/failure.ts'
import type { ApiServices } from '../handlers/api-services.ts'
import type { ApiKey } from '../../keys/keys.ts'
import type { Values } from '../handlers/common-parameters.ts'

/**
 * The key that a call names: the parameter api_key, else a header. Null where there is none. In headers it is found
 * whatever the scheme before it is, and between quotes; Basic authentication may have it as its user or its password.
 */
export function secretIn(values: Values, headers: IncomingHttpHeaders): string | null {
  const parameter = values['api_key']
  if (typeof parameter === 'string') return keyIn(parameter)
  for (const name of keyHeaders) {
    const header = headers[name]
    if (typeof header === 'string' && header.trim() !== '') return keyIn(header)
  }
  const { authorization = '' } = headers
  const found = keyPattern.exec(authorization) ?? keyPattern.exec(basicOf(authorization))
  if (found !== null) return found[0]
  const bearer = /^bearer +(\S+) *$/i.exec(authorization)
  return bearer?.[1] ?? null
}

/** The key in what is given for one, without quotes and characters of no width; as it is where none looks like a key. */
export function keyIn(written: string): string {
  return keyPattern.exec(written)?.[0] ?? written.trim()
}

const keyPattern = /kurir_[\w-]+/
const keyHeaders = ['x-api-key', 'apikey', 'api-key', 'api_key', 'token']

function basicOf(authorization: string): string {
  const [, credentials = ''] = /^basic +([\w+/=-]+) *$/i.exec(authorization) ?? []
  return Buffer.from(credentials, 'base64').toString('latin1')
}

// Made once: a flood of calls without a key is not to cost a stack trace each.
const keyMissing = new Failure(
  'key_missing',
  'No API key was given. Send it as api_key, or in the header X-API-Key or Authorization: Bearer.',
  {
    errors: { api_key: 'is required' },
  },
)

/** The key of a secret, or the failure key_missing, key_unknown or key_expired: returned, since it may be many. */
export function identify(keys: ApiServices['keys'], secret: string | null, from: string): ApiKey | Failure {
  return secret === null ? keyMissing : keys.recognise(secret, from)
}

/** Where a request comes from, as people write it: IPv4 without the IPv6 that a socket may wrap it in. */
export function addressOf({ socket: { remoteAddress = '' } }: IncomingMessage): string {
  return remoteAddress.startsWith('::ffff:') ? remoteAddress.slice('::ffff:'.length) : remoteAddress
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
