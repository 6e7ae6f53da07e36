import * as libsignal from 'libsignal'
import {
  BufferJSON,
  Curve,
  generateSignalPubKey,
  signedKeyPair,
  unpadRandomMax16,
} from '@whiskeysockets/baileys'
import {
  GroupCipher,
  GroupSessionBuilder,
  SenderKeyDistributionMessage,
  SenderKeyName,
  SenderKeyRecord,
} from '@whiskeysockets/baileys/lib/Signal/Group/index.js'
import { randomInt } from 'node:crypto'
import type { EndpointRow, SandboxTable } from '../sandbox-table.ts'
import { decryptWithin, SessionRecord } from './signal-record.ts'
import type { CipherInside } from './signal-record.ts'

/** The public half of a practice device, as a pre-key bundle hands it out. */
export interface Bundle {
  registration: number
  identity: Buffer
  signedPreKey: { id: number; public: Buffer; signature: Buffer }
  preKey: { id: number; public: Buffer } | null
}

/** Who wrote: the name that its sessions are kept under, and the identity that the server knows it by. */
export interface Author {
  name: string
  identity: Uint8Array
}

/** Changes of an endpoint's keys that are not written yet. */
export type Change = (table: SandboxTable) => void

const signedPreKeyId = 1
/** Sessions of one endpoint that are kept at hand. */
const sessionsInMemory = 100
const nothing = Buffer.alloc(0)

/** Makes the keys of a newly installed practice phone or of another device of it. */
export function newEndpoint(number: string, device: number): EndpointRow {
  const identity = Curve.generateKeyPair()
  const signed = signedKeyPair(identity, signedPreKeyId)
  return {
    number,
    device,
    identity_private: identity.private,
    identity_public: identity.public,
    signed_private: signed.keyPair.private,
    signed_public: signed.keyPair.public,
    signed_signature: signed.signature,
    registration: randomInt(1, 16380),
    next_pre_key: 1,
  }
}

/**
 * One practice device as a Signal endpoint: it has sessions with those who write to it and decrypts what
 * they send with libsignal. What changes by that is handed back, to be written together with the message.
 */
export class Endpoint {
  readonly number: string
  readonly device: number
  readonly #row: EndpointRow
  readonly #table: SandboxTable
  readonly #sessions = new Map<string, SessionRecord>()
  #nextPreKey: number

  constructor(row: EndpointRow, table: SandboxTable) {
    this.number = row.number
    this.device = row.device
    this.#row = row
    this.#table = table
    this.#nextPreKey = row.next_pre_key
  }

