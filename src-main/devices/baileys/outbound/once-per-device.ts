import type { SocketConfig } from '@whiskeysockets/baileys'

/**
 * Encrypts a message once for each device. For a message to oneself Baileys asks for the devices of the sender and of the
 * recipient, who are the same, and lists each of them twice (Socket/messages-send.js, relayMessage).
 *
 * To be given as `patchMessageBeforeSending`, of which Baileys reads `{ recipientJid, message }`.
 */
export const oncePerDevice: SocketConfig['patchMessageBeforeSending'] = (message, recipientJids) => {
  const unique = new Set(recipientJids)
  if (recipientJids === undefined || unique.size === recipientJids.length) return message
  return Array.from(unique, (recipientJid) => ({ recipientJid, message }))
}
