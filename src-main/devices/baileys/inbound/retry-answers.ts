import type { BinaryNode, proto, WASocket } from '@whiskeysockets/baileys'
import { mediaTypeOf, metaNodesOf } from '../../connection/media/media-type-attribute.ts'
import { baileys } from '../baileys.ts'

/** rc14's type demands the one-time key, which a phone may have run out of. */
type E2ESession = Parameters<WASocket['signalRepository']['injectE2ESession']>[0]['session']

export interface RetryDependencies {
  socket: WASocket
  isOwn: (jid: string) => boolean
  /** The message as it was sent; undefined where it is not kept any more. */
  messageOf: (id: string, jid: string) => Promise<proto.IMessage | undefined>
  /** How often a device has been answered, by message and device; forgets after an hour. */
  counts: { get(key: string): unknown; set(key: string, value: number): unknown }
  failed: (error: unknown) => void
}

/** As often as WhatsApp Web answers one device about one message. */
const maxAnswers = 5

/**
 * Answers the devices of a person that could not read a message: each gets it again by itself, over a fresh session.
 * Baileys would send it to all devices of both sides where a phone asks (Socket/messages-recv.js, `sendToAll`), as a new
 * message, which WhatsApp refuses with 463 where it demands a privacy token, and to other devices without the media type,
 * which WhatsApp drops. The same form as tulir/whatsmeow (retry.go). Groups stay with Baileys.
 *
 * To be called before others listen.
 */
export function answerRetries(dependencies: RetryDependencies): void {
  const { socket, isOwn, failed } = dependencies
  for (const listener of socket.ws.listeners('CB:receipt')) {
    socket.ws.off('CB:receipt', listener as (node: BinaryNode) => void)
    socket.ws.on('CB:receipt', (node: BinaryNode) => {
      if (isPersonsRetry(node, isOwn)) answer(dependencies, node).catch(failed)
      else listener.call(socket.ws, node)
    })
  }
}

function isPersonsRetry({ attrs }: BinaryNode, isOwn: (jid: string) => boolean): boolean {
  const { type, from = '' } = attrs
  return type === 'retry' && /@(?:s\.whatsapp\.net|lid)$/.test(from) && !isOwn(from)
}

async function answer(dependencies: RetryDependencies, node: BinaryNode): Promise<void> {
  const { socket, messageOf, counts } = dependencies
  await socket.sendMessageAck(node)
  const { id = '', from = '' } = node.attrs
  const key = `answered ${id} ${from}`
  const answered = Number(counts.get(key) ?? 0)
  if (answered >= maxAnswers) return
  counts.set(key, answered + 1)
  const message = await messageOf(id, baileys().jidNormalizedUser(from))
  if (message === undefined) return
  await refreshSession(socket, node, from)
  await socket.sendNode(await stanzaFor(socket, node, message))
}

/** The device sends its keys along with the second request; before, the server has them. */
async function refreshSession(socket: WASocket, node: BinaryNode, jid: string): Promise<void> {
  const bundle = baileys().extractE2ESessionFromRetryReceipt(node)
  if (bundle === null) await socket.assertSessions([jid], true)
  else await socket.signalRepository.injectE2ESession({ jid, session: bundle as E2ESession })
}

async function stanzaFor(socket: WASocket, node: BinaryNode, message: proto.IMessage): Promise<BinaryNode> {
  const { encodeSignedDeviceIdentity, encodeWAMessage, getBinaryNodeChild } = baileys()
  const { id = '', from = '' } = node.attrs
  const { type, ciphertext } = await socket.signalRepository.encryptMessage({
    data: encodeWAMessage(message),
    jid: from,
  })
  const mediaType = mediaTypeOf(message)
  const count = getBinaryNodeChild(node, 'retry')?.attrs['count'] ?? '1'
  const encrypted = { v: '2', type, count, ...(mediaType === null ? {} : { mediatype: mediaType }) }
  const { account } = socket.authState.creds
  const identity = account === undefined ? [] : [encodeSignedDeviceIdentity(account, true)]
  return {
    tag: 'message',
    attrs: { id, to: from, type: mediaType === null ? 'text' : 'media' },
    content: [
      { tag: 'enc', attrs: encrypted, content: ciphertext },
      ...identity.map((content) => ({ tag: 'device-identity', attrs: {}, content })),
      ...metaNodesOf(message),
    ],
  }
}
