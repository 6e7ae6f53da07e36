import { generateParticipantHashV2, jidNormalizedUser } from '@whiskeysockets/baileys'
import type { proto } from '@whiskeysockets/baileys'
import { isDeepStrictEqual } from 'node:util'
import { sentenceOf } from '../../lib/failure.ts'
import type { Companion } from '../accounts/companions.ts'
import { contentsOf } from '../chats/contents.ts'
import type { Contents } from '../chats/contents.ts'
import type { Change } from '../chats/signal-endpoint.ts'
import type { InboxMessage, MediaReference } from './inbox.ts'
import { openFile } from '../media/media-check.ts'
import { isDropped } from '../media/media-type-rules.ts'
import type { CheckedFile } from '../media/media-check.ts'
import { checkTimer } from '../chats/sandbox-timers.ts'
import { openParticipants, participantsOf } from './participants.ts'
import type { Opened, Participant } from './participants.ts'
import { addressOf, jidOf } from '../accounts/sandbox-numbers.ts'
import type { Address } from '../accounts/sandbox-numbers.ts'
import { child, childBytes } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { expectedLevel } from './sandbox-receipts.ts'
import { askAgain } from './retries.ts'
import { devicesOf } from '../accounts/usync.ts'
import { refused } from '../verdict.ts'
import type { Verdict } from '../verdict.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** Gives a message to every device that it is for, and keeps what the recipient's phone shows. */
export async function deliver(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
): Promise<Verdict> {
  const chat = chatOf(sender, stanza)
  if (chat === null) {
    context.reports.add('stanza_invalid', sender.number, `a message to ${stanza.attrs['to']}`)
    return refused(400)
  }
  if (!isIdentityShown(context, sender, stanza)) return refused(400)
  const participants = participantsOf(stanza)
  const wrong = participants === null ? 400 : wrongRecipients(context, sender, chat, stanza, participants)
  if (participants === null || wrong !== null) return refused(wrong ?? 400)
  const known = (): boolean =>
    context.inbox.find(sender.number, stanza.attrs['id'] ?? '', chat.number) !== undefined
  const opened = await openParticipants(context, sender, stanza, participants, known)
  return keep(context, sender, chat, stanza, opened)
}

/** Whom the conversation is with: the recipient, also where only one device is written to again. */
function chatOf(sender: Companion, stanza: BinaryNode): Address | null {
  const to = addressOf(stanza.attrs['to'])
  const recipient = addressOf(stanza.attrs['recipient'])
  return to?.number === sender.number && recipient !== null ? recipient : to
}

/** With a first message to somebody comes the account's word for the device: the one that was signed. */
export function isIdentityShown(context: SandboxContext, sender: Companion, stanza: BinaryNode): boolean {
  const participants = participantsOf(stanza) ?? []
  if (!participants.some((one) => one.type === 'pkmsg')) return true
  if (childBytes(stanza, 'device-identity').equals(sender.account)) return true
  context.reports.add('device_identity_wrong', sender.number, 'the device identity is missing or another one')
  return false
}

/** The code for a message that is not addressed to the devices that it has to be addressed to. */
function wrongRecipients(
  context: SandboxContext,
  sender: Companion,
  chat: Address,
  stanza: BinaryNode,
  participants: Participant[],
): number | null {
  const report = (detail: string): void => context.reports.add('recipients_wrong', sender.number, detail)
  if (!context.contacts.exists(chat.number)) {
    report('the recipient is not on WhatsApp')
    return 404
  }
  const stranger = participants.find(({ address }) => !isDeviceOf(context, sender, chat, address))
  if (stranger !== undefined) {
    report(`${stranger.jid} is no device of the recipient or the sender`)
    return 479
  }
  if (isToOneDevice(stanza)) return null
  if (!participants.some(({ address }) => address.number === chat.number)) {
    report('no device of the recipient is addressed')
    return 400
  }
  const left = leftOut(context, sender, chat, participants)
  if (left.length > 0) report(`left out: ${left.join(' ')}`)
  return null
}

function isDeviceOf(
  context: SandboxContext,
  sender: Companion,
  chat: Address,
  { number, device }: Address,
): boolean {
  if (number !== chat.number && number !== sender.number) return false
  if (number === sender.number && device === sender.device) return false
  return devicesOf(context, number).includes(device)
}

