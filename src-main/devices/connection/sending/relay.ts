import type { AddressForm } from '../../addressing/account-form.ts'
import { nameQuotedAuthor } from '../../addressing/quoted-author.ts'
import { baileys } from '../../baileys/baileys.ts'
import { runInSendContext } from '../../baileys/outbound/send-context.ts'
import type { SendContext } from '../../baileys/outbound/send-context.ts'
import { withVisibleMedia } from '../../baileys/outbound/view-once.ts'
import type { Connection } from '../connection.ts'
import { setExpiration } from '../../timers/message-timer.ts'
import { metaNodesOf } from '../media/media-type-attribute.ts'
import { outcomeOfFailure } from './send-outcome.ts'
import type { Outgoing, SendOutcome } from './outgoing.ts'

/** Lets Baileys encrypt and send a message; null once it was handed over, else why it was not. */
export async function relay(
  connection: Connection,
  { jid, message, messageId, written }: Outgoing,
  sendContext: SendContext,
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
    await runInSendContext(sendContext, () =>
      connection.socket.relayMessage(jid, withVisibleMedia(decoded), options),
    )
    return null
  } catch (error) {
    return outcomeOfFailure(error, sendContext)
  }
}

/** By which names people go in that chat; a group's metadata says it of the group. */
async function formOf(connection: Connection, jid: string): Promise<AddressForm> {
  if (!jid.endsWith('@g.us')) return jid.endsWith('@lid') ? 'lid' : 'pn'
  const { addressingMode } = await connection.groupMetadata(jid)
  return String(addressingMode) === 'lid' ? 'lid' : 'pn'
}
