import { whileKept } from '../../session-keys/keys-unavailable.ts'
import type { Connection } from '../connection.ts'
import type { SendOutcome } from './outgoing.ts'

const noToken =
  'WhatsApp wants a token for a first message to this contact, and this device has none. ' +
  'Let the contact write first, or link the device again.'

/**
 * What follows from the server's word on a message to `jid`. A contact whose message was taken is given this account's
 * token. 463 has three causes, which are looked at in this order: the form of the address (person-send.ts), a token that
 * is missing, and WhatsApp's bar on new contacts, which is asked about only where there was a token.
 */
export function afterSend(connection: Connection, jid: string, outcome: SendOutcome): SendOutcome {
  const { tokens } = connection.phoneData
  if (outcome.result === 'acknowledged') whileKept(() => tokens.sentTo(jid))
  if (outcome.result !== 'refused' || outcome.code !== 'contact_locked') return outcome
  if (whileKept(() => tokens.hasTokenFor(jid)) === false) return { ...outcome, reason: noToken }
  connection.askForTimeLock()
  return outcome
}
