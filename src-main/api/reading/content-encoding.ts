import type { IncomingHttpHeaders } from 'node:http'
import { Failure } from '../../failure.ts'
import { knownCharset } from './charset.ts'

/**
 * The charset that a Content-Encoding names, as programs do that take it for one; null where it names none.
 * @throws Failure content_type_unknown for a body that is compressed
 */
export function charsetOfEncoding({ 'content-encoding': encoding = '' }: IncomingHttpHeaders): string | null {
  const name = encoding.trim().toLowerCase()
  if (['', 'identity', 'none', 'binary', '7bit', '8bit', 'chunked'].includes(name)) return null
  if (/^(us-)?ascii$/.test(name) || knownCharset(name) !== null) return name
  throw new Failure(
    'content_type_unknown',
    `A body with the Content-Encoding "${name.slice(0, 40)}" is not read. Send it as it is, without Content-Encoding.`,
  )
}
