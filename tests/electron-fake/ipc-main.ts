import { EventEmitter } from 'node:events'

type Handler = (event: unknown, ...words: unknown[]) => unknown

class FakeIpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, handler)
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  /** What ipcRenderer.invoke leads to. */
  async invoke(event: unknown, channel: string, words: unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel)
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
    return handler(event, ...words)
  }
}

export const ipcMain = new FakeIpcMain()
