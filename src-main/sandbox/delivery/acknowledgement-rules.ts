import { areJidsSameUser, isJidNewsletter, isJidStatusBroadcast } from '@whiskeysockets/baileys'
import { allChildren } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'

/** What a client's `<ack>` or `<receipt>` is for a stanza that it was sent. */
export type Answer = 'settled' | 'refused' | 'asked_again' | 'other'

/**
 * Whether an answer of a client takes a stanza off its queue.
 *
 * - A message is answered by its receipt; a plain ack does for one that could not be read (tulir/whatsmeow receipt.go).
 * - What the account's own phone sent wants a receipt `sender` that names the device and the recipient: a bare ack is not
 *   counted (oxidezap/whatsapp-rust issue 659), unless the phone was asked for the message again.
 * - Statuses and newsletters want an ack: a receipt alone does not free them.
 * - Everything else wants an ack of its class and type.
 * - An ack with an error is none (WhiskeySockets/Baileys issue 2779).
 *
 * @param wasAskedAgain whether a retry receipt has come for it
 */
export function judgeAnswer(stanza: BinaryNode, answer: BinaryNode, wasAskedAgain: boolean): Answer {
  if (!namesStanza(stanza, answer)) return 'other'
  return answer.tag === 'ack' ? judgeAck(stanza, answer, wasAskedAgain) : judgeReceipt(stanza, answer)
}

function namesStanza({ attrs }: BinaryNode, answer: BinaryNode): boolean {
  if (!idsOf(answer).includes(attrs['id'])) return false
  if (attrs['category'] === 'peer') return areJidsSameUser(answer.attrs['to'], attrs['from'])
  if (answer.attrs['to'] !== attrs['from']) return false
  return (answer.attrs['participant'] ?? '') === (attrs['participant'] ?? '')
}

function judgeAck(stanza: BinaryNode, { attrs }: BinaryNode, wasAskedAgain: boolean): Answer {
  if (attrs['class'] !== stanza.tag) return 'other'
  if (attrs['error'] !== undefined) return 'refused'
  if (stanza.tag !== 'message') return attrs['type'] === stanza.attrs['type'] ? 'settled' : 'other'
  return isFromOwnPhone(stanza) && !wasAskedAgain ? 'other' : 'settled'
}

function judgeReceipt(stanza: BinaryNode, { attrs }: BinaryNode): Answer {
  const { type } = attrs
  const from = stanza.attrs['from']
  if (stanza.tag !== 'message') return 'other'
  if (type === 'retry') return 'asked_again'
  if (isJidStatusBroadcast(from ?? '') || isJidNewsletter(from)) return 'other'
  if (stanza.attrs['category'] === 'peer') return type === 'peer_msg' ? 'settled' : 'other'
  if (!isFromOwnPhone(stanza)) return type === undefined || type === 'inactive' ? 'settled' : 'other'
  return type === 'sender' && attrs['recipient'] === stanza.attrs['recipient'] ? 'settled' : 'other'
}

/** From the account itself, to somebody: the other devices of the account hear of it. */
function isFromOwnPhone({ attrs }: BinaryNode): boolean {
  return attrs['recipient'] !== undefined
}

/** A receipt may name several messages of one chat: `<list><item id/>…</list>`. */
function idsOf(answer: BinaryNode): (string | undefined)[] {
  const items = allChildren(answer).flatMap((list) => allChildren(list))
  return [answer.attrs['id'], ...items.map((item) => item.attrs['id'])]
}
