import { createHash } from 'node:crypto'
import type { GroupMetadata } from '@whiskeysockets/baileys'
import { baileys } from '../../baileys/baileys.ts'
import { runInSendContext } from '../../baileys/outbound/send-context.ts'
import type { SendContext } from '../../baileys/outbound/send-context.ts'
import type { Connection } from '../connection.ts'
import { devicesOfMembers } from './group-devices.ts'
import type { MemberDevice } from './group-devices.ts'
import { beginSessions } from './group-sessions.ts'
import { userOf } from '../device-receipts.ts'
import { relay } from '../sending/relay.ts'
import type { Outgoing, SendOutcome } from '../sending/outgoing.ts'
import { describeError, isFinalCode, refused } from '../sending/send-outcome.ts'

/** Hands a message to a group over; null once it was handed over, else why it was not. */
export async function sendToGroup(
  connection: Connection,
  outgoing: Outgoing,
  sendContext: SendContext,
): Promise<SendOutcome | null> {
  const group = await runInSendContext(sendContext, () => metadataOf(connection, outgoing.jid))
  if ('result' in group) return group
  const devices = await runInSendContext(sendContext, () => reachableDevices(connection, group))
  if ('result' in devices) return devices
  const { WAMessageAddressingMode } = baileys()
  // With those that are left out: they are known of, and the server need not tell of them.
  const leftOut = group.participants.flatMap(({ id }) => connection.groups.leftOut(userOf(id)))
  const phash = participantHash([
    ...devices.map(({ jid }) => jid),
    ...leftOut,
    connection.groups.ownJid(group.addressingMode === WAMessageAddressingMode.LID ? 'lid' : 'pn'),
  ])
  sendContext.phash = phash
  return relay(connection, outgoing, sendContext, { phash })
}

/** Without a group's members nothing can be encrypted for it; Baileys takes them from the same cache. */
async function metadataOf(connection: Connection, jid: string): Promise<GroupMetadata | SendOutcome> {
  try {
    const group = await connection.groupMetadata(jid)
    // Which code WhatsApp refuses such a message with is not known, nor whether it always does.
    if (group.announce === true && !isAdmin(connection, group)) {
      return refused(
        'refused_by_whatsapp',
        'Only admins may write in this group, and this account is none.',
        null,
      )
    }
    return group
  } catch (error) {
    const code = error instanceof Error && 'data' in error ? error.data : null
    if (isFinalCode(code)) {
      return refused('refused_by_whatsapp', 'There is no such group, or this device is not in it.', code)
    }
    const reason = `the group's members could not be asked for: ${describeError(error)}`
    return { result: 'not_sent', reason }
  }
}

function isAdmin(connection: Connection, { participants }: GroupMetadata): boolean {
  return participants.some(
    ({ id, phoneNumber, lid, admin }) =>
      [id, phoneNumber, lid].some((jid) => jid !== undefined && connection.groups.isOwnUser(userOf(jid))) &&
      Boolean(admin),
  )
}

/**
 * The devices that the message will reach: those that have the sender key, or that it can be encrypted for. A device whose
 * keys WhatsApp does not give is left out once its user's list was asked for anew; it must not keep the message from the others.
 */
async function reachableDevices(
  connection: Connection,
  { id: jid, participants }: GroupMetadata,
): Promise<MemberDevice[] | SendOutcome> {
  try {
    const unanswered: SendOutcome = {
      result: 'not_sent',
      reason: 'WhatsApp did not say which devices the members of the group have',
    }
    let devices = await devicesOfMembers(connection, participants)
    if (devices === null) return unanswered
    let barred = await refusedDevices(connection, jid, devices)
    if (barred.length > 0) {
      // It may be gone: its user's list is asked for anew, once.
      connection.groups.forgetDevices(barred.map(userOf))
      devices = await devicesOfMembers(connection, participants)
      if (devices === null) return unanswered
      barred = await refusedDevices(connection, jid, devices)
    }
    for (const device of barred) connection.groups.leaveOut(device)
    const reachable = withoutLeftOut(connection, devices)
    return isForNobody(connection, participants, reachable)
      ? refused('no_recipient_device', 'WhatsApp named no device of any member of the group.', null)
      : reachable
  } catch (error) {
    return { result: 'not_sent', reason: `the group could not be encrypted for: ${describeError(error)}` }
  }
}

/** The devices that lack the sender key and whose keys WhatsApp has just refused to give. */
async function refusedDevices(
  connection: Connection,
  jid: string,
  devices: readonly MemberDevice[],
): Promise<string[]> {
  const holders = await connection.groups.senderKeyHolders(jid)
  const wanted = devices
    .map((device) => device.jid)
    .filter((device) => holders[device] !== true && isGivenSenderKey(device))
    .filter((device) => !connection.groups.isLeftOut(device))
  return beginSessions(connection, wanted)
}

/** Hosted devices get no sender key; Baileys leaves them out as well. */
function isGivenSenderKey(jid: string): boolean {
  return !/:99@|@hosted/.test(jid)
}

/** What Baileys does not know of it does not encrypt for: devices that are left out go from its lists, too. */
function withoutLeftOut({ groups }: Connection, devices: readonly MemberDevice[]): MemberDevice[] {
  const kept = devices.filter(({ jid }) => !groups.isLeftOut(jid))
  const users = new Set(devices.filter(({ jid }) => groups.isLeftOut(jid)).map(({ user }) => user))
  for (const user of users) {
    const listed = kept.filter((device) => device.user === user)
    groups.keepDevices(
      user,
      listed.map(({ device, server }) => ({ user, device, server })),
    )
  }
  return kept
}

function isForNobody(
  connection: Connection,
  participants: GroupMetadata['participants'],
  reachable: readonly MemberDevice[],
): boolean {
  const hasOthers = participants.some(({ id }) => !connection.groups.isOwnUser(userOf(id)))
  return hasOthers && !reachable.some(({ user }) => !connection.groups.isOwnUser(user))
}

/**
 * WhatsApp's hash of a list of devices, the sender's own among them: `2:` and six bytes of SHA-256 over the sorted
 * `user.0:device@server` (tulir/whatsmeow send.go participantListHashV2).
 */
export function participantHash(jids: readonly string[]): string {
  const names = jids.map((jid) => {
    const [, user = '', device = '0', server = ''] = /^(\d+)(?::(\d+))?@(.+)$/.exec(jid) ?? []
    return `${user}.0:${device}@${server}`
  })
  const hash = createHash('sha256').update(names.toSorted().join('')).digest()
  return `2:${hash.subarray(0, 6).toString('base64')}`
}
