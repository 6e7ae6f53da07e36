import { proto } from '@whiskeysockets/baileys'
import type { Companion } from '../accounts/companions.ts'
import { contentsOf } from './contents.ts'
import { arrivalOf, download, receivedAgain } from '../delivery/delivery.ts'
import type { MediaReference } from '../delivery/inbox.ts'
import { openPublicFile } from '../media/media-check.ts'
import type { CheckedFile } from '../media/media-check.ts'
import { mediaHandle } from '../media/media-host.ts'
import { isDropped } from '../media/media-type-rules.ts'
import { child, childBytes } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { refused } from '../verdict.ts'
import type { Verdict } from '../verdict.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** The one ready-made channel; every account of the sandbox may write to it. */
export const newsletter = { jid: '120363000000000100@newsletter', name: 'Latihan: Promo' }

/** Acknowledged, and shown to nobody. */
const taken: Verdict = { error: null, afterwards: () => {} }

/** A channel's message is not encrypted, and neither is its file. */
export async function deliverToNewsletter(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
): Promise<Verdict> {
  if (stanza.attrs['to'] !== newsletter.jid) return refused(404)
  const plain = childBytes(stanza, 'plaintext')
  if (plain.length === 0) {
    context.reports.add('stanza_invalid', sender.number, 'a message to a channel without its text')
    return refused(400)
  }
  const decoded = proto.Message.decode(plain)
  if (isDropped(context, sender, stanza, decoded)) return taken
  const contents = contentsOf(decoded)
  const file = await download(context, sender, contents.media, openPublicFile)
  if (contents.media !== null && !isShown(context, sender, stanza, contents.media, file)) return taken
  const message = { ...arrivalOf(context, sender, newsletter.jid, stanza, contents, null), ...file }
  let isNew = false
  await context.database.write(() => {
    const known = context.inbox.find(sender.number, message.id, newsletter.jid)
    if (known !== undefined) return receivedAgain(context, sender, known, message)
    isNew = true
    const { media } = contents
    context.inbox.add({ message, senderDevice: sender.device, chat: newsletter.jid, media, expected: 0 })
  })
  if (isNew) context.inbox.onReceived.emit(message)
  return { error: null, afterwards: () => {} }
}

/** A file that lies elsewhere than where newsletters' files do, or is not named by its handle, is shown to nobody. */
function isShown(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
  { directPath }: MediaReference,
  file: CheckedFile | null,
): boolean {
  if (file === null) return false
  const type = child(stanza, 'plaintext')?.attrs['mediatype'] ?? ''
  const report = (detail: string): boolean => {
    context.reports.add('media_wrong', sender.number, detail)
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
