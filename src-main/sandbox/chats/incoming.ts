import { encodeWAMessage } from '@whiskeysockets/baileys'
import type { proto } from '@whiskeysockets/baileys'
import { LRUCache } from 'lru-cache'
import { randomBytes } from 'node:crypto'
import { senderOf } from '../delivery/addressing-rules.ts'
import type { Bundle } from './signal-endpoint.ts'
import type { Companion } from '../accounts/companions.ts'
import type { Endpoint } from './signal-endpoint.ts'
import { addressOf, jidOf } from '../accounts/sandbox-numbers.ts'
import { bytesOf, child, childBytes, node, seconds } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { authorOf } from '../delivery/participants.ts'
import { writerGivesToken } from '../phone/phone-tokens.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** What comes to an account, and by whom. */
export interface IncomingMessage {
  from: string
  /** The account, whose companions get it; `from` the same number: its own phone has sent it to `peer`. */
  to: string
  /** Bytes: what is encrypted in place of an encoded message, padding and all; they need not be one. */
  content: string | proto.IMessage | Buffer
  /** Whom the account's own phone has written to. */
  peer?: string
  /** The ciphertext is spoilt on its way: the companion cannot read it, and asks for it again. */
  unreadable?: boolean
  /** The same stanza comes twice, as after a lost acknowledgement. */
  twice?: boolean
}

/** What was written, for a companion that asks for it again. */
interface Written extends IncomingMessage {
  id: string
}

const maxRemembered = 1_000

/** Practice phones that write to accounts. Companions that are away get it when they come back. */
export class Incoming {
  readonly #context: () => SandboxContext
  readonly #encrypting = new Map<string, Promise<void>>()
  readonly #written = new LRUCache<string, Written>({ max: maxRemembered })

  constructor(context: () => SandboxContext) {
    this.#context = context
  }

  /** Resolves with the message's id once it is in the queue of each companion. */
  async write(message: IncomingMessage): Promise<string> {
    const written = { ...message, id: randomBytes(8).toString('hex').toUpperCase() }
    this.#written.set(written.id, written)
    const context = this.#context()
    const { from, to } = message
    await context.database.write(() => {
      for (const companion of context.companions.of(to)) context.phoneTable.addWriter(companion, from)
    })
    for (const companion of context.companions.of(to)) {
      const stanza = await this.#stanzaFor(companion, written)
      for (let copies = message.twice === true ? 2 : 1; copies > 0; copies--) {
        await context.offline.push(companion, stanza)
      }
    }
    if (from !== to) await writerGivesToken(context, from, to)
    return written.id
  }

  /**
   * A contact posts a status: as a message from `status@broadcast`, or since July 2026 as a stanza `<status>` of its own
   * (tulir/whatsmeow@a2381054; oxidezap/whatsapp-rust issue 1101).
   */
  postStatus(from: string, to: string, tag: 'status' | 'message' = 'status'): Promise<string> {
    const participant = this.#jidOf(from, to)
    const enc = node('enc', { v: '2', type: 'skmsg', mediatype: 'image' }, randomBytes(64))
    return this.#push(to, tag, { from: 'status@broadcast', participant, type: 'media' }, [enc])
  }

  /** A message that companions are not given: `<unavailable>` instead of a ciphertext. */
  placeholder(from: string, to: string, type: string): Promise<string> {
    const jid = this.#jidOf(from, to)
    return this.#push(to, 'message', { from: jid, type: 'text' }, [node('unavailable', { type })])
  }

  /** Any stanza at all, from the phone of `from`. */
  stanza(from: string, to: string, tag: string, content: BinaryNode[] = []): Promise<string> {
    return this.#push(to, tag, { from: this.#jidOf(from, to), type: 'text' }, content)
  }