  get identity(): { private: Buffer; public: Buffer } {
    return {
      private: Buffer.from(this.#row.identity_private),
      public: Buffer.from(this.#row.identity_public),
    }
  }

  /** Its keys for somebody who wants to write to it; with a fresh one-time pre-key unless they ran out. */
  bundle(withPreKey: boolean): { bundle: Bundle; change: Change } {
    const bundle: Bundle = {
      registration: this.#row.registration,
      identity: this.identity.public,
      signedPreKey: {
        id: signedPreKeyId,
        public: Buffer.from(this.#row.signed_public),
        signature: Buffer.from(this.#row.signed_signature),
      },
      preKey: null,
    }
    if (!withPreKey) return { bundle, change: () => {} }
    const id = this.#nextPreKey++
    const pair = Curve.generateKeyPair()
    bundle.preKey = { id, public: Buffer.from(pair.public) }
    return { bundle, change: (table) => table.addPreKey(this, id, pair) }
  }

  /** Decrypts one `<enc>`; throws where it cannot be decrypted, and then nothing has changed. */
  async decrypt(
    type: 'pkmsg' | 'msg',
    message: Buffer,
    author: Author,
  ): Promise<{ plain: Buffer; change: Change }> {
    const record = this.#takeSession(author)
    const used: number[] = []
    const cipher = this.#cipher(record, author, used)
    let padded: Buffer
    if (type === 'pkmsg') {
      record.replacing = true
      padded = await cipher.decryptPreKeyWhisperMessage(message)
      record.replacing = false
    } else {
      padded = await decryptWithin(cipher, record, message)
    }
    record.removeOldSessions()
    const change: Change = (table) => {
      this.#keepSession(table, author, record)
      for (const id of used) table.removePreKey(this, id)
    }
    return { plain: unpad(padded), change }
  }

  /** Whether there is a session with that very device: a removed one's number may be another's now. */
  hasSession(author: Author): boolean {
    const text = this.#table.record(this, 'session', author.name)
    const open = text === undefined ? undefined : SessionRecord.fromText(text).getOpenSession()
    return open?.indexInfo.remoteIdentityKey.equals(generateSignalPubKey(author.identity)) === true
  }

  /** Begins a session with somebody by the keys that the server has of them. */
  async beginSession(
    author: Author,
    { registration, identity, signedPreKey, preKey }: Bundle,
  ): Promise<Change> {
    const record = new SessionRecord()
    const { storage, address } = this.#inside(record, author, [])
    await new libsignal.SessionBuilder(storage, address).initOutgoing({
      registrationId: registration,
      identityKey: generateSignalPubKey(identity),
      signedPreKey: keyMessage(signedPreKey),
      ...(preKey === null ? {} : { preKey: keyMessage({ ...preKey, signature: nothing }) }),
    } as Parameters<libsignal.SessionBuilder['initOutgoing']>[0])
    return (table) => this.#keepSession(table, author, record)
  }

  /** Encrypts for somebody that there is a session with. */
  async encrypt(
    plain: Buffer,
    author: Author,
  ): Promise<{ type: 'pkmsg' | 'msg'; ciphertext: Buffer; change: Change }> {
    const record = this.#takeSession(author)
    const { type, body } = await this.#cipher(record, author, []).encrypt(plain)
    return {
      type: type === 3 ? 'pkmsg' : 'msg',
      ciphertext: Buffer.from(body),
      change: (table) => this.#keepSession(table, author, record),
    }
  }

  /**
   * Decrypts a group's `skmsg`, with the sender key that came along with it or an earlier one. Throws where
   * that key is unknown, the signature wrong or the message read before.
   */
  async decryptGroup(
    group: string,
    message: Buffer,
    author: Author,
    distribution: Uint8Array | null,
    readings: GroupReadings,
  ): Promise<{ plain: Buffer; change: Change }> {
    const name = senderKeyName(group, author)
    const record = this.#table.record(this, 'sender_key', name.toString()) ?? '[]'
    const { plain, text } = await readings.of(name, record, message, distribution)
    const change: Change = (table) => table.saveRecord(this, 'sender_key', name.toString(), text)
    return { plain, change }
  }

  /**
   * The sessions with somebody, to work on. While they are out they are in nobody's memory: work that fails
   * leaves what the file says.
   */
  #takeSession(author: Author): SessionRecord {
    const kept = this.#sessions.get(author.name)
    this.#sessions.delete(author.name)
    if (kept !== undefined) return kept
    const text = this.#table.record(this, 'session', author.name)
    return text === undefined ? new SessionRecord() : SessionRecord.fromText(text)
  }

  #keepSession(table: SandboxTable, author: Author, record: SessionRecord): void {
    table.saveRecord(this, 'session', author.name, record.toText())
    this.#sessions.set(author.name, record)
    const [oldest] = this.#sessions.keys()
    if (this.#sessions.size > sessionsInMemory && oldest !== undefined) this.#sessions.delete(oldest)
  }

  #cipher(record: SessionRecord, author: Author, used: number[]): CipherInside {
    const { storage, address } = this.#inside(record, author, used)
    return new libsignal.SessionCipher(storage, address) as unknown as CipherInside
  }

  /** What libsignal is given to work with: this one record, and the keys of this device. */
  #inside(
    record: SessionRecord,
    author: Author,
    used: number[],
  ): { storage: libsignal.SignalStorage; address: libsignal.ProtocolAddress } {
    const known = Buffer.from(generateSignalPubKey(author.identity))
    const storage = {
      loadSession: () => record,
      storeSession: () => {},
      isTrustedIdentity: (_name: string, identity: Uint8Array) => known.equals(Buffer.from(identity)),
      loadPreKey: (id: number | undefined) => this.#preKey(id),
      removePreKey: (id: number) => used.push(id),
      loadSignedPreKey: (id: number) => (id === signedPreKeyId ? this.#signedPreKey() : undefined),
      getOurRegistrationId: () => this.#row.registration,
      getOurIdentity: () => ({
        privKey: this.identity.private,
        pubKey: Buffer.from(generateSignalPubKey(this.identity.public)),
      }),
    }
    const address = new libsignal.ProtocolAddress(`${author.name}/${this.number}`, this.device)
    return { storage: storage as unknown as libsignal.SignalStorage, address }
  }

  #preKey(id: number | undefined): { privKey: Buffer; pubKey: Buffer } | undefined {
    const pair = id === undefined || id === 0 ? undefined : this.#table.preKey(this, id)
    return pair === undefined ? undefined : keysOf(pair.private, pair.public)
  }

  #signedPreKey(): { privKey: Buffer; pubKey: Buffer } {
    return keysOf(this.#row.signed_private, this.#row.signed_public)
  }
}

/** What one group message comes to: its plaintext, and the reader's sender-key record afterwards. */
interface GroupReading {
  plain: Buffer
  text: string
}

/**
 * How the members of a group read one message. Those whose records are alike read it alike: it is worked out once, as
 * verifying its signature takes some ten milliseconds, for each of a thousand members.
 */
export class GroupReadings {
  readonly #readings = new Map<string, Promise<GroupReading>>()

