import { jidNormalizedUser, proto } from '@whiskeysockets/baileys'
import { sentenceOf } from '../../lib/failure.ts'
import type { Companion } from '../accounts/companions.ts'
import type { Author, Change } from '../chats/signal-endpoint.ts'
import { forward } from './forwarding.ts'
import { addressOf } from '../accounts/sandbox-numbers.ts'
import type { Address } from '../accounts/sandbox-numbers.ts'
import { bytesOf, child, children } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { isReadBefore } from '../chats/signal-record.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** One device that a message is encrypted for. */
export interface Participant {
  jid: string
  address: Address
  type: 'pkmsg' | 'msg'
  ciphertext: Buffer
}

/** What became of a message on the devices that it was for. */
export interface Opened {
  participants: Participant[]
  /** What the recipient's devices read; null where none could. */
  phone: proto.IMessage | null
  /** What the sender's own phone read of it. */
  own: proto.IMessage | null
  /** The devices that could read it. */
  read: Participant[]
  /**
   * Whether some device had read this message before, under the same id and the same number in the chain: a
   * client that was killed before it had kept its keys sends so again.
   */
  readBefore: boolean
  /** The devices that could not. */
  failed: Participant[]
  changes: Change[]
}

/** Whom a message is encrypted for; null where that cannot be read. */
export function participantsOf(stanza: BinaryNode): Participant[] | null {
  const list = child(stanza, 'participants')
  const nodes =
    list === undefined
      ? [{ jid: stanza.attrs['to'], enc: child(stanza, 'enc') }]
      : children(list, 'to').map((to) => ({ jid: to.attrs['jid'], enc: child(to, 'enc') }))
  const participants: Participant[] = []
  for (const { jid, enc } of nodes) {
    const address = addressOf(jid)
    const type = enc?.attrs['type']
    if (jid === undefined || address === null || (type !== 'pkmsg' && type !== 'msg')) return null
    participants.push({ jid, address, type, ciphertext: bytesOf(enc) })
  }
  return participants
}

export function authorOf(sender: Companion): Author {
  return { name: `${sender.number}:${sender.device}`, identity: sender.identity }
}

/** Lets every device read its part; other companions get theirs as it is. */
export async function openParticipants(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
  participants: Participant[],
  isKnown: () => boolean,
): Promise<Opened> {
  const opened: Opened = {
    participants,
    phone: null,
    own: null,
    read: [],
    readBefore: false,
    failed: [],
    changes: [],
  }
  for (const participant of participants) {
    const { number, device } = participant.address
    if (forward(context, sender, stanza, participant)) continue
    const endpoint = await context.contacts.endpoint(number, device)
    if (endpoint === null) continue
    try {
      if (number !== sender.number && context.faults.take(sender.number, 'retry') !== undefined) {
        throw new Error('made to fail')
      }
      const { plain, change } = await endpoint.decrypt(
        participant.type,
        participant.ciphertext,
        authorOf(sender),
      )
      opened.changes.push(change)
      opened.read.push(participant)
      sort(context, opened, sender, stanza, participant, proto.Message.decode(plain))
    } catch (error) {
      if (isReadBefore(error) && isKnown()) {
        opened.readBefore = true
        continue
      }
      context.reports.add('undecryptable', sender.number, `for ${participant.jid}: ${sentenceOf(error)}`)
      opened.failed.push(participant)
    }
  }
  return opened
}

/**
 * The sender's own devices get what was sent wrapped in "sent by another device of yours", which names the chat
 * where they show it: in the form in which the message itself is addressed.
 */
function sort(
  context: SandboxContext,
  opened: Opened,
  sender: Companion,
  stanza: BinaryNode,
  { jid, address }: Participant,
  message: proto.Message,
): void {
  const copy = message.deviceSentMessage
  if (address.number !== sender.number) {
    opened.phone ??= message
    return
  }
  const chat = jidNormalizedUser(stanza.attrs['recipient'] ?? stanza.attrs['to'])
  if (copy?.message && copy.destinationJid === chat) opened.own ??= copy.message
  else if (addressOf(chat)?.number === sender.number && !copy) opened.phone ??= message
  else if (stanza.attrs['category'] !== 'peer') {
    const detail = `the copy for ${jid} is of the chat ${String(copy?.destinationJid)} instead of ${chat}`
    context.reports.add('own_copy_wrong', sender.number, detail)
  }
}
