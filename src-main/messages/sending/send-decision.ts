import type { SendOutcome } from '../../devices/connection/sending/outgoing.ts'
import { assertNever } from '../../lib/failure.ts'
import type { FailureInfo } from '../log/failure-messages.ts'

/** What follows from the end of one hand-over: the row moves, or the message is handed over again. */
export type SendDecision =
  | { step: 'sent'; at: number }
  | { step: 'failed'; failure: FailureInfo; note: string }
  /** Under the same id, at the earliest after `delay` milliseconds, which grows with each attempt. */
  | { step: 'retry'; delay: number; mayHaveLeft: boolean; note: string }

/** Refusals after which it is believed that the message did not arrive the first time either. */
const maxRefusals = 3
/** Of a refusal that may be the server's passing trouble, or that fresh keys may mend. */
const maxPassingRefusals = 2
const shortDelayMs = 1_000
const longDelayMs = 15_000

/**
 * What an outcome means for its row. Only the server's own acknowledgement is "sent". A message that may
 * have left before is not given up at the first refusal: its recipient may have it, and whoever was told
 * that it failed would send it once more.
 *
 * @param before of the same message: whether it may have left, and how often it was refused since
 */
export function sendDecision(
  outcome: SendOutcome,
  before: { mayHaveLeft: boolean; refusals: number },
): SendDecision {
  switch (outcome.result) {
    case 'acknowledged':
      return { step: 'sent', at: outcome.at }
    case 'refused':
      return refused(outcome, before)
    case 'unknown': {
      const note = `not acknowledged: ${outcome.reason}; to be sent again under its id`
      return { step: 'retry', delay: longDelayMs, mayHaveLeft: true, note }
    }
    case 'not_sent': {
      const note = `did not leave: ${outcome.reason}; to be tried again`
      return { step: 'retry', delay: shortDelayMs, mayHaveLeft: before.mayHaveLeft, note }
    }
    default:
      return assertNever(outcome)
  }
}

function refused(
  { code, reason, whatsappCode }: Extract<SendOutcome, { result: 'refused' }>,
  { mayHaveLeft, refusals }: { mayHaveLeft: boolean; refusals: number },
): SendDecision {
  const note = whatsappCode === null ? reason : `${reason} (WhatsApp ${whatsappCode})`
  const isPassing = code === 'encryption_failed' || (whatsappCode !== null && whatsappCode >= 500)
  const max = mayHaveLeft ? maxRefusals : isPassing ? maxPassingRefusals : 1
  if (refusals + 1 >= max) return { step: 'failed', failure: { code, reason }, note }
  if (!mayHaveLeft) {
    return {
      step: 'retry',
      delay: longDelayMs,
      mayHaveLeft,
      note: `${note}; to be tried once more under its id`,
    }
  }
  const noteInDoubt = `${note}, but it may have arrived before; to be sent again under its id`
  return { step: 'retry', delay: longDelayMs, mayHaveLeft: true, note: noteInDoubt }
}
