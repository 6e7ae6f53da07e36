import type { proto } from '@whiskeysockets/baileys'
import { baileys } from '../baileys/baileys.ts'
import type { AddressForm } from './account-form.ts'
import type { Addressing } from './addressing.ts'

/**
 * Names the author of the message that is quoted as the chat names people: in a chat with a LID by LID, the own account
 * included. Baileys and the log name the account by its phone number.
 *
 * @param message as `proto.Message.decode` makes it; it is changed in place
 */
export function nameQuotedAuthor(message: proto.IMessage, form: AddressForm, addressing: Addressing): void {
  const content = baileys().normalizeMessageContent(message)
  for (const part of Object.values(content ?? {}) as unknown[]) {
    if (!hasContext(part) || !part.contextInfo?.participant) continue
    const { participant } = part.contextInfo
    const person = addressing.isOwn(participant) ? addressing.own : addressing.lids.known(participant)
    part.contextInfo.participant = person[form] ?? participant
  }
}

function hasContext(part: unknown): part is { contextInfo?: proto.IContextInfo | null } {
  return typeof part === 'object' && part !== null && 'contextInfo' in part
}
