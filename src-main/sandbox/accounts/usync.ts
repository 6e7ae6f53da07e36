import { setTimeout as delay } from 'node:timers/promises'
import type { Companion } from './companions.ts'
import { addressOf, jidOf } from './sandbox-numbers.ts'
import { bytesOf, child, children, node, resultOf, seconds } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** Who is on WhatsApp, with which devices and under which LID; null where it is to stay unanswered. */
export async function answerUsync(
  sandboxContext: SandboxContext,
  companion: Companion,
  query: BinaryNode,
): Promise<BinaryNode | null> {
  const fault = sandboxContext.faults.take(companion.number, 'query-silence', 'slow-query')
  if (fault?.kind === 'query-silence') return null
  if (fault?.kind === 'slow-query') await delay(fault.ms)
  const usync = child(query, 'usync')
  const asked = child(usync, 'query')
  const list = children(child(usync, 'list'), 'user')
  // As above some 256 users on the real one (adiwajshing/Baileys issue 955).
  if (list.length > sandboxContext.maxUsyncUsers) return null
  if (isAboutOwnLid(companion, list) && sandboxContext.faults.take(companion.number, 'own-lid-silence'))
    return null
  const users = list.map((user) => userNode(sandboxContext, companion, user, asked))
  const { sid, context, mode, index, last } = usync?.attrs ?? {}
  return resultOf(query, [
    node('usync', { sid, context, mode, index, last }, [
      node(
        'result',
        {},
        childTags(asked).map((tag) => node(tag)),
      ),
      node('list', {}, users),
    ]),
  ])
}

/** WhatsApp does not always answer such a query (oxidezap/whatsapp-rust#568). */
function isAboutOwnLid(companion: Companion, users: BinaryNode[]): boolean {
  return users.some(({ attrs }) => {
    const address = addressOf(attrs['jid'])
    return address?.server === 'lid' && address.number === companion.number
  })
}

/** A user is named by a JID, or by `<contact>+62…</contact>`: without the plus it is no number to WhatsApp. */
function userNode(
  sandboxContext: SandboxContext,
  companion: Companion,
  user: BinaryNode,
  query: BinaryNode | undefined,
): BinaryNode {
  const asked = new Set(childTags(query))
  const typed = bytesOf(child(user, 'contact')).toString()
  const number = typed === '' ? (addressOf(user.attrs['jid'])?.number ?? '') : typed.replace(/^\+/, '')
  const exists = sandboxContext.contacts.exists(number)
  const known = typed === '' || typed.startsWith('+')
  const content: BinaryNode[] = []
  if (asked.has('contact')) {
    const type = known ? (exists ? 'in' : 'out') : 'invalid'
    content.push(node('contact', { type }, typed === '' ? undefined : typed))
  }
  const byLid =
    (typed === '' && user.attrs['jid']?.endsWith('@lid') === true) ||
    sandboxContext.contacts.isLidOnly(number)
  if (asked.has('devices'))
    content.push(devicesNode(sandboxContext, companion, exists ? number : null, byLid))
  if (asked.has('lid') && exists && !byLid) {
    content.push(node('lid', { val: sandboxContext.contacts.lidJidOf(number) }))
  }
  if (asked.has('status')) content.push(node('status', { t: '0' }))
  if (asked.has('disappearing_mode')) content.push(node('disappearing_mode', { duration: '0', t: '0' }))
  return node('user', namesOf(sandboxContext, { user, number, exists, byLid, query }), content)
}

/**
 * As the user was named in the query; a number as its JID, or both names where the query asks
 * `<contact addressing_mode="lid"/>` (tulir/whatsmeow@6e4c3416): somebody who is not there has no LID.
 */
function namesOf(
  sandboxContext: SandboxContext,
  about: {
    user: BinaryNode
    number: string
    exists: boolean
    byLid: boolean
    query: BinaryNode | undefined
  },
): Record<string, string | undefined> {
  const { user, number, exists, byLid, query } = about
  const { jid } = user.attrs
  if (jid !== undefined) return { jid }
  if (child(query, 'contact')?.attrs['addressing_mode'] !== 'lid') {
    return { jid: byLid ? sandboxContext.contacts.lidJidOf(number) : jidOf(number) }
  }
  const isHidden = sandboxContext.contacts.isLidOnly(number)
  return {
    jid: exists ? sandboxContext.contacts.lidJidOf(number) : undefined,
    pn_jid: isHidden ? undefined : jidOf(number),
  }
}

/** Device 0 is the phone; the others carry the index of the key that vouches for them. */
function devicesNode(
  sandboxContext: SandboxContext,
  companion: Companion,
  number: string | null,
  byLid: boolean,
): BinaryNode {
  const isEmpty = number === null || isListWithheld(sandboxContext, companion, number, byLid)
  const devices = isEmpty ? [] : devicesOf(sandboxContext, number)
  const list = devices.map((id) =>
    node('device', { id: String(id), 'key-index': id === 0 ? undefined : String(id) }),
  )
  return node('devices', {}, [
    node('device-list', {}, list),
    node('key-index-list', { ts: seconds(sandboxContext.now()) }),
  ])
}

/** A migrated account that asks by phone number may be told of no device of anybody but itself. */
function isListWithheld(
  sandboxContext: SandboxContext,
  companion: Companion,
  number: string,
  byLid: boolean,
): boolean {
  if (byLid || number === companion.number) return false
  if (!sandboxContext.accounts.of(companion.number).lidMigrated) return false
  return sandboxContext.faults.take(companion.number, 'empty-device-list') !== undefined
}

/** Every device of a number: practice devices and companions alike. */
export function devicesOf(sandboxContext: SandboxContext, number: string): number[] {
  const companions = sandboxContext.companions.of(number).map((companion) => companion.device)
  return [...sandboxContext.contacts.devicesOf(number), ...companions].sort((one, other) => one - other)
}

function childTags(parent: BinaryNode | undefined): string[] {
  return Array.isArray(parent?.content) ? parent.content.map((one) => one.tag) : []
}
