import { Agent } from 'node:https'
import { initAuthCreds, makeWASocket } from '@whiskeysockets/baileys'
import type { AnyMessageContent, BinaryNode, SignalDataTypeMap, WASocket } from '@whiskeysockets/baileys'
import { quiet } from './client.ts'
import type { Server } from './client.ts'

/** Baileys rc14 as it comes, with its keys in memory: what most programs of spring 2026 are. */
export class SpringClient {
  readonly creds = initAuthCreds()
  readonly keys = new Map<string, unknown>()
  readonly #server: Server
  sock: WASocket | null = null

  constructor(server: Server) {
    this.#server = server
  }

  /** Dials, and again after the pairing; resolves when it is logged in. */
  async connect(number: string): Promise<void> {
    do this.sock = this.#dial()
    while (!(await this.#opens(this.sock, number)))
  }

  /** Sends, and resolves with the server's acknowledgement, which Baileys itself does not wait for. */
  async send(jid: string, content: AnyMessageContent): Promise<BinaryNode> {
    const { promise, resolve } = Promise.withResolvers<BinaryNode>()
    this.sock?.ws.once('CB:ack,class:message', resolve)
    await this.sock?.sendMessage(jid, content)
    return promise
  }

  async close(): Promise<void> {
    await this.sock?.end(undefined)
  }

  #dial(): WASocket {
    const get = async <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) =>
      Object.fromEntries(ids.map((id) => [id, this.keys.get(`${type} ${id}`) as SignalDataTypeMap[T]]))
    const set = async (data: object) => {
      for (const [type, records] of Object.entries(data) as [string, object][])
        for (const [id, record] of Object.entries(records))
          this.keys.set(`${type} ${id}`, record ?? undefined)
    }
    const { url: waWebSocketUrl, certificate: ca } = this.#server
    const auth = { creds: this.creds, keys: { get, set } }
    return makeWASocket({ waWebSocketUrl, fetchAgent: new Agent({ ca }), auth, logger: quiet })
  }

  #opens({ ev }: WASocket, number: string): Promise<boolean> {
    ev.on('creds.update', (update) => Object.assign(this.creds, update))
    return new Promise((resolve) => {
      ev.on('connection.update', ({ qr, connection }) => {
        if (qr !== undefined) void this.#server.scan(qr, number)
        if (connection === 'open' || connection === 'close') resolve(connection === 'open')
      })
    })
  }
}
