import type { FailureCode } from '../../lib/failure-codes.ts'
import type { Route } from './api-route.ts'

/** What any request may be refused with, before its route is looked at or while it is read. */
const anyRequest = [
  'request_malformed',
  'request_timeout',
  'headers_too_large',
  'host_not_allowed',
  'origin_not_allowed',
  'prefetch_refused',
  'method_not_allowed',
  'too_many_connections',
  'internal_error',
] as const satisfies readonly FailureCode[]

/** What any call that needs a key may be refused with. */
const anyCall = [
  'json_invalid',
  'content_type_unknown',
  'body_unreadable',
  'body_too_large',
  'key_missing',
  'key_unknown',
  'key_expired',
  'key_lacks_right',
  'parameter_invalid',
  'too_many_requests',
] as const satisfies readonly FailureCode[]

/** Every code that an answer of this route may have, each once. */
export function failuresOf(route: Route): FailureCode[] {
  const codes: FailureCode[] = [...anyRequest]
  if (route.right !== null) codes.push(...anyCall)
  if (takesRequired(route)) codes.push('parameter_missing')
  return Array.from(new Set([...codes, ...route.documentation.failures]))
}

/** Whether it has a parameter that may be left out by mistake; one of the path is always there. */
function takesRequired(route: Route): boolean {
  if (route.right === null) return false
  return Object.entries(route.parameters.shape).some(
    ([name, schema]) => !schema.safeParse(undefined).success && !route.path.includes(`:${name}`),
  )
}
