import { decodeBinaryNode, encodeBinaryNode } from '@whiskeysockets/baileys'
import type { RawData, WebSocket } from 'ws'
import { sentenceOf } from '../../lib/failure.ts'
import type { Companion } from '../accounts/companions.ts'
import { frame, FrameReader } from './frames.ts'
import type { CodeOffer } from '../accounts/sandbox-link-code.ts'
import { acceptLogin } from './login.ts'
import { NoiseHandshake } from './noise.ts'
import type { Transport } from './noise.ts'
import { node } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import type { OfflineDelivery } from '../delivery/offline-delivery.ts'
import type { Pairing } from '../accounts/sandbox-pairing.ts'
import type { Presence } from '../accounts/presence.ts'
import { ScanRefused } from '../accounts/scan-refused.ts'
import { handleStanza } from './stanzas.ts'
import type { SandboxContext } from '../sandbox-context.ts'

const clientLeft = 'The client closed the connection: it expects another number, or gave up.'

/** One client's connection, from the first byte to the last. */
export class ClientConnection {
  readonly #socket: WebSocket
  readonly #context: SandboxContext
  readonly #reader = new FrameReader()
  readonly #handshake = new NoiseHandshake()
  #phase: 'hello' | 'finish' | 'open' = 'hello'
  #transport: Transport | null = null
  #reading: Promise<void> = Promise.resolve()
  #work: Promise<void> = Promise.resolve()
  #nextId = 1
  /** The client's static Noise key, once the handshake is over. */
  staticKey: Buffer = Buffer.alloc(0)
  /** Who is logged in here. */
  companion: Companion | null = null
  /** The pairing that runs here, if any. */
  pairing: Pairing | null = null
  /** The code that it shows instead of a QR, if it does. */
  codeOffer: CodeOffer | null = null
  /** What is due to the companion; null until it has said that it is active. */
  delivery: OfflineDelivery | null = null
  /** What it has said of itself since it connected; null while that is nothing. */
  presence: Presence | null = null
  /** Dead without being closed: nothing is read or written any more. */
  #silent = false

  readonly #onLoggedIn: () => void

  /** @param onLoggedIn called once the client has shown who it is */
  constructor(socket: WebSocket, context: SandboxContext, onLoggedIn: () => void = () => undefined) {
    this.#socket = socket
    this.#context = context
    this.#onLoggedIn = onLoggedIn
    socket.on('message', (data: RawData) => this.#receive(data as Buffer))
    socket.on('close', () => this.#closed())
    // The close that follows says the same.
    socket.on('error', () => {})
  }

  get number(): string | null {
    return this.companion?.number ?? null
  }

  /** An id for a stanza of the server's own. */
  newId(): string {
    return `S${this.#nextId++}`
  }

  send(stanza: BinaryNode): void {
    this.sendPlain(encodeBinaryNode(stanza))
  }

  /** Sends bytes in place of an encoded stanza, encrypted as one: what a client has to survive. */
  sendPlain(plain: Uint8Array): void {
    if (this.#silent || this.#transport === null || this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(frame(this.#transport.seal(plain)))
  }

  /** Writes bytes as they are, without a frame and unencrypted. */
  sendRaw(bytes: Uint8Array): void {
    if (!this.#silent && this.#socket.readyState === this.#socket.OPEN) this.#socket.send(bytes)
  }

  /** Says why, and closes. */
  end(last: BinaryNode): void {
    this.send(last)
    this.close()
  }

  close(): void {
    if (this.#silent) return this.cut()
    this.#socket.close()
  }

  /** Cuts the line as a broken cable does. */
  cut(): void {
    this.#socket.terminate()
  }

  /** As behind a router that has forgotten the connection: not even pings and a close are answered. */
  goSilent(): void {
    this.#silent = true
    this.#socket.pause()
  }

  /** Does the client's messages one after the other, while its queries are answered meanwhile. */
  inOrder(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => this.#broken(error))
  }

  #receive(data: Buffer): void {
    if (this.#silent) return
    try {
      for (const content of this.#reader.read(data)) this.#receiveFrame(content)
    } catch (error) {
      this.#context.reports.add('handshake_invalid', this.number, sentenceOf(error))
      // Frames behind it may be there already, and none of them can be read.
      this.#silent = true
      this.cut()
    }
  }

  #receiveFrame(content: Buffer): void {
    if (this.#phase === 'hello') {
      const hello = this.#handshake.greet(content, this.#context.noise)
      this.#socket.send(frame(Buffer.from(hello)))
      this.#phase = 'finish'
    } else if (this.#phase === 'finish') {
      const { staticKey, payload, transport } = this.#handshake.finish(content)
      this.staticKey = staticKey
      this.#transport = transport
      this.#phase = 'open'
      this.#onLoggedIn()
      acceptLogin(this.#context, this, payload)
    } else if (this.#transport !== null) {
      const plain = this.#transport.open(content)
      this.#reading = this.#reading.then(() => this.#read(plain))
    }
  }

  async #read(plain: Buffer): Promise<void> {
    try {
      handleStanza(this.#context, this, await decodeBinaryNode(plain))
    } catch (error) {
      this.#context.reports.add('stanza_invalid', this.number, sentenceOf(error))
      this.end(node('stream:error', { code: '400' }))
    }
  }

  #broken(error: unknown): void {
    this.#context.reports.add('stanza_invalid', this.number, sentenceOf(error))
    this.end(node('stream:error', { code: '500' }))
  }

  #closed(): void {
    this.pairing?.refused(new ScanRefused('client_declined', clientLeft))
    this.delivery?.end()
    this.#context.lines.remove(this)
  }
}
