import type { IncomingHttpHeaders } from 'node:http'
import { readParameters } from '../../text-encoding/header-parameters.ts'

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
