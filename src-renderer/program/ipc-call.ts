import { useMutation, useQuery, type QueryClient } from '@tanstack/react-query'
import type { AnswerOf, Call, FailureCode, FailureOutcome, RequestOf } from '../../src-preload/contract.ts'
import { bridge } from './bridge.ts'

/** A call that ended badly, as an error that react-query and the pages can carry. */
export class CallFailure extends Error {
  readonly code: FailureCode
  readonly errors: Readonly<Record<string, string>>
  readonly until: number | null

  constructor(outcome: FailureOutcome) {
    super(outcome.message)
    this.name = 'CallFailure'
    this.code = outcome.code
    this.errors = outcome.errors ?? {}
    this.until = outcome.until ?? null
  }
}

/** Makes a call; throws a CallFailure when its outcome is not good. */
export async function call<Name extends Call>(name: Name, request: RequestOf<Name>): Promise<AnswerOf<Name>> {
  const outcome = await bridge.call(name, request)
  if (outcome.ok) return outcome.value
  throw new CallFailure(outcome.error)
}

/**
 * What a call answers, kept and shared by all who ask the same; events keep it fresh (events.ts). What no event
 * tells of is `isPolled`: asked for anew wherever it comes into view.
 */
export function useCallQuery<Name extends Call>(
  name: Name,
  request: RequestOf<Name>,
  { enabled = true, isPolled = false }: { enabled?: boolean; isPolled?: boolean } = {},
) {
  return useQuery<AnswerOf<Name>, CallFailure>({
    queryKey: [name, request],
    queryFn: () => call(name, request),
    enabled,
    refetchOnMount: isPolled ? 'always' : true,
  })
}

/**
 * Something the operator does: `mutate` makes the call. A failure is told at the edge of the window
 * (shell/failure-alerts.tsx), unless who calls says that it is shown in its place.
 */
export function useCallMutation<Name extends Call>(name: Name, { showsFailure = false } = {}) {
  return useMutation<AnswerOf<Name>, CallFailure, RequestOf<Name>>({
    mutationFn: (request) => call(name, request),
    meta: { showsFailure },
  })
}

/** Asks again for everything that was asked of a call before. */
export function askAgain(client: QueryClient, name: Call): void {
  void client.invalidateQueries({ queryKey: [name] })
}
