import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Failure } from '../failure.ts'
import type { House } from './house.ts'
import type { ApiKey } from '../keys/keys.ts'
import type { Values } from './parameters.ts'

/**
 * The key that a call names: the parameter api_key, else the header X-API-Key, else a bearer token. Null where
 * there is none.
 */
export function secretIn(values: Values, headers: IncomingHttpHeaders): string | null {
  const parameter = values['api_key']
  if (typeof parameter === 'string') return parameter
  const header = headers['x-api-key']
  if (typeof header === 'string' && header.trim() !== '') return header.trim()
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')
  return bearer?.[1] ?? null
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
export function identify(keys: House['keys'], secret: string | null, from: string): ApiKey | Failure {
  return secret === null ? keyMissing : keys.recognise(secret, from)
}

/** Where a request comes from, as people write it: IPv4 without the IPv6 that a socket may wrap it in. */
export function addressOf({ socket: { remoteAddress = '' } }: IncomingMessage): string {
  return remoteAddress.startsWith('::ffff:') ? remoteAddress.slice('::ffff:'.length) : remoteAddress
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
