import { generateParticipantHashV2, jidNormalizedUser } from '@whiskeysockets/baileys'
import type { proto } from '@whiskeysockets/baileys'
import { isDeepStrictEqual } from 'node:util'
import { sentenceOf } from '../failure.ts'
import type { Companion } from './companions.ts'
import { contentsOf } from './contents.ts'
import type { Contents } from './contents.ts'
import type { Change } from './endpoint.ts'
import type { InboxMessage, MediaReference } from './inbox.ts'
import { openFile } from './media-check.ts'
import { isDropped } from './media-type.ts'
import type { CheckedFile } from './media-check.ts'
import { checkTimer } from './chat-timers.ts'
import { openParticipants, participantsOf } from './participants.ts'
import type { Opened, Participant } from './participants.ts'
import { addressOf, jidOf } from './numbers.ts'
import type { Address } from './numbers.ts'
import { child, childBytes } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import { expectedLevel } from './receipts.ts'
import { askAgain } from './retries.ts'
import { devicesOf } from './usync.ts'
import { refused } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** Gives a message to every device that it is for, and keeps what the recipient's phone shows. */
export async function deliver(world: World, sender: Companion, stanza: BinaryNode): Promise<Verdict> {
  const chat = chatOf(sender, stanza)
  if (chat === null) {
    world.reports.add('stanza_invalid', sender.number, `a message to ${stanza.attrs['to']}`)
    return refused(400)
  }
  if (!isIdentityShown(world, sender, stanza)) return refused(400)
  const participants = participantsOf(stanza)
  const wrong = participants === null ? 400 : wrongRecipients(world, sender, chat, stanza, participants)
  if (participants === null || wrong !== null) return refused(wrong ?? 400)
  const known = (): boolean =>
    world.inbox.find(sender.number, stanza.attrs['id'] ?? '', chat.number) !== undefined
  const opened = await openParticipants(world, sender, stanza, participants, known)
  return keep(world, sender, chat, stanza, opened)
}

/** Whom the conversation is with: the recipient, also where only one device is written to again. */
function chatOf(sender: Companion, stanza: BinaryNode): Address | null {
  const to = addressOf(stanza.attrs['to'])
  const recipient = addressOf(stanza.attrs['recipient'])
  return to?.number === sender.number && recipient !== null ? recipient : to
}

/** With a first message to somebody comes the account's word for the device: the one that was signed. */
export function isIdentityShown(world: World, sender: Companion, stanza: BinaryNode): boolean {
  const participants = participantsOf(stanza) ?? []
  if (!participants.some((one) => one.type === 'pkmsg')) return true
  if (childBytes(stanza, 'device-identity').equals(sender.account)) return true
  world.reports.add('device_identity_wrong', sender.number, 'the device identity is missing or another one')
  return false
}

/** The code for a message that is not addressed to the devices that it has to be addressed to. */
function wrongRecipients(
  world: World,
  sender: Companion,
  chat: Address,
  stanza: BinaryNode,
  participants: Participant[],
): number | null {
  const report = (detail: string): void => world.reports.add('recipients_wrong', sender.number, detail)
  if (!world.contacts.exists(chat.number)) {
    report('the recipient is not on WhatsApp')
    return 404
  }
  const stranger = participants.find(({ address }) => !isDeviceOf(world, sender, chat, address))
  if (stranger !== undefined) {
    report(`${stranger.jid} is no device of the recipient or the sender`)
    return 479
  }
  if (isToOneDevice(stanza)) return null
  if (!participants.some(({ address }) => address.number === chat.number)) {
    report('no device of the recipient is addressed')
    return 400
  }
  const left = leftOut(world, sender, chat, participants)
  if (left.length > 0) report(`left out: ${left.join(' ')}`)
  return null
}

function isDeviceOf(world: World, sender: Companion, chat: Address, { number, device }: Address): boolean {
  if (number !== chat.number && number !== sender.number) return false
  if (number === sender.number && device === sender.device) return false
  return devicesOf(world, number).includes(device)
}

/** A message to the own phone about the conversation, or one that a single device asked for again. */
function isToOneDevice(stanza: BinaryNode): boolean {
  return child(stanza, 'participants') === undefined
}

function leftOut(world: World, sender: Companion, chat: Address, participants: Participant[]): string[] {
  const addressed = new Set(participants.map(({ address }) => `${address.number}:${address.device}`))
  addressed.add(`${sender.number}:${sender.device}`)
  return [...new Set([chat.number, sender.number])].flatMap((number) =>
    devicesOf(world, number)
      .filter((device) => !addressed.has(`${number}:${device}`))
      .map((device) => jidOf(number, device)),
  )
}

