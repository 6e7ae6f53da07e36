import { normalizeMessageContent } from '@whiskeysockets/baileys'
import type { proto } from '@whiskeysockets/baileys'
import type { Companion } from '../accounts/companions.ts'
import { child, children } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/**
 * The `mediatype` that belongs to a message; null for one that has none.
 *
 * @see https://github.com/oxidezap/whatsapp-rust (wacore/src/send/classify.rs, read off WhatsApp Web)
 */
function mediaTypeOf(message: proto.IMessage): string | null {
  const inner = normalizeMessageContent(message) ?? message
  if (inner.imageMessage) return 'image'
  if (inner.videoMessage) return inner.videoMessage.gifPlayback === true ? 'gif' : 'video'
  if (inner.ptvMessage) return 'ptv'
  if (inner.audioMessage) return inner.audioMessage.ptt === true ? 'ptt' : 'audio'
  if (inner.documentMessage) return 'document'
  if (inner.stickerMessage) return 'sticker'
  if (inner.locationMessage) return inner.locationMessage.isLive === true ? 'livelocation' : 'location'
  if (inner.liveLocationMessage) return 'livelocation'
  if (inner.contactMessage) return 'vcard'
  if (inner.contactsArrayMessage) return 'contact_array'
  return inner.groupInviteMessage || inner.extendedTextMessage?.matchedText ? 'url' : null
}

/**
 * Whether WhatsApp drops a message though it acknowledges it: one of `type="media"` whose `mediatype` is missing or another
 * than its content. It is reported.
 *
 * @param stanza an encrypted message, or a newsletter's plain one
 */
export function isDropped(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
  message: proto.IMessage,
): boolean {
  reportMissingMeta(context, sender, stanza, message)
  // One that a single device asked for again: rc14 names no mediatype, and no report says that it is lost for that.
  if (stanza.attrs['type'] !== 'media' || isAgain(stanza)) return false
  const wanted = mediaTypeOf(message)
  const wrong = contentNodes(stanza).find(({ attrs }) => (attrs['mediatype'] ?? null) !== wanted)
  if (wrong === undefined) return false
  const named = wrong.attrs['mediatype'] ?? 'none'
  context.reports.add(
    'media_type_wrong',
    sender.number,
    `mediatype ${named} for ${wanted ?? 'no media'}: dropped`,
  )
  return true
}

/** A message that can be seen once says so in its stanza; whether one that does not is lost is not known. */
function reportMissingMeta(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
  { viewOnceMessage, viewOnceMessageV2, viewOnceMessageV2Extension }: proto.IMessage,
): void {
  if (!viewOnceMessage && !viewOnceMessageV2 && !viewOnceMessageV2Extension) return
  if (isAgain(stanza) || child(stanza, 'meta')?.attrs['view_once'] === 'true') return
  context.reports.add(
    'media_type_wrong',
    sender.number,
    'a message to be seen once without <meta view_once="true"/>',
  )
}

function isAgain(stanza: BinaryNode): boolean {
  return child(stanza, 'enc')?.attrs['count'] !== undefined
}

/** What carries the content: a group's one `<enc>` or a newsletter's `<plaintext>`, else each device's own. */
function contentNodes(stanza: BinaryNode): BinaryNode[] {
  const one = child(stanza, 'plaintext') ?? child(stanza, 'enc')
  if (one !== undefined) return [one]
  return children(child(stanza, 'participants'), 'to').flatMap((to) => children(to, 'enc'))
}
