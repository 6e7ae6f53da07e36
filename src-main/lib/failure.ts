import type { FailureCode } from './failure-codes.ts'

/**
 * The one error that Kurir itself raises: something a caller or an operator can act on.
 *
 * `code` is stable and documented in failure-codes.ts; `message` is an English sentence that says what is
 * wrong and what to do, and never holds a key, a message text or session keys. Anything thrown that is not
 * a Failure is a defect and is answered as `internal_error`.
 */
export class Failure extends Error {
  readonly code: FailureCode
  /** What is wrong with which parameter, by its name, for failures of a request's form. */
  readonly errors?: Readonly<Record<string, string>>
  /** When it is worth trying again, as milliseconds since the epoch: ceilings, time-locks, rate limits. */
  readonly until?: number

  constructor(
    code: FailureCode,
    message: string,
    details: { cause?: unknown; errors?: Readonly<Record<string, string>>; until?: number } = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.name = 'Failure'
    this.code = code
    if (details.errors !== undefined) this.errors = details.errors
    if (details.until !== undefined) this.until = details.until
  }
}

/** What anything thrown says, for a log: never the value itself, which may hold key material. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error) return error.message
  return typeof error === 'string' || typeof error === 'number' ? String(error) : 'unknown error'
}

/** What the system or Node calls it (`ENOENT`); empty for what has no such name. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** The disk is full, or this user's share of it. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(systemCodeOf(error))
}

/** Marks a switch as exhaustive: a new member of a union fails the typecheck wherever it matters. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
