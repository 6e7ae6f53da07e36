import type { IncomingHttpHeaders } from 'node:http'
import { Failure } from '../../lib/failure.ts'
import { isCharset, isUncompressed } from '../../lib/text-encoding/compression-name.ts'

/**
 * The charset that a Content-Encoding names, as programs do that take it for one; null where it names none.
 * @throws Failure content_type_unknown for a body that is compressed
 */
export function charsetOfEncoding({ 'content-encoding': encoding = '' }: IncomingHttpHeaders): string | null {
  const name = encoding.trim().toLowerCase()
  if (name === '') return null
  if (isUncompressed(name)) return isCharset(name) ? name : null
  throw new Failure(
    'content_type_unknown',
    `A body with the Content-Encoding "${name.slice(0, 40)}" is not read. Send it as it is, without Content-Encoding.`,
  )
}
