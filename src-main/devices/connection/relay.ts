import type { AddressForm } from '../addressing/account-form.ts'
import { nameQuotedAuthor } from '../addressing/quoted-author.ts'
import { baileys } from '../baileys/baileys.ts'
import { handingOver } from '../baileys/hand-over.ts'
import type { HandOver } from '../baileys/hand-over.ts'
import { withVisibleMedia } from '../baileys/view-once.ts'
import type { Connection } from './connection.ts'
import { setExpiration } from '../timers/message-timer.ts'
import { metaNodesOf } from './media-type.ts'
import { outcomeOfFailure } from './send-outcome.ts'
import type { Outgoing, SendOutcome } from './sending.ts'

/** Lets Baileys encrypt and send a message; null once it was handed over, else why it was not. */
export async function relay(
  connection: Connection,
  { jid, message, messageId, written }: Outgoing,
  handOver: HandOver,
  additionalAttributes: Record<string, string> = {},
): Promise<SendOutcome | null> {
  if (written !== undefined) connection.holdFrames(written)
  const decoded = baileys().proto.Message.decode(message)
  try {
    nameQuotedAuthor(decoded, await formOf(connection, jid), connection.addressing)
    setExpiration(decoded, await connection.timerOf(jid))
    const token = await connection.phoneData.tokens.nodeFor(jid)
    const additionalNodes = [...metaNodesOf(decoded), ...(token === null ? [] : [token])]
    const options = { messageId, additionalAttributes, additionalNodes }
    await handingOver(handOver, () => connection.socket.relayMessage(jid, withVisibleMedia(decoded), options))
    return null
  } catch (error) {
    return outcomeOfFailure(error, handOver)
  }
}

/** By which names people go in that chat; a group's metadata says it of the group. */
async function formOf(connection: Connection, jid: string): Promise<AddressForm> {
  if (!jid.endsWith('@g.us')) return jid.endsWith('@lid') ? 'lid' : 'pn'
  const { addressingMode } = await connection.groupMetadata(jid)
  return String(addressingMode) === 'lid' ? 'lid' : 'pn'
}
