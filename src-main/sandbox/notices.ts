import type { Companion } from './companions.ts'
import { jidOf } from './numbers.ts'
import { node, seconds, server } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import type { World } from './world.ts'

/** Tells every companion that is connected. */
function tellAll(
  world: World,
  from: { from: string; lid?: string },
  type: string,
  content: BinaryNode,
): void {
  for (const line of world.lines.all()) {
    if (line.companion === null || line.delivery === null) continue
    const attributes = { ...from, type, id: line.newId(), t: seconds(world.now()) }
    world.offline.send(line.companion, node('notification', attributes, [content]))
  }
}

/**
 * A contact has linked another device, or taken one away: `from` is its number, and the device has both names
 * (tulir/whatsmeow notification.go). Clients that know it by LID have to find that out by themselves.
 */
export function tellOfDevice(world: World, change: 'add' | 'remove', number: string, device: number): void {
  const lid = world.contacts.lidJidOf(number)
  const listed = node('device', {
    jid: jidOf(number, device),
    lid: world.contacts.lidJidOf(number, device),
    'key-index': String(device),
  })
  const keys = node('key-index-list', { ts: seconds(world.now()) })
  const hashes = { device_hash: '2:sandbox', device_lid_hash: '2:sandbox' }
  tellAll(world, { from: jidOf(number), lid }, 'devices', node(change, hashes, [listed, keys]))
}

/** A contact's phone was set up anew. */
export function tellOfIdentity(world: World, number: string): void {
  tellAll(world, { from: jidOf(number) }, 'encrypt', node('identity'))
}

/** Something changed in the phone's own address book or settings, which companions may fetch. */
export function tellOfAppState(world: World, companion: Companion, collections: readonly string[]): void {
  world.lines.of(companion)?.send(
    node(
      'notification',
      { from: server, type: 'server_sync', id: `S${world.now()}`, t: seconds(world.now()) },
      collections.map((name) => node('collection', { name, version: '2' })),
    ),
  )
}

/** The companion's app state may be old. */
export function tellOfDirtyAppState(world: World, companion: Companion): void {
  const dirty = node('dirty', { type: 'syncd_app_state', timestamp: seconds(world.now()) })
  world.lines.of(companion)?.send(node('ib', { from: server }, [dirty]))
}

/** The companion has too few one-time pre-keys left here. */
export function tellOfFewPreKeys(world: World, companion: Companion): void {
  world.lines
    .of(companion)
    ?.send(
      node(
        'notification',
        { from: server, type: 'encrypt', id: `P${world.now()}`, t: seconds(world.now()) },
        [node('count', { value: String(companion.preKeyCount) })],
      ),
    )
}

/** A group has changed. */
export function tellOfGroup(world: World, jid: string, change: BinaryNode): void {
  tellAll(world, { from: jid }, 'w:gp2', change)
}

/** The bar on new contacts has begun or was lifted. */
export function tellOfTimeLock(world: World): void {
  const data = { xwa2_notify_account_reachout_timelock: world.timeLock.answer() }
  const update = Buffer.from(JSON.stringify({ data }))
  const operation = { op_name: 'NotificationUserReachoutTimelockUpdate' }
  tellAll(world, { from: server }, 'mex', node('update', operation, update))
}

/** The account has used half, or all, of its new chats. */
export function tellOfNewChatCap(world: World, { number }: Companion): void {
  const data = { xwa2_notify_new_chat_messages_capping_info_update: world.newChatCaps.answer(number) }
  const update = Buffer.from(JSON.stringify({ data }))
  const content = node('update', { op_name: 'MessageCappingInfoNotification' }, update)
  for (const companion of world.companions.of(number)) {
    const line = world.lines.of(companion)
    const attributes = { from: server, type: 'mex', id: line?.newId(), t: seconds(world.now()) }
    line?.send(node('notification', attributes, [content]))
  }
}

/** What a client hears whose QR's secret is retired; WhatsApp Web knows both names (WhiskeySockets/Baileys PR 2765). */
export function refreshNotice(
  world: World,
  id: string,
  child: 'companion_reg_refresh' | 'pair-device-rotate-qr',
): BinaryNode {
  const attributes = { from: server, type: 'companion_reg_refresh', id, t: seconds(world.now()) }
  return node('notification', attributes, [node(child)])
}

/** The same demand as a question. */
export function passkeyQuestion(id: string): BinaryNode {
  const options = node('passkey_request_options', {}, Buffer.from(JSON.stringify(passkeyOptions)))
  return node('iq', { from: server, type: 'set', id, xmlns: 'md' }, [options])
}

/** What a client hears whose account wants a passkey (seen since mid-2026; Baileys rc14 cannot answer it). */
export function passkeyDemand(world: World, id: string): BinaryNode {
  return node(
    'notification',
    { from: server, type: 'passkey_prologue_request', id, t: seconds(world.now()) },
    [node('passkey_request_options', {}, Buffer.from(JSON.stringify(passkeyOptions)))],
  )
}

const passkeyOptions = { challenge: 'c2FuZGJveA', rpId: 'whatsapp.com', userVerification: 'required' }
