import { randomBytes } from 'node:crypto'
import { proto } from '@whiskeysockets/baileys'
import type { Companion } from '../accounts/companions.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import { jidOf } from '../accounts/sandbox-numbers.ts'
import { node, seconds } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'
import type { PeerReceipt } from './phone-table.ts'

/** Keeps a message of the account's phone for a linked device, and sends it where that is connected. */
export async function notifyDevice(
  context: SandboxContext,
  companion: Companion,
  receipt: PeerReceipt,
  message: proto.Message.IProtocolMessage,
): Promise<void> {
  const id = randomBytes(8).toString('hex').toUpperCase()
  const encoded = proto.Message.encode({ protocolMessage: message }).finish()
  await context.database.write(() =>
    context.phoneTable.addPeerMessage(companion, { id, receipt, message: encoded }),
  )
  const line = context.lines.of(companion)
  if (line !== undefined) line.inOrder(() => sendPeerMessage(context, line, companion, id, encoded))
}

/** To a device that has just connected: everything of its phone's that it has not confirmed. */
export async function sendPeerMessages(
  context: SandboxContext,
  line: ClientConnection,
  companion: Companion,
): Promise<void> {
  for (const { id, message } of context.phoneTable.peerMessages(companion)) {
    await sendPeerMessage(context, line, companion, id, message)
  }
}

/** A part of the history that no `hist_sync` receipt confirms is sent again: the phone uploads it anew. */
export function peerReceipt(context: SandboxContext, companion: Companion, { attrs }: BinaryNode): void {
  const { id = '', type = '' } = attrs
  if (type !== 'hist_sync' && type !== 'peer_msg') return
  void context.database.write(() => context.phoneTable.removePeerMessage(companion, id, type))
}

async function sendPeerMessage(
  context: SandboxContext,
  line: ClientConnection,
  companion: Companion,
  id: string,
  message: Uint8Array,
): Promise<void> {
  const phone = await context.contacts.endpoint(companion.number, 0)
  if (phone === null) return
  const content = proto.Message.decode(message)
  const { type, ciphertext } = await context.incoming.encryptFor(phone, companion, content)
  const attributes = {
    from: jidOf(companion.number),
    id,
    type: 'text',
    category: 'peer',
    push_priority: 'high',
    t: seconds(context.now()),
  }
  line.send(node('message', attributes, [node('enc', { v: '2', type }, ciphertext)]))
}