  /** @param record the reader's sender-key record before */
  of(
    name: SenderKeyName,
    record: string,
    message: Buffer,
    distribution: Uint8Array | null,
  ): Promise<GroupReading> {
    const key = `${record}|${distribution === null ? '' : Buffer.from(distribution).toString('base64')}`
    const known = this.#readings.get(key)
    if (known !== undefined) return known
    const reading = readGroupMessage(name, record, message, distribution)
    this.#readings.set(key, reading)
    return reading
  }
}

async function readGroupMessage(
  name: SenderKeyName,
  record: string,
  message: Buffer,
  distribution: Uint8Array | null,
): Promise<GroupReading> {
  const kept = new SenderKeys(record)
  if (distribution !== null) {
    const learned = new SenderKeyDistributionMessage(null, null, null, null, Buffer.from(distribution))
    await new GroupSessionBuilder(kept).process(name, learned)
  }
  const padded = await new GroupCipher(kept, name).decrypt(message)
  return { plain: unpad(Buffer.from(padded)), text: kept.text }
}

/** One sender's keys for one group, as Baileys' group cipher wants them stored. */
class SenderKeys {
  text: string

  constructor(text: string) {
    this.text = text
  }

  loadSenderKey(): Promise<SenderKeyRecord> {
    return Promise.resolve(SenderKeyRecord.deserialize(Buffer.from(this.text)))
  }

  storeSenderKey(_name: SenderKeyName, record: SenderKeyRecord): Promise<void> {
    this.text = JSON.stringify(record.serialize(), BufferJSON.replacer)
    return Promise.resolve()
  }
}

function senderKeyName(group: string, author: Author): SenderKeyName {
  const [id = '', device = '0'] = author.name.split(':')
  return new SenderKeyName(group, { id, deviceId: Number(device), toString: () => author.name })
}

function keyMessage(key: { id: number; public: Buffer; signature: Buffer }): object {
  return { keyId: key.id, publicKey: generateSignalPubKey(key.public), signature: key.signature }
}

function keysOf(privateKey: Uint8Array, publicKey: Uint8Array): { privKey: Buffer; pubKey: Buffer } {
  return { privKey: Buffer.from(privateKey), pubKey: Buffer.from(generateSignalPubKey(publicKey)) }
}

function unpad(padded: Buffer): Buffer {
  const last = padded.at(-1) ?? 0
  if (last < 1 || last > 16 || last > padded.length) throw new Error('the padding is wrong')
  return Buffer.from(unpadRandomMax16(padded))
}
