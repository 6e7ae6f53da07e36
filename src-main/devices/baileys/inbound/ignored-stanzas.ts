import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'
import { isStatus, isWithheldFromCompanions } from '../../connection/inbound-answers.ts'

/**
 * A recipient who asks for a message again gets it from the log (`getMessage`). Baileys would keep the last 512 besides,
 * each with a timer and with the whole block of 64 KiB that its bytes lie in.
 */
export function disableRetryCache({ messageRetryManager }: WASocket): void {
  if (messageRetryManager !== null) messageRetryManager.addRecentMessage = () => {}
}

/**
 * At each refusal with 463 Baileys would issue a token to the contact, which fetches none and asks the server once more
 * (Socket/messages-recv.js, handleBadAck). Acknowledgements are read off the line. To be called before others listen.
 */
export function ignoreRefusals({ ws }: WASocket): void {
  ws.removeAllListeners('CB:ack,class:message')
}

/**
 * Stanzas that Baileys would make something of that nobody wants are acknowledged and left at that:
 *
 * - News of the phone's address book, chats and settings: Baileys would fetch them all and write them all anew whenever
 *   one of them changes. What is wanted of them phone-app-state.ts asks for.
 * - Receipts, which are read off the line (receipts.ts): Baileys would make events of them, in a buffer with a timer.
 * - Statuses of contacts, and messages that companions are not given.
 *
 * To be called before others listen for them.
 */
export function ignoreStanzas(socket: WASocket): void {
  leave(socket, 'CB:notification', isOfAppState)
  leave(socket, 'CB:receipt', isPlainReceipt)
  leave(socket, 'CB:message', (node) => isStatus(node) || isWithheldFromCompanions(node))
}

function leave({ ws, sendMessageAck }: WASocket, event: string, isLeft: (node: BinaryNode) => boolean): void {
  for (const listener of ws.listeners(event)) {
    ws.off(event, listener as (node: BinaryNode) => void)
    ws.on(event, (node: BinaryNode) => {
      if (!isLeft(node)) listener.call(ws, node)
      else {
        sendMessageAck(node).catch(() => {
          // The line is gone, which its own end tells.
        })
      }
    })
  }
}

/** Of two collections two settings are read (../app-state/app-state.ts). */
function isOfAppState({ attrs }: BinaryNode): boolean {
  return attrs['type'] === 'server_sync'
}

/** A retry is Baileys' to answer, and what came while the device was away it takes in portions. */
function isPlainReceipt({ attrs }: BinaryNode): boolean {
  return attrs['type'] !== 'retry' && attrs['offline'] === undefined
}
