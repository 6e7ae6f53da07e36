import type { z } from 'zod'
import { Failure } from '../../lib/failure.ts'
import type { FailureCode } from '../../lib/failure-codes.ts'
import type { Values } from './common-parameters.ts'

/**
 * Checks a call's values against its route's schema.
 * @throws Failure parameter_missing, message_too_long, too_many_recipients, parameter_invalid, with `errors` by parameter name
 */
export function valid<Parameters>(schema: z.ZodType<Parameters>, values: Values): Parameters {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  throw failureOf(result.error.issues, values)
}

function failureOf(issues: readonly z.core.$ZodIssue[], values: Values): Failure {
  const errors: Record<string, string> = {}
  for (const issue of issues) {
    const name = String(issue.path[0] ?? '')
    errors[name] ??= isMissing(name, values) ? 'is required' : issue.message
  }
  const missing = Object.keys(errors).filter((name) => isMissing(name, values))
  if (missing.length > 0) return new Failure('parameter_missing', missingSentence(missing), { errors })
  const [own] = issues.flatMap((issue) => (issue.code === 'custom' ? [issue.params?.['code']] : []))
  const code = ownCodes.find((known) => known === own) ?? 'parameter_invalid'
  const sentence = Object.entries(errors).map(([name, complaint]) => `The parameter ${name} ${complaint}.`)
  return new Failure(code, sentence.join(' '), { errors })
}

/** What a complaint of a parameter may be told as. */
const ownCodes = ['message_too_long', 'too_many_recipients'] as const satisfies readonly FailureCode[]

function isMissing(name: string, values: Values): boolean {
  return values[name] === undefined
}

function missingSentence(names: readonly string[]): string {
  if (names.length === 1) return `The parameter ${names.join()} is missing or empty.`
  return `The parameters ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} are missing or empty.`
}
