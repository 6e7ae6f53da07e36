import type { BinaryNode } from '@whiskeysockets/baileys'
import type { Receipt } from './sending/outgoing.ts'

const kinds: Readonly<Record<string, Receipt['kind']>> = { '': 'delivered', read: 'read', played: 'played' }

export interface Own {
  /** The user parts of the own number's JID and LID. */
  users: readonly string[]
  /** Whether that message was sent to the own number, whose phone then speaks as the recipient. */
  isToSelf: (messageId: string) => boolean
}

/**
 * What a receipt stanza says of messages that were sent from here; nothing for those of other kinds (retries
 * are Baileys' to answer) and for those of the own phone, which gets a copy of everything.
 *
 * One stanza may speak of many messages: `<list><item id/>…</list>` beside the id of its own. A group may
 * answer for many readers in one: `<participants key><user jid t/>…</participants>`.
 */
export function receiptsOf(node: BinaryNode, deviceId: string, own: Own, now: number): Receipt[] {
  const { id, from, participant, type = '', t } = node.attrs
  if (id === undefined || from === undefined) return []
  const kind = kinds[type] ?? (type === 'sender' && own.isToSelf(id) ? 'delivered' : undefined)
  if (kind === undefined) return []
  const grouped = readersOf(node, deviceId, kind, now)
  if (grouped.length > 0) return grouped
  const sender = participant ?? from
  const messageIds = [id, ...listedIds(node)].filter(
    (messageId) => !own.users.includes(userOf(sender)) || own.isToSelf(messageId),
  )
  if (messageIds.length === 0) return []
  return [{ deviceId, messageIds, from: sender, kind, at: timeOf(t, now) }]
}

function listedIds(node: BinaryNode): string[] {
  const list = childrenOf(node).find(({ tag }) => tag === 'list')
  if (list === undefined) return []
  return childrenOf(list).flatMap(({ tag, attrs }) => (tag === 'item' && attrs['id'] ? [attrs['id']] : []))
}

function readersOf(node: BinaryNode, deviceId: string, kind: Receipt['kind'], now: number): Receipt[] {
  return childrenOf(node)
    .filter(({ tag }) => tag === 'participants')
    .flatMap((group) => {
      const messageId = group.attrs['key'] ?? node.attrs['id']
      if (messageId === undefined) return []
      return childrenOf(group).flatMap(({ tag, attrs }) =>
        tag === 'user' && attrs['jid']
          ? [{ deviceId, messageIds: [messageId], from: attrs['jid'], kind, at: timeOf(attrs['t'], now) }]
          : [],
      )
    })
}

function childrenOf(node: BinaryNode): BinaryNode[] {
  return Array.isArray(node.content) ? node.content : []
}

/** `62812…:3@s.whatsapp.net` → `62812…` */
export function userOf(jid: string): string {
  return jid.split('@')[0]?.split(':')[0]?.split('_')[0] ?? ''
}

/** Stanzas carry seconds. */
function timeOf(seconds: string | undefined, now: number): number {
  return serverTimeOf(seconds, now) ?? now
}

/** A day: what is told to be later is a mistake, and no date can be made of what is far later. */
const maxAheadMs = 86_400_000

/** A stanza's `t` in milliseconds; null where it tells no time that can be. */
export function serverTimeOf(seconds: string | undefined, now: number): number | null {
  const at = Math.floor(Number(seconds) * 1_000)
  return at > 0 && at <= now + maxAheadMs ? at : null
}

/** A year: WhatsApp's time locks last days, its quotas a month. */
const maxEndAheadMs = 366 * 86_400_000

/** When WhatsApp says that something ends, in whole milliseconds; null where it says no time, or none that can be. */
export function serverEndOf(at: number | null | undefined, now: number): number | null {
  if (at === null || at === undefined) return null
  const end = Math.floor(at)
  return end > 0 && end <= now + maxEndAheadMs ? end : null
}
