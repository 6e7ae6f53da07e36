import type { z } from 'zod'
import { Failure } from '../failure.ts'
import { tooLong, type Values } from './parameters.ts'

/**
 * Checks a call's values against its route's schema.
 * @throws Failure parameter_missing, message_too_long, parameter_invalid, with `errors` by parameter name
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
  const long = issues.find((issue) => issue.code === 'custom' && issue.params?.['code'] === tooLong)
  const sentence = Object.entries(errors).map(([name, complaint]) => `The parameter ${name} ${complaint}.`)
  return new Failure(long === undefined ? 'parameter_invalid' : tooLong, sentence.join(' '), { errors })
}

function isMissing(name: string, values: Values): boolean {
  return values[name] === undefined
}

function missingSentence(names: readonly string[]): string {
  if (names.length === 1) return `The parameter ${names.join()} is missing or empty.`
  return `The parameters ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} are missing or empty.`
}
