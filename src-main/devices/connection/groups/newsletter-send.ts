import type { BinaryNode, proto } from '@whiskeysockets/baileys'
import { baileys } from '../../baileys/baileys.ts'
import { runInSendContext } from '../../baileys/outbound/send-context.ts'
import type { SendContext } from '../../baileys/outbound/send-context.ts'
import type { Connection } from '../connection.ts'
import { mediaHandleOf } from '../media/media-handle.ts'
import { mediaTypeOf } from '../media/media-type-attribute.ts'
import { outcomeOfFailure, refused } from '../sending/send-outcome.ts'
import type { Outgoing, SendOutcome } from '../sending/outgoing.ts'

/**
 * Hands a message to a newsletter over: null once it was handed over, else why it was not. Nothing is encrypted: its
 * first frame is the message. The stanza is written here: Baileys 7.0.0-rc14 leaves out `media_id` and
 * `mediatype`, and what lacks them is acknowledged and shown to nobody.
 *
 * @see https://github.com/tulir/whatsmeow (send.go, sendNewsletter), https://github.com/WhiskeySockets/Baileys/pull/2434
 */
export async function sendToNewsletter(
  connection: Connection,
  outgoing: Outgoing,
  sendContext: SendContext,
): Promise<SendOutcome | null> {
  const stanza = stanzaOf(outgoing)
  if (stanza.attrs['type'] === 'media' && stanza.attrs['media_id'] === undefined) return notForNewsletters()
  if (outgoing.written !== undefined) connection.holdFrames(outgoing.written)
  sendContext.isEncrypted = true
  try {
    await runInSendContext(sendContext, () => connection.socket.sendNode(stanza))
    return null
  } catch (error) {
    return outcomeOfFailure(error, sendContext)
  }
}

/** A file that was uploaded for people, or by a Kurir that did not know better: it would be shown to nobody. */
function notForNewsletters(): SendOutcome {
  const reason = 'The file was not uploaded in the way that a newsletter shows: send the request again.'
  return refused('media_upload_failed', reason, null)
}

function stanzaOf({ jid, messageId, message }: Outgoing): BinaryNode {
  const { proto } = baileys()
  const decoded = proto.Message.decode(message)
  const mediaType = mediaTypeOf(decoded)
  const handle = mediaHandleOf(message)
  return {
    tag: 'message',
    attrs: {
      to: jid,
      id: messageId,
      type: mediaType === null ? 'text' : 'media',
      ...(handle === null ? {} : { media_id: handle }),
    },
    content: [
      {
        tag: 'plaintext',
        attrs: mediaType === null ? {} : { mediatype: mediaType },
        content: proto.Message.encode(withoutSecret(decoded)).finish(),
      },
    ],
  }
}

/** The secret is for those who can read what was encrypted for them. */
function withoutSecret(message: proto.IMessage): proto.IMessage {
  return { ...message, messageContextInfo: null }
}
