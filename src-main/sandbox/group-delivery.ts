import { proto } from '@whiskeysockets/baileys'
import { createHash } from 'node:crypto'
import { sentenceOf } from '../failure.ts'
import { checkTimer } from './chat-timers.ts'
import type { Companion } from './companions.ts'
import { contentsOf } from './contents.ts'
import { arrivalOf, download, isIdentityShown, receivedAgain } from './delivery.ts'
import { GroupReadings } from './endpoint.ts'
import type { Change } from './endpoint.ts'
import { isGroupAdmin } from './groups.ts'
import type { Group } from './groups.ts'
import { isDropped } from './media-type.ts'
import { addressOf, jidOf } from './numbers.ts'
import type { Address } from './numbers.ts'
import { bytesOf, child } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import { authorOf, participantsOf } from './participants.ts'
import type { Participant } from './participants.ts'
import { askAgain } from './retries.ts'
import { devicesOf } from './usync.ts'
import { isReadBefore } from './signal-record.ts'
import { refused } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** What came of a message to a group on its members' phones. */
interface Read {
  message: proto.IMessage | null
  members: string[]
  /** Those whose phones have no key for it. */
  waiting: string[]
  failed: Participant[]
  changes: Change[]
}

/** Gives a group's message to every member that has, or now gets, the sender's key. */
export async function deliverToGroup(world: World, sender: Companion, stanza: BinaryNode): Promise<Verdict> {
  const group = world.groups.of(stanza.attrs['to'])
  if (group === undefined) return refused(404)
  const unfit = unfitness(world, sender, group, stanza)
  if (unfit !== null) return refused(unfit)
  if (!isIdentityShown(world, sender, stanza)) return refused(400)
  const participants = child(stanza, 'participants') === undefined ? [] : participantsOf(stanza)
  const stranger = participants?.find(({ address }) => !isNamedRight(group, sender, address))
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

/** The code for a message that the group does not take as it is; null where it does. */
function unfitness(world: World, sender: Companion, group: Group, stanza: BinaryNode): number | null {
  const report = (detail: string): void => world.reports.add('recipients_wrong', sender.number, detail)
  if (group.announce === true && !isGroupAdmin(group, sender.number)) {
    report('only admins may write in the group')
    // Which code WhatsApp gives is not known.
    return 403
  }
  const isAgain = stanza.attrs['participant'] !== undefined
  if (isAgain || stanza.attrs['addressing_mode'] === group.addressing) return null
  report(`the group names its members by ${group.addressing}, not by ${stanza.attrs['addressing_mode']}`)
  // StaleGroupAddressingMode (nanocoai/nanoclaw issue 2688).
  return 421
}

function isKnown(world: World, sender: Companion, group: Group, stanza: BinaryNode): boolean {
  return world.inbox.find(sender.number, stanza.attrs['id'] ?? '', group.jid) !== undefined
}

/** In the form in which the group names its members. */
function isNamedRight(group: Group, sender: Companion, { number, server }: Address): boolean {
  const form = group.addressing === 'lid' ? 'lid' : 's.whatsapp.net'
  return server === form && (number === sender.number || group.members.includes(number))
}

/** The sender key comes encrypted to each device that lacks it; the message itself is the same for all. */
async function readByAll(
  world: World,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
  participants: Participant[],
): Promise<Read> {
  const read: Read = { message: null, members: [], waiting: [], failed: [], changes: [] }
  const ciphertext = bytesOf(child(stanza, 'enc'))
  const readings = new GroupReadings()
  for (const number of [sender.number, ...group.members]) {
    for (const device of world.contacts.devicesOf(number)) {
      const own = participants.find(({ address }) => address.number === number && address.device === device)
      try {
        await readOnDevice(world, sender, group, { number, device }, own, { ciphertext, readings }, read)
      } catch (thrown) {
        if (isReadBefore(thrown) && isKnown(world, sender, group, stanza)) continue
        world.reports.add('undecryptable', sender.number, `in a group for ${number}: ${sentenceOf(thrown)}`)
        read.failed.push(own ?? participantOf(world, group, number, device))
        if (device === 0 && number !== sender.number) read.waiting.push(number)
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
  { ciphertext, readings }: { ciphertext: Buffer; readings: GroupReadings },
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
  const { plain, change } = await endpoint.decryptGroup(group.jid, ciphertext, author, distribution, readings)
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
  const read: Read = { message: null, members: [], waiting: [], failed: [], changes: [] }
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
    read.failed.push(participantOf(world, group, number, device))
  }
  return read
}

function participantOf(world: World, group: Group, number: string, device: number): Participant {
  const server = group.addressing === 'lid' ? 'lid' : 's.whatsapp.net'
  const jid = server === 'lid' ? world.contacts.lidJidOf(number, device) : jidOf(number, device)
  return { jid, address: { number, device, server }, type: 'msg', ciphertext: Buffer.alloc(0) }
}

async function keep(
  world: World,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
  { message: read, members, waiting, failed, changes }: Read,
): Promise<Verdict> {
  const contents = read === null || isDropped(world, sender, stanza, read) ? null : contentsOf(read)
  const file = contents === null ? null : await download(world, sender, contents.media)
  const message =
    contents === null || members.length === 0
      ? null
      : { ...arrivalOf(world, sender, group.jid, stanza, contents, read), ...file, members, waiting }
  if (read !== null) {
    const { expirationSeconds = 0 } = group
    checkTimer(
      world,
      sender,
      read,
      expirationSeconds === 0 ? null : { seconds: expirationSeconds, setAtSeconds: 0 },
    )
  }
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
  return { error: null, ...staleHash(world, sender, group, stanza), afterwards }
}

/** The hash of the devices as the server knows them, where the sender has said another (`2:…`, six bytes of SHA-256). */
function staleHash(world: World, sender: Companion, group: Group, stanza: BinaryNode): { phash?: string } {
  const { phash, participant } = stanza.attrs
  if (phash === undefined || participant !== undefined) return {}
  const names = [sender.number, ...group.members.filter((number) => number !== sender.number)].flatMap(
    (number) =>
      devicesOf(world, number).map((device) => {
        const [user, server] = participantOf(world, group, number, 0).jid.split('@')
        return `${user}.0:${device}@${server}`
      }),
  )
  const hash = createHash('sha256').update(names.toSorted().join('')).digest().subarray(0, 6)
  const known = `2:${hash.toString('base64')}`
  return known === phash ? {} : { phash: known }
}
