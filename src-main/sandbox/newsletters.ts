import { proto } from '@whiskeysockets/baileys'
import type { Companion } from './companions.ts'
import { contentsOf } from './contents.ts'
import { arrivalOf, download, receivedAgain } from './delivery.ts'
import type { MediaReference } from './inbox.ts'
import { openPublicFile } from './media-check.ts'
import type { CheckedFile } from './media-check.ts'
import { mediaHandle } from './media-host.ts'
import { isDropped } from './media-type.ts'
import { child, childBytes } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import { refused } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** The one ready-made channel; every account of the sandbox may write to it. */
export const newsletter = { jid: '120363000000000100@newsletter', name: 'Latihan: Promo' }

/** Acknowledged, and shown to nobody. */
const taken: Verdict = { error: null, afterwards: () => {} }

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
  const decoded = proto.Message.decode(plain)
  if (isDropped(world, sender, stanza, decoded)) return taken
  const contents = contentsOf(decoded)
  const file = await download(world, sender, contents.media, openPublicFile)
  if (contents.media !== null && !isShown(world, sender, stanza, contents.media, file)) return taken
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

/** A file that lies elsewhere than where newsletters' files do, or is not named by its handle, is shown to nobody. */
function isShown(
  world: World,
  sender: Companion,
  stanza: BinaryNode,
  { directPath }: MediaReference,
  file: CheckedFile | null,
): boolean {
  if (file === null) return false
  const type = child(stanza, 'plaintext')?.attrs['mediatype'] ?? ''
  const report = (detail: string): boolean => {
    world.reports.add('media_wrong', sender.number, detail)
    return false
  }
  if (!directPath.startsWith('/m1/')) return report('a file for a newsletter was uploaded for somebody else')
  const isNamed = stanza.attrs['media_id'] === mediaHandle(type, file.sha256)
  return isNamed || report('a file for a newsletter without its handle as media_id')
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
