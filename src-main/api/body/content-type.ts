import type { IncomingHttpHeaders } from 'node:http'
import { Failure } from '../../lib/failure.ts'
import { isReadableCharset } from '../../lib/text-encoding/charset.ts'
import { readParameters } from '../../lib/text-encoding/header-parameters.ts'

export interface ContentType {
  /** In lower case; empty where none is named. */
  readonly name: string
  /** As it is named; null where none is. */
  readonly charset: string | null
  readonly boundary: string | null
}

export function contentTypeOf(headers: IncomingHttpHeaders): ContentType {
  const { value, parameters } = readParameters(headers['content-type'] ?? '')
  const boundary = parameters.get('boundary') ?? null
  return {
    name: value,
    charset: parameters.get('charset') ?? null,
    boundary: boundary === '' ? null : boundary,
  }
}

/**
 * The charset that is declared, where it can be read. A guess would send another text: UTF-7 writes é as `+AOk-`.
 * @throws Failure body_unreadable
 */
export function readableCharset(declared: string | null): string | null {
  if (declared === null || isReadableCharset(declared)) return declared
  throw new Failure(
    'body_unreadable',
    `The charset "${declared.slice(0, 40)}" is not read. Send UTF-8, and declare that or no charset.`,
  )
}