  /** A companion could not read a message: it gets it again, under another session. */
  async sendAgain(companion: Companion, receipt: BinaryNode): Promise<void> {
    const written = this.#written.get(receipt.attrs['id'] ?? '')
    if (written === undefined || written.to !== companion.number) return
    const { unreadable: _spoilt, ...whole } = written
    const count = child(receipt, 'retry')?.attrs['count'] ?? '1'
    const phone = await this.#phoneOf(written.from)
    const bundle = bundleIn(receipt, companion) ?? (await this.#bundleOf(companion))
    const change = await phone.beginSession(authorOf(companion), bundle)
    await this.#context().database.write(() => change(this.#context().table))
    await this.#context().offline.push(companion, await this.#stanzaFor(companion, whole, count))
  }

  async #stanzaFor(companion: Companion, message: Written, count?: string): Promise<BinaryNode> {
    const { from, to, id, peer, unreadable } = message
    const phone = await this.#phoneOf(from)
    const { type, ciphertext } = await this.encryptFor(phone, companion, this.#contentOf(message))
    const body = unreadable === true ? corrupt(ciphertext) : ciphertext
    const own = from === to && peer !== undefined ? { recipient: this.#jidOf(peer, to) } : {}
    const attributes = {
      ...senderOf(this.#context(), from, to),
      ...own,
      id,
      type: 'text',
      t: seconds(this.#context().now()),
      notify: `Practice ${from}`,
    }
    return node('message', attributes, [node('enc', { v: '2', type, count }, body)])
  }

  #contentOf({ from, to, peer, content }: IncomingMessage): proto.IMessage | Buffer {
    if (Buffer.isBuffer(content)) return content
    const message = typeof content === 'string' ? this.#textMessage(from, peer ?? to, content) : content
    if (from !== to || peer === undefined) return message
    return { deviceSentMessage: { destinationJid: this.#jidOf(peer, to), message } }
  }

  /** As a phone writes it: with the timer of its chat. */
  #textMessage(from: string, to: string, text: string): proto.IMessage {
    const timer = this.#context().timers.of(from, to)
    if (timer === null) return { conversation: text }
    const contextInfo = { expiration: timer.seconds, ephemeralSettingTimestamp: timer.setAtSeconds }
    return { extendedTextMessage: { text, contextInfo } }
  }

  #jidOf(number: string, account: string): string {
    const { accounts, contacts } = this.#context()
    return accounts.of(account).lidMigrated ? contacts.lidJidOf(number) : jidOf(number)
  }

  async #push(
    to: string,
    tag: string,
    attributes: Record<string, string>,
    content: BinaryNode[],
  ): Promise<string> {
    const id = randomBytes(8).toString('hex').toUpperCase()
    const context = this.#context()
    const stanza = node(tag, { ...attributes, id, t: seconds(context.now()) }, content)
    for (const companion of context.companions.of(to)) await context.offline.push(companion, stanza)
    return id
  }

  async #phoneOf(number: string): Promise<Endpoint> {
    const phone = await this.#context().contacts.endpoint(number, 0)
    if (phone === null) throw new Error(`${number} is not on the practice WhatsApp.`)
    return phone
  }

  /** Encrypts for a linked device, one message after the other, beginning a session where there is none. */
  encryptFor(
    phone: Endpoint,
    companion: Companion,
    message: proto.IMessage | Buffer,
  ): Promise<{ type: 'pkmsg' | 'msg'; ciphertext: Buffer }> {
    const pair = `${phone.number}:${phone.device} ${companion.number}:${companion.device}`
    // Two at a time would take the same step of the ratchet: the second one counts as read before.
    const before = this.#encrypting.get(pair) ?? Promise.resolve()
    const encrypted = before.then(() => this.#encrypt(phone, companion, message))
    const settled = encrypted.then(
      () => {},
      () => {},
    )
    this.#encrypting.set(pair, settled)
    void settled.then(() => {
      if (this.#encrypting.get(pair) === settled) this.#encrypting.delete(pair)
    })
    return encrypted
  }

  async #encrypt(
    phone: Endpoint,
    companion: Companion,
    message: proto.IMessage | Buffer,
  ): Promise<{ type: 'pkmsg' | 'msg'; ciphertext: Buffer }> {
    const { database, table } = this.#context()
    const author = authorOf(companion)
    if (!phone.hasSession(author)) {
      const begin = await phone.beginSession(author, await this.#bundleOf(companion))
      await database.write(() => begin(table))
    }
    const plain = Buffer.isBuffer(message) ? message : encodeWAMessage(message)
    const { change, ...encrypted } = await phone.encrypt(plain, author)
    await database.write(() => change(table))
    return encrypted
  }

  async #bundleOf(companion: Companion): Promise<Bundle> {
    const { registration, identity, signedPreKey } = companion
    const preKey = await this.#context().companions.takePreKey(companion)
    return { registration, identity, signedPreKey, preKey }
  }
}

/** The keys that a companion sends along when it asks for a message the second time. */
function bundleIn(receipt: BinaryNode, { registration, identity }: Companion): Bundle | null {
  const keys = child(receipt, 'keys')
  const signed = child(keys, 'skey')
  if (keys === undefined || signed === undefined) return null
  const one = child(keys, 'key')
  return {
    registration,
    identity,
    signedPreKey: {
      id: childBytes(signed, 'id').readUIntBE(0, 3),
      public: childBytes(signed, 'value'),
      signature: childBytes(signed, 'signature'),
    },
    preKey:
      one === undefined
        ? null
        : { id: bytesOf(child(one, 'id')).readUIntBE(0, 3), public: childBytes(one, 'value') },
  }
}

function corrupt(ciphertext: Buffer): Buffer {
  const corrupted = Buffer.from(ciphertext)
  corrupted[corrupted.length - 1] = (corrupted.at(-1) ?? 0) ^ 0xff
  return corrupted
}

/** Whom a retry receipt asks: the phone of that number. */
export function isForPhone(receipt: BinaryNode): boolean {
  return addressOf(receipt.attrs['to']) !== null
}
