import type { IncomingHttpHeaders } from 'node:http'
import { readParameters } from './header-parameters.ts'

export interface ContentType {
  /** In lower case; empty where none is named. */
  readonly name: string
  /** As it is named; `utf-8` where none is. */
  readonly charset: string
  readonly boundary: string | null
}

export function contentTypeOf(headers: IncomingHttpHeaders): ContentType {
  const { value, parameters } = readParameters(headers['content-type'] ?? '')
  const boundary = parameters.get('boundary') ?? null
  return {
    name: value,
    charset: parameters.get('charset')?.toLowerCase() ?? 'utf-8',
    boundary: boundary === '' ? null : boundary,
  }
}
