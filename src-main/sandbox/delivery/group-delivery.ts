import { proto } from '@whiskeysockets/baileys'
import { createHash } from 'node:crypto'
import { sentenceOf } from '../../lib/failure.ts'
import { checkTimer } from '../chats/sandbox-timers.ts'
import type { Companion } from '../accounts/companions.ts'
import { contentsOf } from '../chats/contents.ts'
import { arrivalOf, download, isIdentityShown, receivedAgain } from './delivery.ts'
import { GroupReadings } from '../chats/signal-endpoint.ts'
import type { Change } from '../chats/signal-endpoint.ts'
import { isGroupAdmin } from '../chats/sandbox-groups.ts'
import type { Group } from '../chats/sandbox-groups.ts'
import { isDropped } from '../media/media-type-rules.ts'
import { addressOf, jidOf } from '../accounts/sandbox-numbers.ts'
import type { Address } from '../accounts/sandbox-numbers.ts'
import { bytesOf, child } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { authorOf, participantsOf } from './participants.ts'
import type { Participant } from './participants.ts'
import { askAgain } from './retries.ts'
import { devicesOf } from '../accounts/usync.ts'
import { isReadBefore } from '../chats/signal-record.ts'
import { refused } from '../verdict.ts'
import type { Verdict } from '../verdict.ts'
import type { SandboxContext } from '../sandbox-context.ts'

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
export async function deliverToGroup(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
): Promise<Verdict> {
  const group = context.groups.of(stanza.attrs['to'])
  if (group === undefined) return refused(404)
  const unfit = unfitness(context, sender, group, stanza)
  if (unfit !== null) return refused(unfit)
  if (!isIdentityShown(context, sender, stanza)) return refused(400)
  const participants = child(stanza, 'participants') === undefined ? [] : participantsOf(stanza)
  const stranger = participants?.find(({ address }) => !isNamedRight(group, sender, address))
  if (participants === null || stranger !== undefined) {
    context.reports.add(
      'recipients_wrong',
      sender.number,
      `${stranger?.jid ?? 'somebody'} is not in the group`,
    )
    return refused(participants === null ? 400 : 479)
  }
  const resent = addressOf(stanza.attrs['participant'])
  const read =
    resent === null
      ? await readByAll(context, sender, group, stanza, participants)
      : await readByOne(context, sender, group, stanza, resent.number, resent.device)
  return keep(context, sender, group, stanza, read)
}

