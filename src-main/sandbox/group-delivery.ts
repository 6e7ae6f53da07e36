import { proto } from '@whiskeysockets/baileys'
import { sentenceOf } from '../failure.ts'
import type { Companion } from './companions.ts'
import { contentsOf } from './contents.ts'
import { arrivalOf, download, isIdentityShown, receivedAgain } from './delivery.ts'
import type { Change } from './endpoint.ts'
import { groupOf } from './groups.ts'
import type { Group } from './groups.ts'
import { isDropped } from './media-type.ts'
import { addressOf, jidOf } from './numbers.ts'
import { bytesOf, child } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import { authorOf, participantsOf } from './participants.ts'
import type { Participant } from './participants.ts'
import { askAgain } from './retries.ts'
import { isReadBefore } from './signal-record.ts'
import { refused } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** What came of a message to a group on its members' phones. */
interface Read {
  message: proto.IMessage | null
  members: string[]
  failed: Participant[]
  changes: Change[]
}

/** Gives a group's message to every member that has, or now gets, the sender's key. */
export async function deliverToGroup(world: World, sender: Companion, stanza: BinaryNode): Promise<Verdict> {
  const group = groupOf(stanza.attrs['to'])
  if (group === undefined) return refused(404)
  if (!isIdentityShown(world, sender, stanza)) return refused(400)
  const participants = child(stanza, 'participants') === undefined ? [] : participantsOf(stanza)
  const stranger = participants?.find(({ address }) => !isMember(group, sender, address.number))
  if (participants === null || stranger !== undefined) {
    world.reports.add('recipients_wrong', sender.number, `${stranger?.jid ?? 'somebody'} is not in the group`)
    return refused(participants === null ? 400 : 479)
  }
  const resent = addressOf(stanza.attrs['participant'])
  const read =
    resent === null
      ? await readByAll(world, sender, group, stanza, participants)
      : await readByOne(world, sender, group, stanza, resent.number, resent.device)
  return keep(world, sender, group, stanza, read)
}

function isKnown(world: World, sender: Companion, group: Group, stanza: BinaryNode): boolean {
  return world.inbox.find(sender.number, stanza.attrs['id'] ?? '', group.jid) !== undefined
}

function isMember(group: Group, sender: Companion, number: string): boolean {
  return number === sender.number || group.members.includes(number)
}

/** The sender key comes encrypted to each device that lacks it; the message itself is the same for all. */
async function readByAll(
  world: World,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
  participants: Participant[],
): Promise<Read> {
  const read: Read = { message: null, members: [], failed: [], changes: [] }
  const ciphertext = bytesOf(child(stanza, 'enc'))
  for (const number of [sender.number, ...group.members]) {
    for (const device of world.contacts.devicesOf(number)) {
      const own = participants.find(({ address }) => address.number === number && address.device === device)
      try {
        await readOnDevice(world, sender, group, { number, device }, own, ciphertext, read)
      } catch (thrown) {
        if (isReadBefore(thrown) && isKnown(world, sender, group, stanza)) continue
        world.reports.add('undecryptable', sender.number, `in a group for ${number}: ${sentenceOf(thrown)}`)
        read.failed.push(own ?? participantOf(group, number, device))
      }
    }
  }
  return read
}

async function readOnDevice(
  world: World,
  sender: Companion,
  group: Group,
  device: { number: string; device: number },
  own: Participant | undefined,
  ciphertext: Buffer,
  read: Read,
): Promise<void> {
  const endpoint = await world.contacts.endpoint(device.number, device.device)
  if (endpoint === null) return
  const author = authorOf(sender)
  let distribution: Uint8Array | null = null
  if (own !== undefined) {
    const { plain, change } = await endpoint.decrypt(own.type, own.ciphertext, author)
    read.changes.push(change)
    const carried = proto.Message.decode(plain)
    const key = (carried.deviceSentMessage?.message ?? carried).senderKeyDistributionMessage
    distribution = key?.axolotlSenderKeyDistributionMessage ?? null
  }
  const { plain, change } = await endpoint.decryptGroup(group.jid, ciphertext, author, distribution)
  read.changes.push(change)
  read.message ??= proto.Message.decode(plain)
  if (device.device === 0 && device.number !== sender.number) read.members.push(device.number)
}

/** A message that one member's device asked for again comes encrypted to that device alone. */
async function readByOne(
  world: World,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
  number: string,
  device: number,
): Promise<Read> {
  const read: Read = { message: null, members: [], failed: [], changes: [] }
  const enc = child(stanza, 'enc')
  const type = enc?.attrs['type'] === 'pkmsg' ? 'pkmsg' : 'msg'
  const endpoint = await world.contacts.endpoint(number, device)
  try {
    const opened = await endpoint?.decrypt(type, bytesOf(enc), authorOf(sender))
    if (opened === undefined) return read
    read.changes.push(opened.change)
    read.message = proto.Message.decode(opened.plain)
    if (number !== sender.number) read.members.push(number)
  } catch (thrown) {
    world.reports.add('undecryptable', sender.number, `again in a group: ${sentenceOf(thrown)}`)
    read.failed.push(participantOf(group, number, device))
  }
  return read
}

function participantOf(group: Group, number: string, device: number): Participant {
  const server = group.addressing === 'lid' ? 'lid' : 's.whatsapp.net'
  const jid = jidOf(number, device, server)
  return { jid, address: { number, device, server }, type: 'msg', ciphertext: Buffer.alloc(0) }
}

async function keep(
  world: World,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
  { message: read, members, failed, changes }: Read,
): Promise<Verdict> {
  const contents = read === null || isDropped(world, sender, stanza, read) ? null : contentsOf(read)
  const file = contents === null ? null : await download(world, sender, contents.media)
  const message =
    contents === null || members.length === 0
      ? null
      : { ...arrivalOf(world, sender, group.jid, stanza, contents, read), ...file, members }
  let isNew = false
  await world.database.write(() => {
    changes.forEach((change) => change(world.table))
    if (message === null || contents === null) return
    const known = world.inbox.find(sender.number, message.id, group.jid)
    if (known !== undefined) return receivedAgain(world, sender, known, message)
    isNew = true
    const { media } = contents
    world.inbox.add({ message, senderDevice: sender.device, chat: group.jid, media, expected: 2 })
  })
  if (isNew && message !== null) world.inbox.onReceived.emit(message)
  const afterwards = (): void => {
    if (failed.length > 0) askAgain(world, sender, stanza, failed)
    if (message === null) return
    const { id } = message
    world.receipts.due({ companion: sender, id, chat: group.jid, devices: [], members, level: 2 })
  }
  return { error: null, afterwards }
}
