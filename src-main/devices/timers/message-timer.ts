import type { proto, WAMessage } from '@whiskeysockets/baileys'
import { baileys } from '../baileys/baileys.ts'
import type { ChatTimer } from './chat-timers-table.ts'

/**
 * Lets a message disappear with its chat: `ContextInfo` 25 `expiration` and 26 `ephemeralSettingTimestamp`, in seconds.
 * A bare `conversation` has no place for them and becomes `extendedTextMessage`. Kinds without a context (reactions,
 * edits, revokes) carry none.
 *
 * @param message as `proto.Message.decode` makes it; it is changed in place
 */
export function setExpiration(message: proto.IMessage, timer: ChatTimer | null): void {
  if (timer === null) return
  const inner = baileys().normalizeMessageContent(message)
  if (!inner) return
  if (inner.conversation) {
    const { ExtendedTextMessage } = baileys().proto.Message
    inner.extendedTextMessage = ExtendedTextMessage.create({ text: inner.conversation })
    delete inner.conversation
  }
  const { expirationSeconds, setAtSeconds } = timer
  for (const content of Object.values(inner) as unknown[]) {
    if (!hasContext(content)) continue
    content.contextInfo = {
      ...content.contextInfo,
      expiration: expirationSeconds,
      ...(setAtSeconds === 0 ? {} : { ephemeralSettingTimestamp: setAtSeconds }),
    }
  }
}

/**
 * What a received message, or one that the account's own phone sent, says of its chat's timer; null where it says
 * nothing. A message without an expiration does not mean that there is none: other companions leave it out.
 */
export function timerIn({
  key,
  message,
  messageTimestamp,
}: WAMessage): [jid: string, timer: ChatTimer] | null {
  const jid = key.remoteJid
  if (!jid || !message || !isChat(jid)) return null
  const sentAt = Number(messageTimestamp ?? 0)
  const { protocolMessage, ...contents } = baileys().normalizeMessageContent(message) ?? {}
  if (protocolMessage) {
    const { EPHEMERAL_SETTING } = baileys().proto.Message.ProtocolMessage.Type
    if (protocolMessage.type !== EPHEMERAL_SETTING) return null
    const setAtSeconds = Number(protocolMessage.ephemeralSettingTimestamp ?? 0) || sentAt
    return [jid, { expirationSeconds: protocolMessage.ephemeralExpiration ?? 0, setAtSeconds }]
  }
  const context = Object.values(contents as Record<string, unknown>).find(hasContext)?.contextInfo
  if (!context?.expiration) return null
  const setAtSeconds = Number(context.ephemeralSettingTimestamp ?? 0) || sentAt
  return [jid, { expirationSeconds: context.expiration, setAtSeconds }]
}

function isChat(jid: string): boolean {
  return /@(?:s\.whatsapp\.net|lid|g\.us)$/.test(jid)
}

/** Decoded parts have every field of their kind, set or not. */
function hasContext(part: unknown): part is { contextInfo?: proto.IContextInfo | null } {
  return typeof part === 'object' && part !== null && 'contextInfo' in part
}
