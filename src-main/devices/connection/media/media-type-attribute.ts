import type { BinaryNode, proto } from '@whiskeysockets/baileys'
import { baileys } from '../../baileys/baileys.ts'

/**
 * The `mediatype` that WhatsApp Web puts beside a message, for the kinds that Kurir sends; null for a text. A message of
 * `type="media"` without it is acknowledged and dropped.
 *
 * @see https://github.com/oxidezap/whatsapp-rust (wacore/src/send/classify.rs, media_type_from_message)
 * @see https://github.com/WhiskeySockets/Baileys/pull/2435
 */
export function mediaTypeOf(message: proto.IMessage): string | null {
  const { imageMessage, videoMessage, audioMessage, documentMessage } =
    baileys().normalizeMessageContent(message) ?? message
  if (imageMessage) return 'image'
  if (videoMessage) return videoMessage.gifPlayback === true ? 'gif' : 'video'
  if (audioMessage) return audioMessage.ptt === true ? 'ptt' : 'audio'
  return documentMessage ? 'document' : null
}

/** What stands beside a message in its stanza, besides the tokens of its recipient. */
export function metaNodesOf(message: proto.IMessage): BinaryNode[] {
  return viewOnceContentOf(message) === null ? [] : [{ tag: 'meta', attrs: { view_once: 'true' } }]
}

/** What is wrapped to be seen once; null for any other message. */
export function viewOnceContentOf(message: proto.IMessage): proto.IMessage | null {
  const { viewOnceMessage, viewOnceMessageV2, viewOnceMessageV2Extension } = message
  return (viewOnceMessage ?? viewOnceMessageV2 ?? viewOnceMessageV2Extension)?.message ?? null
}
