import { randomBytes } from 'node:crypto'
import { proto } from '@whiskeysockets/baileys'
import type { Companion } from '../companions.ts'
import type { Line } from '../line.ts'
import { jidOf } from '../numbers.ts'
import { node, seconds } from '../nodes.ts'
import type { BinaryNode } from '../nodes.ts'
import type { World } from '../world.ts'
import type { PeerReceipt } from './phone-table.ts'

/** Keeps a message of the account's phone for a linked device, and sends it where that is connected. */
export async function tellDevice(
  world: World,
  companion: Companion,
  receipt: PeerReceipt,
  message: proto.Message.IProtocolMessage,
): Promise<void> {
  const id = randomBytes(8).toString('hex').toUpperCase()
  const encoded = proto.Message.encode({ protocolMessage: message }).finish()
  await world.database.write(() =>
    world.phoneTable.addPeerMessage(companion, { id, receipt, message: encoded }),
  )
  const line = world.lines.of(companion)
  if (line !== undefined) line.inOrder(() => sendPeerMessage(world, line, companion, id, encoded))
}

/** To a device that has just connected: everything of its phone's that it has not confirmed. */
export async function sendPeerMessages(world: World, line: Line, companion: Companion): Promise<void> {
  for (const { id, message } of world.phoneTable.peerMessages(companion)) {
    await sendPeerMessage(world, line, companion, id, message)
  }
}

/** A part of the history that no `hist_sync` receipt confirms is sent again: the phone uploads it anew. */
export function peerReceipt(world: World, companion: Companion, { attrs }: BinaryNode): void {
  const { id = '', type = '' } = attrs
  if (type !== 'hist_sync' && type !== 'peer_msg') return
  void world.database.write(() => world.phoneTable.removePeerMessage(companion, id, type))
}

async function sendPeerMessage(
  world: World,
  line: Line,
  companion: Companion,
  id: string,
  message: Uint8Array,
): Promise<void> {
  const phone = await world.contacts.endpoint(companion.number, 0)
  if (phone === null) return
  const content = proto.Message.decode(message)
  const { type, ciphertext } = await world.incoming.encryptFor(phone, companion, content)
  const attributes = {
    from: jidOf(companion.number),
    id,
    type: 'text',
    category: 'peer',
    push_priority: 'high',
    t: seconds(world.now()),
  }
  line.send(node('message', attributes, [node('enc', { v: '2', type }, ciphertext)]))
}
