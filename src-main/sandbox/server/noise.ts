import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto'
import { Curve, NOISE_MODE, NOISE_WA_HEADER, proto } from '@whiskeysockets/baileys'
import type { KeyPair } from '@whiskeysockets/baileys'

/**
 * The server's half of WhatsApp's Noise XX handshake (pattern `Noise_XX_25519_AESGCM_SHA256`), as Baileys'
 * noise-handler.js is the client's half. Anything that does not fit throws: a wrong tag, a wrong key.
 */
export class NoiseHandshake {
  readonly #ephemeral = Curve.generateKeyPair()
  #hash: Buffer = Buffer.from(NOISE_MODE)
  #salt: Buffer = this.#hash
  #key: Buffer = this.#hash
  #counter = 0

  constructor() {
    this.#mixHash(NOISE_WA_HEADER)
  }

  /** Answers ClientHello with ServerHello: our ephemeral key, our static key and its certificates. */
  greet(clientHello: Uint8Array, identity: { staticKey: KeyPair; certificates: Uint8Array }): Uint8Array {
    const clientEphemeral = proto.HandshakeMessage.decode(clientHello).clientHello?.ephemeral
    if (clientEphemeral?.length !== 32) throw new Error('ClientHello without an ephemeral key')
    this.#mixHash(clientEphemeral)
    this.#mixHash(this.#ephemeral.public)
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, clientEphemeral))
    const encryptedStatic = this.#encrypt(identity.staticKey.public)
    this.#mixKey(Curve.sharedKey(identity.staticKey.private, clientEphemeral))
    const payload = this.#encrypt(identity.certificates)
    return proto.HandshakeMessage.encode({
      serverHello: { ephemeral: this.#ephemeral.public, static: encryptedStatic, payload },
    }).finish()
  }

  /** Reads ClientFinish: who the client is and what it wants; the keys for all that follows. */
  finish(clientFinish: Uint8Array): {
    staticKey: Buffer
    payload: proto.ClientPayload
    transport: Transport
  } {
    const finish = proto.HandshakeMessage.decode(clientFinish).clientFinish
    if (!finish?.static || !finish.payload) throw new Error('ClientFinish without its two parts')
    const staticKey = this.#decrypt(finish.static)
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, staticKey))
    const payload = proto.ClientPayload.decode(this.#decrypt(finish.payload))
    const [clientWrites, clientReads] = this.#expand(Buffer.alloc(0))
    return { staticKey, payload, transport: new Transport(clientReads, clientWrites) }
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest()
  }

  #expand(secret: Uint8Array): [Buffer, Buffer] {
    const expanded = Buffer.from(hkdfSync('sha256', secret, this.#salt, '', 64))
    return [expanded.subarray(0, 32), expanded.subarray(32)]
  }

  #mixKey(secret: Uint8Array): void {
    const [salt, key] = this.#expand(secret)
    this.#salt = salt
    this.#key = key
    this.#counter = 0
  }

  #encrypt(plain: Uint8Array): Buffer {
    const sealed = seal(plain, this.#key, this.#counter++, this.#hash)
    this.#mixHash(sealed)
    return sealed
  }

  #decrypt(sealed: Uint8Array): Buffer {
    const plain = open(sealed, this.#key, this.#counter++, this.#hash)
    this.#mixHash(sealed)
    return plain
  }
}

const nothing = Buffer.alloc(0)

/** What follows the handshake: one key and one counter a direction; a frame that is out of order throws. */
export class Transport {
  readonly #writeKey: Buffer
  readonly #readKey: Buffer
  #written = 0
  #read = 0

  constructor(writeKey: Buffer, readKey: Buffer) {
    this.#writeKey = writeKey
    this.#readKey = readKey
  }

  seal(plain: Uint8Array): Buffer {
    return seal(plain, this.#writeKey, this.#written++, nothing)
  }

  open(sealed: Uint8Array): Buffer {
    return open(sealed, this.#readKey, this.#read++, nothing)
  }
}

const tagBytes = 16

function nonce(counter: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(counter, 8)
  return bytes
}

function seal(plain: Uint8Array, key: Buffer, counter: number, associated: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(counter)).setAAD(associated)
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function open(sealed: Uint8Array, key: Buffer, counter: number, associated: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(counter), { authTagLength: tagBytes })
  decipher.setAAD(associated).setAuthTag(sealed.subarray(-tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()])
}
