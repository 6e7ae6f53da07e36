import type { BinaryNode } from '@whiskeysockets/baileys'
import { userOf } from './device-receipts.ts'

/** The user parts of the account's phone number and LID. */
export type OwnUsers = readonly string[]

/** Stanzas that are answered elsewhere, or by nothing. */
const answeredElsewhere: ReadonlySet<string> = new Set([
  'message',
  'receipt',
  'notification',
  'call',
  'ack',
  'iq',
  'ib',
  'presence',
  'chatstate',
  'success',
  'failure',
  'stream:error',
  'stream:features',
  'xmlstreamend',
])

/**
 * Whether a stanza waits for an acknowledgement that Baileys does not give: `<status>`, a tag of its own since July 2026
 * (tulir/whatsmeow@a2381054; oxidezap/whatsapp-rust issue 1101: the stream ended every 50 minutes until it was acknowledged),
 * and any other that is not known here. A plain ack frees a queue for certain; error 488, which WhatsApp Web gives
 * for unknown tags, may not.
 */
export function isOwedAck({ tag, attrs }: BinaryNode): boolean {
  return !answeredElsewhere.has(tag) && attrs['id'] !== undefined && attrs['from'] !== undefined
}

/** A status, which nobody here looks at. */
export function isStatus({ attrs }: BinaryNode): boolean {
  return attrs['from'] === 'status@broadcast'
}

/**
 * A message that companions are not given (a view once, say): acknowledged plainly, and not asked for. The types are those of
 * WhatsApp Web's filter; Baileys answers `view_once` with a receipt.
 */
export function isWithheldFromCompanions({ content }: BinaryNode): boolean {
  if (!Array.isArray(content) || content.some(({ tag }) => tag === 'enc')) return false
  const type = content.find(({ tag }) => tag === 'unavailable')?.attrs['type'] ?? ''
  return type.startsWith('view_once') || type.endsWith('_unavailable_fanout')
}

/** A message that the account's own phone has sent to somebody. */
export function isFromOwnPhone({ attrs }: BinaryNode, own: OwnUsers): boolean {
  const { from = '', recipient } = attrs
  return recipient !== undefined && own.includes(userOf(from))
}

/**
 * The receipt of a message that was delivered, as a companion in the background gives it (WhatsApp Web's
 * DeliveryReceiptJob, by oxidezap/whatsapp-rust receipt.rs):
 *
 * - `inactive` for somebody's: the second tick is the phone's to give;
 * - `sender` for the account's own, to the device verbatim, with the recipient; a bare ack is not counted
 *   (oxidezap/whatsapp-rust issue 659);
 * - for a status without a type, in the context `status`.
 */
export function deliveryReceipt(stanza: BinaryNode, own: OwnUsers): BinaryNode {
  const { id = '', from = '', participant, recipient } = stanza.attrs
  const attrs: Record<string, string> = { id, to: from }
  if (participant !== undefined && !isFromOwnPhone(stanza, own)) attrs['participant'] = participant
  if (isStatus(stanza)) attrs['context'] = 'status'
  else if (stanza.attrs['category'] === 'peer') attrs['type'] = 'peer_msg'
  else if (isFromOwnPhone(stanza, own)) Object.assign(attrs, { type: 'sender', recipient: recipient ?? '' })
  else attrs['type'] = own.includes(userOf(participant ?? '')) ? 'sender' : 'inactive'
  return { tag: 'receipt', attrs }
}