/** A message to the own phone about the conversation, or one that a single device asked for again. */
function isToOneDevice(stanza: BinaryNode): boolean {
  return child(stanza, 'participants') === undefined
}

function leftOut(
  context: SandboxContext,
  sender: Companion,
  chat: Address,
  participants: Participant[],
): string[] {
  const addressed = new Set(participants.map(({ address }) => `${address.number}:${address.device}`))
  addressed.add(`${sender.number}:${sender.device}`)
  return [...new Set([chat.number, sender.number])].flatMap((number) =>
    devicesOf(context, number)
      .filter((device) => !addressed.has(`${number}:${device}`))
      .map((device) => jidOf(number, device)),
  )
}

/** Writes down what was received and how keys have changed, in one go; then it may be acknowledged. */
async function keep(
  context: SandboxContext,
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
  const phone = read === null || isDropped(context, sender, stanza, read) ? null : read
  const contents = phone === null ? null : contentsOf(phone)
  const file = contents === null ? null : await download(context, sender, contents.media)
  const message =
    contents === null ? null : { ...arrivalOf(context, sender, chat.number, stanza, contents, own), ...file }
  const level = message === null ? 0 : expectedLevel(chat.number, message.kind)
  if (phone !== null) checkTimer(context, sender, phone, context.timers.of(sender.number, chat.number))
  let isNew = false
  await context.database.write(() => {
    changes.forEach((change: Change) => change(context.table))
    if (message === null && opened.readBefore) return countAgain(context, sender, chat, stanza)
    if (message === null || contents === null || stanza.attrs['category'] === 'peer') return
    const known = context.inbox.find(sender.number, message.id, chat.number)
    if (known !== undefined) return receivedAgain(context, sender, known, message)
    const from = stanza.attrs['to'] ?? ''
    isNew = true
    context.inbox.add({
      message,
      senderDevice: sender.device,
      chat: from,
      media: contents.media,
      expected: level,
    })
  })
  if (isNew && message !== null) context.inbox.onReceived.emit(message)
  return { error: null, ...phashOf(context, sender, chat, opened, stanza), afterwards: () => followUp() }

  function followUp(): void {
    if (failed.length > 0) askAgain(context, sender, stanza, failed)
    if (message === null || level === 0) return
    const devices = opened.read.filter(({ address }) => address.number === chat.number).map(({ jid }) => jid)
    context.receipts.due({ companion: sender, id: message.id, chat: chatJid, devices, members: [], level })
  }
}

function countAgain(context: SandboxContext, sender: Companion, chat: Address, stanza: BinaryNode): void {
  const known = context.inbox.find(sender.number, stanza.attrs['id'] ?? '', chat.number)
  if (known !== undefined) context.inbox.addReception(known, [])
}

/** Fetches what a message refers to; a file that does not fit is reported, and shown without its hash. */
export async function download(
  context: SandboxContext,
  sender: Companion,
  media: MediaReference | null,
  open: typeof openFile = openFile,
): Promise<CheckedFile | null> {
  if (media === null) return null
  try {
    return await open(context.blobs, media)
  } catch (error) {
    context.reports.add('media_wrong', sender.number, sentenceOf(error))
    return null
  }
}

/** A message of an id that came before is shown once; another text under the same id is a defect. */
export function receivedAgain(
  context: SandboxContext,
  sender: Companion,
  known: InboxMessage,
  again: InboxMessage,
): void {
  const shown = ['kind', 'text', 'fileName', 'mimeType'] as const
  if (shown.some((name) => !isDeepStrictEqual(known[name], again[name]))) {
    context.reports.add('content_differs', sender.number, `${again.id} came again with another content`)
  }
  context.inbox.addReception(known, again.members)
}

export function arrivalOf(
  context: SandboxContext,
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
    at: context.now(),
    receptions: 1,
    ownCopy: own !== null && isDeepStrictEqual(contentsOf(own), contents),
    members: [],
    waiting: [],
  }
}

/** The hash of the devices as the server knows them, where the sender left some out. */
function phashOf(
  context: SandboxContext,
  sender: Companion,
  chat: Address,
  opened: Opened,
  stanza: BinaryNode,
): { phash?: string } {
  if (isToOneDevice(stanza)) return {}
  const left = leftOut(context, sender, chat, opened.participants)
  if (left.length === 0) return {}
  return { phash: generateParticipantHashV2([...opened.participants.map(({ jid }) => jid), ...left]) }
}
