import { Agent } from 'node:https'
import { Browsers, BufferJSON, initAuthCreds, makeWASocket } from '@whiskeysockets/baileys'
import type {
  AuthenticationCreds,
  BinaryNode,
  SignalDataTypeMap,
  SignalKeyStore,
  UserFacingSocketConfig,
  WASocket,
} from '@whiskeysockets/baileys'
import { pino } from 'pino'
import type { WebSocket } from 'ws'
import type { Logger } from '../../src-main/lib/logging/logger.ts'

export const quiet = pino({ level: 'silent' }) as unknown as Logger & ReturnType<typeof pino>

// libsignal prints whole sessions when it closes one.
console.info = () => {}

/** Keys in memory, as text: what is read is never the same object as what was written. */
function memoryKeys(): SignalKeyStore & { values: Map<string, string> } {
  const values = new Map<string, string>()
  return {
    values,
    get: <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
      const found: Record<string, SignalDataTypeMap[T]> = {}
      for (const id of ids) {
        const text = values.get(`${type}|${id}`)
        if (text !== undefined) found[id] = JSON.parse(text, BufferJSON.reviver) as SignalDataTypeMap[T]
      }
      return found
    },
    set: (data) => {
      for (const [type, entries] of Object.entries(data)) {
        for (const [id, value] of Object.entries(entries ?? {})) {
          if (value === null) values.delete(`${type}|${id}`)
          else values.set(`${type}|${id}`, JSON.stringify(value, BufferJSON.replacer))
        }
      }
    },
  }
}

/** What a client needs of a practice WhatsApp, in this process or another. */
export interface Server {
  url: string
  certificate: string
  scan(qr: string, number: string): Promise<void>
}

/** An unmodified Baileys, with its credentials and keys in memory. */
export class Client {
  readonly sandbox: Server
  readonly creds: AuthenticationCreds = initAuthCreds()
  readonly keys = memoryKeys()
  readonly config: Partial<UserFacingSocketConfig>
  readonly acks: BinaryNode[] = []
  readonly receipts: BinaryNode[] = []
  qr: string | null = null
  open = false
  ended: number | null = null
  sock: WASocket | null = null
  #changed: (() => void)[] = []

  constructor(sandbox: Server, config: Partial<UserFacingSocketConfig> = {}) {
    this.sandbox = sandbox
    this.config = config
  }

  connect(): WASocket {
    this.qr = null
    this.open = false
    this.ended = null
    const sock = makeWASocket({
      waWebSocketUrl: this.sandbox.url,
      auth: { creds: this.creds, keys: this.keys },
      logger: quiet,
      browser: Browsers.windows('Desktop'),
      markOnlineOnConnect: false,
      syncFullHistory: false,
      shouldSyncHistoryMessage: () => false,
      emitOwnEvents: false,
      fetchAgent: new Agent({ ca: this.sandbox.certificate }),
      ...this.config,
    })
    this.sock = sock
    sock.ev.on('creds.update', (update) => Object.assign(this.creds, update))
    sock.ws.on('CB:ack,class:message', (node: BinaryNode) => this.#heard(() => this.acks.push(node)))
    sock.ws.on('CB:receipt', (node: BinaryNode) => this.#heard(() => this.receipts.push(node)))
    sock.ev.on('connection.update', (update) =>
      this.#heard(() => {
        if (update.qr !== undefined) this.qr = update.qr
        if (update.connection === 'open') this.open = true
        if (update.connection === 'close') {
          this.open = false
          this.ended =
            (update.lastDisconnect?.error as { output?: { statusCode: number } } | undefined)?.output
              ?.statusCode ?? 0
        }
      }),
    )
    return sock
  }

  /** Pairs by QR and is connected when it resolves. */
  async pair(number: string): Promise<this> {
    this.connect()
    await this.until(() => this.qr !== null)
    await this.sandbox.scan(this.qr ?? '', number)
    await this.until(() => this.ended === 515)
    return this.logIn()
  }

  async logIn(): Promise<this> {
    this.connect()
    await this.until(() => this.open || this.ended !== null)
    return this
  }

  /** Sends and waits for the server's acknowledgement. */
  async say(to: string, text: string, messageId?: string): Promise<BinaryNode> {
    return this.send(to, { text }, messageId)
  }

  async send(
    to: string,
    content: Parameters<WASocket['sendMessage']>[1],
    messageId?: string,
  ): Promise<BinaryNode> {
    const jid = to.includes('@') ? to : `${to}@s.whatsapp.net`
    const before = this.acks.length
    const sent = await this.sock?.sendMessage(jid, content, messageId === undefined ? {} : { messageId })
    return this.ack(sent?.key.id ?? '', before)
  }

  async ack(id: string, from = 0): Promise<BinaryNode> {
    const found = (): BinaryNode | undefined => this.acks.slice(from).find((ack) => ack.attrs['id'] === id)
    await this.until(() => found() !== undefined)
    return found() as BinaryNode
  }

  /** Waits for what something on the socket will make true. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#changed.push(resolve))
  }

  async receipt(id: string, type: string | undefined): Promise<BinaryNode> {
    const found = (): BinaryNode | undefined =>
      this.receipts.find((one) => one.attrs['type'] === type && idsOf(one).includes(id))
    await this.until(() => found() !== undefined)
    return found() as BinaryNode
  }

  /** Resolves with the next stanza of that tag and type. */
  hears(tag: string, type: string): Promise<BinaryNode> {
    return new Promise((resolve) => this.sock?.ws.once(`CB:${tag},type:${type}`, resolve))
  }

  /** Stops listening to stanzas of that tag, as a client that missed them. */
  deaf(tag: string): void {
    this.sock?.ws.removeAllListeners(`CB:${tag}`)
  }

  /** The socket that Baileys itself writes to. */
  socket(): WebSocket | undefined {
    return (this.sock?.ws as unknown as { socket: WebSocket } | undefined)?.socket
  }

  async close(): Promise<void> {
    const ended = this.sock?.end(undefined)
    // A server that has fallen silent does not answer the farewell either.
    this.socket()?.terminate()
    await ended
  }

  #heard(change: () => unknown): void {
    change()
    const waiting = this.#changed
    this.#changed = []
    for (const resolve of waiting) resolve()
  }
}

function idsOf(receipt: BinaryNode): string[] {
  const lists = Array.isArray(receipt.content) ? receipt.content : []
  const items = lists.flatMap((list) => (Array.isArray(list.content) ? list.content : []))
  return [receipt.attrs['id'] ?? '', ...items.map((item) => item.attrs['id'] ?? '')]
}
