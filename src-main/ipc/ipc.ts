import type {
  AnswerOf,
  Call,
  EventName,
  Events,
  FailureOutcome,
  Outcome,
  RequestOf,
} from '../../src-preload/contract.ts'
import { failureCodes } from '../lib/failure-codes.ts'
import { Failure, sentenceOf } from '../lib/failure.ts'
import type { Unsubscribe } from '../lib/listeners.ts'
import type { Logger } from '../lib/logging/logger.ts'
import { isCall, problemsOf, requestSchemas } from './schemas.ts'

export type Handler<Name extends Call> = (
  request: RequestOf<Name>,
) => AnswerOf<Name> | Promise<AnswerOf<Name>>

/** A handler for every call of the contract; one that is missing does not compile. */
export type Handlers = { readonly [Name in Call]: Handler<Name> }

/** The handlers of some subjects: `HandlersOf<'devices'>` has every `devices.…`. */
export type HandlersOf<Subject extends string> = {
  readonly [Name in Extract<Call, `${Subject}.${string}`>]: Handler<Name>
}

export type EventListener = <Name extends EventName>(event: Name, payload: Events[Name]) => void

/** What a transport carries: calls in, outcomes and events out. The transport has checked who is asking. */
export interface Ipc {
  /** Never rejects: whatever goes wrong is an outcome with a code. */
  answer(call: unknown, request: unknown): Promise<Outcome<unknown>>
  subscribe(listener: EventListener): Unsubscribe
  /** Says something to every window. */
  notify: EventListener
}

/** Validates before any handler runs, and turns what it answers or throws into an outcome. */
export function ipcOf(handlers: Handlers, log: Logger): Ipc {
  const listeners = new Set<EventListener>()
  return { answer, subscribe, notify }

  async function answer(call: unknown, request: unknown): Promise<Outcome<unknown>> {
    if (typeof call !== 'string' || !isCall(call)) {
      return refused(new Failure('call_invalid', 'This version of Kurir does not know that call.'))
    }
    try {
      return await answerKnown(handlers, call, request)
    } catch (error) {
      if (error instanceof Failure) return refused(error)
      log.error({ call, reason: sentenceOf(error), stack: stackOf(error) }, 'an IPC call failed')
      return refused(new Failure('internal_error', failureCodes.internal_error.meaning))
    }
  }

  function subscribe(listener: EventListener): Unsubscribe {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  function notify<Name extends EventName>(event: Name, payload: Events[Name]): void {
    for (const listener of Array.from(listeners)) {
      try {
        listener(event, payload)
      } catch (error) {
        log.warn({ event, reason: sentenceOf(error) }, 'could not send an event to a window')
      }
    }
  }
}

async function answerKnown<Name extends Call>(
  handlers: Handlers,
  call: Name,
  request: unknown,
): Promise<Outcome<AnswerOf<Name>>> {
  const read = requestSchemas[call].safeParse(request)
  if (!read.success) {
    const errors = problemsOf(read.error)
    throw new Failure('parameter_invalid', `The call ${call} came in a wrong form.`, { errors })
  }
  return { ok: true, value: await handlers[call](read.data) }
}

function refused(failure: Failure): Outcome<never> {
  const error: FailureOutcome = { code: failure.code, message: failure.message }
  if (failure.errors !== undefined) error.errors = { ...failure.errors }
  if (failure.until !== undefined) error.until = failure.until
  return { ok: false, error }
}

/** Where it was thrown, without what was said there. */
function stackOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  return (
    error.stack
      ?.split('\n')
      .filter((line) => line.trimStart().startsWith('at '))
      .join('\n') ?? null
  )
}
