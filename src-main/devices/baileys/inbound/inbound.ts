import type { AuthenticationCreds, BinaryNode, WASocket } from '@whiskeysockets/baileys'
import type { Logger } from '../../../lib/logging/logger.ts'
import { noteCiphertexts } from './decryption.ts'
import type { DecryptionEvents } from './decryption.ts'
import { acknowledgePlainly } from './plain-acks.ts'
import { deliveryReceipt, isFromOwnPhone, isOwedAck, isStatus } from '../../connection/inbound-answers.ts'
import { OfflinePull } from '../../connection/offline-pull.ts'
import { userOf } from '../../connection/device-receipts.ts'

/**
 * Answers what comes as WhatsApp Web does, where Baileys does not: what is left unanswered, or refused, comes again at
 * each login before everything else, and ends the stream after 50 minutes.
 */
export class Inbound implements DecryptionEvents {
  readonly #credentials: AuthenticationCreds
  readonly #log: Logger
  readonly #pull: OfflinePull
  #socket: WASocket | null = null

  constructor(credentials: AuthenticationCreds, log: Logger) {
    this.#credentials = credentials
    this.#log = log
    this.#pull = new OfflinePull((request) => this.#send(request))
  }

  /** To be called before others listen: stanzas are prepared for Baileys. */
  listen(socket: WASocket): void {
    this.#socket = socket
    acknowledgePlainly()
    const { ws } = socket
    // Baileys would ask for one portion and never again.
    ws.removeAllListeners('CB:ib,,offline_preview')
    ws.on('CB:ib,,offline_preview', () => this.#pull.begin())
    ws.on('CB:ib,,offline', () => this.#pull.end())
    ws.prependListener('CB:message', (stanza: BinaryNode) => this.#prepare(stanza))
    ws.on('frame', (frame: BinaryNode | Uint8Array) => {
      if (!(frame instanceof Uint8Array)) this.#received(frame)
    })
    ws.on('CB:stream:error,,ack', (stanza: BinaryNode) => this.#complain(stanza))
  }

  /** The connection is over. */
  end(): void {
    this.#pull.end()
    this.#socket = null
  }

  readBefore(stanza: BinaryNode): void {
    this.#send(deliveryReceipt(stanza, this.#own))
  }

  /** Baileys asks for it again, as it came. */
  unreadable(stanza: BinaryNode): void {
    if (isFromOwnPhone(stanza, this.#own)) delete stanza.attrs['participant']
  }

  get #own(): string[] {
    const { me } = this.#credentials
    return [me?.id, me?.lid].flatMap((jid) => (jid === undefined ? [] : [userOf(jid)]))
  }

  #received(stanza: BinaryNode): void {
    if (stanza.attrs['offline'] !== undefined) this.#pull.arrived()
    if (isOwedAck(stanza)) this.#acknowledge(stanza)
  }

  #prepare(stanza: BinaryNode): void {
    noteCiphertexts(stanza)
    if (isStatus(stanza)) this.#send(deliveryReceipt(stanza, this.#own))
    // Baileys takes the address of its receipt from here; without it, it would go to nobody where no LID is known.
    if (isFromOwnPhone(stanza, this.#own)) stanza.attrs['participant'] ??= stanza.attrs['from'] ?? ''
  }

  #complain(stanza: BinaryNode): void {
    const [owed] = Array.isArray(stanza.content) ? stanza.content : []
    this.#log.warn(
      { class: owed?.attrs['class'] },
      'WhatsApp closed the connection: an acknowledgement was missing',
    )
  }

  #acknowledge(stanza: BinaryNode): void {
    this.#socket?.sendMessageAck(stanza).catch(() => {
      // The line is gone, which its own end tells.
    })
  }

  #send(stanza: BinaryNode): void {
    this.#socket?.sendNode(stanza).catch(() => {
      // The line is gone, which its own end tells.
    })
  }
}