/** The code for a message that the group does not take as it is; null where it does. */
function unfitness(
  context: SandboxContext,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
): number | null {
  const report = (detail: string): void => context.reports.add('recipients_wrong', sender.number, detail)
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

function isKnown(context: SandboxContext, sender: Companion, group: Group, stanza: BinaryNode): boolean {
  return context.inbox.find(sender.number, stanza.attrs['id'] ?? '', group.jid) !== undefined
}

/** In the form in which the group names its members. */
function isNamedRight(group: Group, sender: Companion, { number, server }: Address): boolean {
  const form = group.addressing === 'lid' ? 'lid' : 's.whatsapp.net'
  return server === form && (number === sender.number || group.members.includes(number))
}

/** The sender key comes encrypted to each device that lacks it; the message itself is the same for all. */
async function readByAll(
  context: SandboxContext,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
  participants: Participant[],
): Promise<Read> {
  const read: Read = { message: null, members: [], waiting: [], failed: [], changes: [] }
  const ciphertext = bytesOf(child(stanza, 'enc'))
  const readings = new GroupReadings()
  for (const number of [sender.number, ...group.members]) {
    for (const device of context.contacts.devicesOf(number)) {
      const own = participants.find(({ address }) => address.number === number && address.device === device)
      try {
        await readOnDevice(context, sender, group, { number, device }, own, { ciphertext, readings }, read)
      } catch (error) {
        if (isReadBefore(error) && isKnown(context, sender, group, stanza)) continue
        context.reports.add('undecryptable', sender.number, `in a group for ${number}: ${sentenceOf(error)}`)
        read.failed.push(own ?? participantOf(context, group, number, device))
        if (device === 0 && number !== sender.number) read.waiting.push(number)
      }
    }
  }
  return read
}

async function readOnDevice(
  context: SandboxContext,
  sender: Companion,
  group: Group,
  device: { number: string; device: number },
  own: Participant | undefined,
  { ciphertext, readings }: { ciphertext: Buffer; readings: GroupReadings },
  read: Read,
): Promise<void> {
  const endpoint = await context.contacts.endpoint(device.number, device.device)
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
  context: SandboxContext,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
  number: string,
  device: number,
): Promise<Read> {
  const read: Read = { message: null, members: [], waiting: [], failed: [], changes: [] }
  const enc = child(stanza, 'enc')
  const type = enc?.attrs['type'] === 'pkmsg' ? 'pkmsg' : 'msg'
  const endpoint = await context.contacts.endpoint(number, device)
  try {
    const opened = await endpoint?.decrypt(type, bytesOf(enc), authorOf(sender))
    if (opened === undefined) return read
    read.changes.push(opened.change)
    read.message = proto.Message.decode(opened.plain)
    if (number !== sender.number) read.members.push(number)
  } catch (error) {
    context.reports.add('undecryptable', sender.number, `again in a group: ${sentenceOf(error)}`)
    read.failed.push(participantOf(context, group, number, device))
  }
  return read
}

function participantOf(context: SandboxContext, group: Group, number: string, device: number): Participant {
  const server = group.addressing === 'lid' ? 'lid' : 's.whatsapp.net'
  const jid = server === 'lid' ? context.contacts.lidJidOf(number, device) : jidOf(number, device)
  return { jid, address: { number, device, server }, type: 'msg', ciphertext: Buffer.alloc(0) }
}

async function keep(
  context: SandboxContext,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
  { message: read, members, waiting, failed, changes }: Read,
): Promise<Verdict> {
  const contents = read === null || isDropped(context, sender, stanza, read) ? null : contentsOf(read)
  const file = contents === null ? null : await download(context, sender, contents.media)
  const message =
    contents === null || members.length === 0
      ? null
      : { ...arrivalOf(context, sender, group.jid, stanza, contents, read), ...file, members, waiting }
  if (read !== null) {
    const { expirationSeconds = 0 } = group
    checkTimer(
      context,
      sender,
      read,
      expirationSeconds === 0 ? null : { seconds: expirationSeconds, setAtSeconds: 0 },
    )
  }
  let isNew = false
  await context.database.write(() => {
    changes.forEach((change) => change(context.table))
    if (message === null || contents === null) return
    const known = context.inbox.find(sender.number, message.id, group.jid)
    if (known !== undefined) return receivedAgain(context, sender, known, message)
    isNew = true
    const { media } = contents
    context.inbox.add({ message, senderDevice: sender.device, chat: group.jid, media, expected: 2 })
  })
  if (isNew && message !== null) context.inbox.onReceived.emit(message)
  const afterwards = (): void => {
    if (failed.length > 0) askAgain(context, sender, stanza, failed)
    if (message === null) return
    const { id } = message
    context.receipts.due({ companion: sender, id, chat: group.jid, devices: [], members, level: 2 })
  }
  return { error: null, ...staleHash(context, sender, group, stanza), afterwards }
}

/** The hash of the devices as the server knows them, where the sender has said another (`2:…`, six bytes of SHA-256). */
function staleHash(
  context: SandboxContext,
  sender: Companion,
  group: Group,
  stanza: BinaryNode,
): { phash?: string } {
  const { phash, participant } = stanza.attrs
  if (phash === undefined || participant !== undefined) return {}
  const names = [sender.number, ...group.members.filter((number) => number !== sender.number)].flatMap(
    (number) =>
      devicesOf(context, number).map((device) => {
        const [user, server] = participantOf(context, group, number, 0).jid.split('@')
        return `${user}.0:${device}@${server}`
      }),
  )
  const hash = createHash('sha256').update(names.toSorted().join('')).digest().subarray(0, 6)
  const known = `2:${hash.toString('base64')}`
  return known === phash ? {} : { phash: known }
}
