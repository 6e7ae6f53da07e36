import { sentenceOf } from '../../../lib/failure.ts'
import type { SendContext } from '../../baileys/outbound/send-context.ts'
import type { Acknowledgement } from './acknowledgements.ts'
import type { SendOutcome } from './outgoing.ts'

/** WhatsApp's answers that asking again does not change: bad, not authorised, forbidden, not found, gone. */
const finalCodes: ReadonlySet<unknown> = new Set([400, 401, 403, 404, 406, 410])

/** Whether WhatsApp's answer to a query stays the same however often it is asked. */
export function isFinalCode(code: unknown): code is number {
  return finalCodes.has(code)
}

/** What the server's acknowledgement means. 463 is its bar on writing to that contact, or to new ones at all. */
export function outcomeOf(
  { error, at }: Pick<Acknowledgement, 'error' | 'at'>,
  jid: string,
  now = Date.now,
): SendOutcome {
  if (error === null) return { result: 'acknowledged', at: at ?? now() }
  if (error === 475) {
    return refused(
      'new_chat_quota_used',
      'WhatsApp lets this account begin no more new chats for now.',
      error,
    )
  }
  if (error === 463) {
    const reason =
      'WhatsApp does not let this account write to that contact, under any of its addresses. ' +
      'It can once the contact has written first.'
    return refused('contact_locked', reason, error)
  }
  const reason =
    jid.endsWith('@newsletter') && isFinalCode(error)
      ? 'There is no such newsletter, or this device may not write in it'
      : 'WhatsApp refused the message'
  return refused('refused_by_whatsapp', `${reason} (${error}).`, error)
}

/**
 * What a rejection of Baileys means: an Error, a Boom or a bare close code. Nothing has left before its
 * frame was given to the socket.
 */
export function outcomeOfFailure(
  error: unknown,
  { mayHaveLeft }: Pick<SendContext, 'mayHaveLeft'>,
): SendOutcome {
  if (error instanceof Error && error.message === 'All encryptions failed') {
    return refused(
      'encryption_failed',
      'The message could not be encrypted for any device of the recipient.',
      null,
    )
  }
  return mayHaveLeft ? unknown(describeError(error)) : { result: 'not_sent', reason: describeError(error) }
}

/** A sentence for the log: Baileys rejects with errors and with bare close codes. */
export function describeError(error: unknown): string {
  return typeof error === 'number' ? `the line closed (${error})` : sentenceOf(error)
}

export function unknown(reason: string): SendOutcome {
  return { result: 'unknown', reason }
}

export function refused(
  code: Extract<SendOutcome, { result: 'refused' }>['code'],
  reason: string,
  whatsappCode: number | null,
): SendOutcome {
  return { result: 'refused', code, reason, whatsappCode }
}
