import type { SendOutcome } from '../devices/connection/sending.ts'
import { assertNever } from '../failure.ts'
import type { Reason } from './sentences.ts'

/** What follows from the end of one hand-over: the row moves, or the message is handed over again. */
export type Consequence =
  | { step: 'sent'; at: number }
  | { step: 'failed'; failure: Reason; note: string }
  /** Under the same id, at the earliest after `delay` milliseconds, which grows with each attempt. */
  | { step: 'again'; delay: number; mayHaveLeft: boolean; note: string }

/** Refusals after which it is believed that the message did not arrive the first time either. */
const mostRefusals = 3
/** Of a refusal that may be the server's passing trouble, or that fresh keys may mend. */
const mostPassingRefusals = 2
const soon = 1_000
const later = 15_000

/**
 * What an outcome means for its row. Only the server's own acknowledgement is "sent". A message that may
 * have left before is not given up at the first refusal: its recipient may have it, and whoever was told
 * that it failed would send it once more.
 *
 * @param before of the same message: whether it may have left, and how often it was refused since
 */
export function consequenceOf(
  outcome: SendOutcome,
  before: { mayHaveLeft: boolean; refusals: number },
): Consequence {
  switch (outcome.result) {
    case 'acknowledged':
      return { step: 'sent', at: outcome.at }
    case 'refused':
      return refused(outcome, before)
    case 'unknown': {
      const note = `not acknowledged: ${outcome.reason}; to be sent again under its id`
      return { step: 'again', delay: later, mayHaveLeft: true, note }
    }
    case 'not_sent': {
      const note = `did not leave: ${outcome.reason}; to be tried again`
      return { step: 'again', delay: soon, mayHaveLeft: before.mayHaveLeft, note }
    }
    default:
      return assertNever(outcome)
  }
}

function refused(
  { code, reason, whatsappCode }: Extract<SendOutcome, { result: 'refused' }>,
  { mayHaveLeft, refusals }: { mayHaveLeft: boolean; refusals: number },
): Consequence {
  const note = whatsappCode === null ? reason : `${reason} (WhatsApp ${whatsappCode})`
  const isPassing = code === 'encryption_failed' || (whatsappCode !== null && whatsappCode >= 500)
  const most = mayHaveLeft ? mostRefusals : isPassing ? mostPassingRefusals : 1
  if (refusals + 1 >= most) return { step: 'failed', failure: { code, reason }, note }
  if (!mayHaveLeft) {
    return { step: 'again', delay: later, mayHaveLeft, note: `${note}; to be tried once more under its id` }
  }
  const doubt = `${note}, but it may have arrived before; to be sent again under its id`
  return { step: 'again', delay: later, mayHaveLeft: true, note: doubt }
}
