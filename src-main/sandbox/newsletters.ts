import { proto } from '@whiskeysockets/baileys'
import type { Companion } from './companions.ts'
import { contentsOf } from './contents.ts'
import { arrivalOf, download, receivedAgain } from './delivery.ts'
import { openPublicFile } from './media-check.ts'
import { childBytes } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import { refused } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** The one ready-made channel; every account of the sandbox may write to it. */
export const newsletter = { jid: '120363000000000100@newsletter', name: 'Latihan: Promo' }

/** A channel's message is not encrypted, and neither is its file. */
export async function deliverToNewsletter(
  world: World,
  sender: Companion,
  stanza: BinaryNode,
): Promise<Verdict> {
  if (stanza.attrs['to'] !== newsletter.jid) return refused(404)
  const plain = childBytes(stanza, 'plaintext')
  if (plain.length === 0) {
    world.reports.add('stanza_invalid', sender.number, 'a message to a channel without its text')
    return refused(400)
  }
  const contents = contentsOf(proto.Message.decode(plain))
  const file = await download(world, sender, contents.media, openPublicFile)
  const message = { ...arrivalOf(world, sender, newsletter.jid, stanza, contents, null), ...file }
  let isNew = false
  await world.database.write(() => {
    const known = world.inbox.find(sender.number, message.id, newsletter.jid)
    if (known !== undefined) return receivedAgain(world, sender, known, message)
    isNew = true
    const { media } = contents
    world.inbox.add({ message, senderDevice: sender.device, chat: newsletter.jid, media, expected: 0 })
  })
  if (isNew) world.inbox.onReceived.emit(message)
  return { error: null, afterwards: () => {} }
}

/** What GraphQL answers about a channel. */
export function newsletterMetadata(): object {
  return {
    id: newsletter.jid,
    state: { type: 'ACTIVE' },
    thread_metadata: {
      creation_time: '1700000000',
      name: { id: '1', text: newsletter.name, update_time: '1700000000' },
      description: { id: '1', text: '', update_time: '1700000000' },
      subscribers_count: '3',
      verification: 'UNVERIFIED',
    },
    viewer_metadata: { mute: 'OFF', role: 'OWNER' },
  }
}