/** Writes down what was received and how keys have changed, in one go; then it may be acknowledged. */
async function keep(
  world: World,
  sender: Companion,
  chat: Address,
  stanza: BinaryNode,
  opened: Opened,
): Promise<Verdict> {
  const { own, changes, failed } = opened
  const chatJid = jidNormalizedUser(
    addressOf(stanza.attrs['to'])?.number === chat.number ? stanza.attrs['to'] : stanza.attrs['recipient'],
  )
  const read = chat.number === sender.number ? (opened.own ?? opened.phone) : opened.phone
  const phone = read === null || isDropped(world, sender, stanza, read) ? null : read
  const contents = phone === null ? null : contentsOf(phone)
  const file = contents === null ? null : await download(world, sender, contents.media)
  const message =
    contents === null ? null : { ...arrivalOf(world, sender, chat.number, stanza, contents, own), ...file }
  const level = message === null ? 0 : expectedLevel(chat.number, message.kind)
  if (phone !== null) checkTimer(world, sender, phone, world.timers.of(sender.number, chat.number))
  let isNew = false
  await world.database.write(() => {
    changes.forEach((change: Change) => change(world.table))
    if (message === null && opened.readBefore) return countAgain(world, sender, chat, stanza)
    if (message === null || contents === null || stanza.attrs['category'] === 'peer') return
    const known = world.inbox.find(sender.number, message.id, chat.number)
    if (known !== undefined) return receivedAgain(world, sender, known, message)
    const from = stanza.attrs['to'] ?? ''
    isNew = true
    world.inbox.add({
      message,
      senderDevice: sender.device,
      chat: from,
      media: contents.media,
      expected: level,
    })
  })
  if (isNew && message !== null) world.inbox.onReceived.emit(message)
  return { error: null, ...phashOf(world, sender, chat, opened, stanza), afterwards: () => followUp() }

  function followUp(): void {
    if (failed.length > 0) askAgain(world, sender, stanza, failed)
    if (message === null || level === 0) return
    const devices = opened.read.filter(({ address }) => address.number === chat.number).map(({ jid }) => jid)
    world.receipts.due({ companion: sender, id: message.id, chat: chatJid, devices, members: [], level })
  }
}

function countAgain(world: World, sender: Companion, chat: Address, stanza: BinaryNode): void {
  const known = world.inbox.find(sender.number, stanza.attrs['id'] ?? '', chat.number)
  if (known !== undefined) world.inbox.addReception(known, [])
}

/** Fetches what a message refers to; a file that does not fit is reported, and shown without its hash. */
export async function download(
  world: World,
  sender: Companion,
  media: MediaReference | null,
  open: typeof openFile = openFile,
): Promise<CheckedFile | null> {
  if (media === null) return null
  try {
    return await open(world.blobs, media)
  } catch (thrown) {
    world.reports.add('media_wrong', sender.number, sentenceOf(thrown))
    return null
  }
}

/** A message of an id that came before is shown once; another text under the same id is a defect. */
export function receivedAgain(
  world: World,
  sender: Companion,
  known: InboxMessage,
  again: InboxMessage,
): void {
  const shown = ['kind', 'text', 'fileName', 'mimeType'] as const
  if (shown.some((name) => !isDeepStrictEqual(known[name], again[name]))) {
    world.reports.add('content_differs', sender.number, `${again.id} came again with another content`)
  }
  world.inbox.addReception(known, again.members)
}

export function arrivalOf(
  world: World,
  sender: Companion,
  to: string,
  stanza: BinaryNode,
  contents: Contents,
  own: proto.IMessage | null,
): InboxMessage {
  const { media: _media, ...shown } = contents
  return {
    id: stanza.attrs['id'] ?? '',
    from: sender.number,
    to,
    ...shown,
    sha256: null,
    bytes: null,
    at: world.now(),
    receptions: 1,
    ownCopy: own !== null && isDeepStrictEqual(contentsOf(own), contents),
    members: [],
    waiting: [],
  }
}

/** The hash of the devices as the server knows them, where the sender left some out. */
function phashOf(
  world: World,
  sender: Companion,
  chat: Address,
  opened: Opened,
  stanza: BinaryNode,
): { phash?: string } {
  if (isToOneDevice(stanza)) return {}
  const left = leftOut(world, sender, chat, opened.participants)
  if (left.length === 0) return {}
  return { phash: generateParticipantHashV2([...opened.participants.map(({ jid }) => jid), ...left]) }
}
