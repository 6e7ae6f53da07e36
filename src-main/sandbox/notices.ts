import type { Companion } from './accounts/companions.ts'
import { jidOf } from './accounts/sandbox-numbers.ts'
import { node, seconds, server } from './server/nodes.ts'
import type { BinaryNode } from './server/nodes.ts'
import type { SandboxContext } from './sandbox-context.ts'

/** Tells every companion that is connected. */
function notifyAll(
  context: SandboxContext,
  from: { from: string; lid?: string },
  type: string,
  content: BinaryNode,
): void {
  for (const line of context.lines.all()) {
    if (line.companion === null || line.delivery === null) continue
    const attributes = { ...from, type, id: line.newId(), t: seconds(context.now()) }
    context.offline.send(line.companion, node('notification', attributes, [content]))
  }
}

/**
 * A contact has linked another device, or taken one away: `from` is its number, and the device has both names
 * (tulir/whatsmeow notification.go). Clients that know it by LID have to find that out by themselves.
 */
export function notifyDeviceChange(
  context: SandboxContext,
  change: 'add' | 'remove',
  number: string,
  device: number,
): void {
  const lid = context.contacts.lidJidOf(number)
  const listed = node('device', {
    jid: jidOf(number, device),
    lid: context.contacts.lidJidOf(number, device),
    'key-index': String(device),
  })
  const keys = node('key-index-list', { ts: seconds(context.now()) })
  const hashes = { device_hash: '2:sandbox', device_lid_hash: '2:sandbox' }
  notifyAll(context, { from: jidOf(number), lid }, 'devices', node(change, hashes, [listed, keys]))
}

/** A contact's phone was set up anew. */
export function notifyIdentityChange(context: SandboxContext, number: string): void {
  notifyAll(context, { from: jidOf(number) }, 'encrypt', node('identity'))
}

/** Something changed in the phone's own address book or settings, which companions may fetch. */
export function notifyAppState(
  context: SandboxContext,
  companion: Companion,
  collections: readonly string[],
): void {
  context.lines.of(companion)?.send(
    node(
      'notification',
      { from: server, type: 'server_sync', id: `S${context.now()}`, t: seconds(context.now()) },
      collections.map((name) => node('collection', { name, version: '2' })),
    ),
  )
}

/** The companion's app state may be old. */
export function notifyDirtyAppState(context: SandboxContext, companion: Companion): void {
  const dirty = node('dirty', { type: 'syncd_app_state', timestamp: seconds(context.now()) })
  context.lines.of(companion)?.send(node('ib', { from: server }, [dirty]))
}

/** The companion has too few one-time pre-keys left here. */
export function notifyFewPreKeys(context: SandboxContext, companion: Companion): void {
  context.lines
    .of(companion)
    ?.send(
      node(
        'notification',
        { from: server, type: 'encrypt', id: `P${context.now()}`, t: seconds(context.now()) },
        [node('count', { value: String(companion.preKeyCount) })],
      ),
    )
}

/** A group has changed. */
export function notifyGroupChange(context: SandboxContext, jid: string, change: BinaryNode): void {
  notifyAll(context, { from: jid }, 'w:gp2', change)
}

/** The bar on new contacts has begun or was lifted. */
export function notifyTimeLock(context: SandboxContext): void {
  const data = { xwa2_notify_account_reachout_timelock: context.timeLock.answer() }
  const update = Buffer.from(JSON.stringify({ data }))
  const operation = { op_name: 'NotificationUserReachoutTimelockUpdate' }
  notifyAll(context, { from: server }, 'mex', node('update', operation, update))
}

/** The account has used half, or all, of its new chats. */
export function notifyNewChatCap(context: SandboxContext, { number }: Companion): void {
  const data = { xwa2_notify_new_chat_messages_capping_info_update: context.newChatCaps.answer(number) }
  const update = Buffer.from(JSON.stringify({ data }))
  const content = node('update', { op_name: 'MessageCappingInfoNotification' }, update)
  for (const companion of context.companions.of(number)) {
    const line = context.lines.of(companion)
    const attributes = { from: server, type: 'mex', id: line?.newId(), t: seconds(context.now()) }
    line?.send(node('notification', attributes, [content]))
  }
}

/** What a client hears whose QR's secret is retired; WhatsApp Web knows both names (WhiskeySockets/Baileys PR 2765). */
export function refreshNotice(
  context: SandboxContext,
  id: string,
  child: 'companion_reg_refresh' | 'pair-device-rotate-qr',
): BinaryNode {
  const attributes = { from: server, type: 'companion_reg_refresh', id, t: seconds(context.now()) }
  return node('notification', attributes, [node(child)])
}

/** The same demand as a question. */
export function passkeyQuestion(id: string): BinaryNode {
  const options = node('passkey_request_options', {}, Buffer.from(JSON.stringify(passkeyOptions)))
  return node('iq', { from: server, type: 'set', id, xmlns: 'md' }, [options])
}

/** What a client hears whose account wants a passkey (seen since mid-2026; Baileys rc14 cannot answer it). */
export function passkeyDemand(context: SandboxContext, id: string): BinaryNode {
  return node(
    'notification',
    { from: server, type: 'passkey_prologue_request', id, t: seconds(context.now()) },
    [node('passkey_request_options', {}, Buffer.from(JSON.stringify(passkeyOptions)))],
  )
}

const passkeyOptions = { challenge: 'c2FuZGJveA', rpId: 'whatsapp.com', userVerification: 'required' }
