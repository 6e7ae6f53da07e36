import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'

/**
 * A recipient who asks for a message again gets it from the log (`getMessage`). Baileys would keep the last 512 besides,
 * each with a timer and with the whole block of 64 KiB that its bytes lie in.
 */
export function rememberNothing({ messageRetryManager }: WASocket): void {
  if (messageRetryManager !== null) messageRetryManager.addRecentMessage = () => {}
}

/**
 * Stanzas that Baileys would make something of that nobody wants are acknowledged and left at that:
 *
 * - News of the phone's address book and chats, which stay on the phone: Baileys would fetch them all and write them all
 *   anew whenever one of them changes.
 * - Receipts, which are read off the line (receipts.ts): Baileys would make events of them, in a buffer with a timer.
 *
 * To be called before others listen for them.
 */
export function leaveUnheeded(socket: WASocket): void {
  leave(socket, 'CB:notification', isOfAppState)
  leave(socket, 'CB:receipt', isPlainReceipt)
}

function leave({ ws, sendMessageAck }: WASocket, event: string, isLeft: (node: BinaryNode) => boolean): void {
  for (const heed of ws.listeners(event)) {
    ws.off(event, heed as (node: BinaryNode) => void)
    ws.on(event, (node: BinaryNode) => {
      if (!isLeft(node)) heed.call(ws, node)
      else {
        sendMessageAck(node).catch(() => {
          // The line is gone, which its own end tells.
        })
      }
    })
  }
}

/** `critical_block` has the account's own name, without which Baileys does not tell WhatsApp that nobody is looking. */
function isOfAppState({ attrs, content }: BinaryNode): boolean {
  if (attrs['type'] !== 'server_sync') return false
  // Baileys heeds the first.
  const collection = Array.isArray(content) ? content.find(({ tag }) => tag === 'collection') : undefined
  return collection?.attrs['name'] !== 'critical_block'
}

/** A retry is Baileys' to answer, and what came while the device was away it takes in portions. */
function isPlainReceipt({ attrs }: BinaryNode): boolean {
  return attrs['type'] !== 'retry' && attrs['offline'] === undefined
}
