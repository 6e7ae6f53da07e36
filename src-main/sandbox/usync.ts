import type { Companion } from './companions.ts'
import { addressOf, jidOf } from './numbers.ts'
import { bytesOf, child, children, node, resultOf, seconds } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import type { World } from './world.ts'

/** Who is on WhatsApp, with which devices and under which LID; null where it is to stay unanswered. */
export function answerUsync(world: World, companion: Companion, query: BinaryNode): BinaryNode | null {
  if (world.faults.take(companion.number, 'query-silence') !== undefined) return null
  const usync = child(query, 'usync')
  const asked = new Set(childTags(child(usync, 'query')))
  const users = children(child(usync, 'list'), 'user').map((user) => userNode(world, user, asked))
  const { sid, context, mode, index, last } = usync?.attrs ?? {}
  return resultOf(query, [
    node('usync', { sid, context, mode, index, last }, [
      node(
        'result',
        {},
        [...asked].map((tag) => node(tag)),
      ),
      node('list', {}, users),
    ]),
  ])
}

/** A user is named by a JID, or by `<contact>+62…</contact>`: without the plus it is no number to WhatsApp. */
function userNode(world: World, user: BinaryNode, asked: Set<string>): BinaryNode {
  const typed = bytesOf(child(user, 'contact')).toString()
  const number = typed === '' ? (addressOf(user.attrs['jid'])?.number ?? '') : typed.replace(/^\+/, '')
  const exists = world.contacts.exists(number)
  const known = typed === '' || typed.startsWith('+')
  const content: BinaryNode[] = []
  if (asked.has('contact')) {
    const type = known ? (exists ? 'in' : 'out') : 'invalid'
    content.push(node('contact', { type }, typed === '' ? undefined : typed))
  }
  const byLid =
    (typed === '' && user.attrs['jid']?.endsWith('@lid') === true) || world.contacts.isLidOnly(number)
  if (asked.has('devices')) content.push(devicesNode(world, exists ? number : null))
  if (asked.has('lid') && exists && !byLid) content.push(node('lid', { val: jidOf(number, 0, 'lid') }))
  if (asked.has('status')) content.push(node('status', { t: '0' }))
  if (asked.has('disappearing_mode')) content.push(node('disappearing_mode', { duration: '0', t: '0' }))
  const jid = user.attrs['jid'] ?? (byLid ? jidOf(number, 0, 'lid') : `${number}@s.whatsapp.net`)
  return node('user', { jid }, content)
}

/** Device 0 is the phone; the others carry the index of the key that vouches for them. */
function devicesNode(world: World, number: string | null): BinaryNode {
  const devices = number === null ? [] : devicesOf(world, number)
  const list = devices.map((id) =>
    node('device', { id: String(id), 'key-index': id === 0 ? undefined : String(id) }),
  )
  return node('devices', {}, [
    node('device-list', {}, list),
    node('key-index-list', { ts: seconds(world.now()) }),
  ])
}

/** Every device of a number: practice devices and companions alike. */
export function devicesOf(world: World, number: string): number[] {
  const companions = world.companions.of(number).map((companion) => companion.device)
  return [...world.contacts.devicesOf(number), ...companions].sort((one, other) => one - other)
}

function childTags(parent: BinaryNode | undefined): string[] {
  return Array.isArray(parent?.content) ? parent.content.map((one) => one.tag) : []
}
