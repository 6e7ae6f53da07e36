import type { BinaryNode } from '@whiskeysockets/baileys'
import { serverTimeOf } from '../device-receipts.ts'

/** The server's own word on one message: `error` null means that it took it. */
export interface Acknowledgement {
  error: number | null
  /** Seconds of the server's clock, as milliseconds; null where it gave none. */
  at: number | null
  /** The server's hash of the recipients' devices; null where it gave none. Where it differs, the list kept here is old. */
  phash: string | null
}

/**
 * Who waits for the acknowledgement of which message, on one connection. Baileys never passes it on: a send
 * resolves when the socket has been written to.
 */
export class Acknowledgements {
  readonly #waiting = new Map<string, (acknowledgement: Acknowledgement) => void>()

  /** To be called before anything leaves. `forget` must be called when nobody waits any more. */
  expect(messageId: string): { arrived: Promise<Acknowledgement>; forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<Acknowledgement>()
    this.#waiting.set(messageId, resolve)
    const forget = (): void => {
      if (this.#waiting.get(messageId) === resolve) this.#waiting.delete(messageId)
    }
    return { arrived: promise, forget }
  }

  get areAwaited(): boolean {
    return this.#waiting.size > 0
  }

  /** An `<ack class="message">` has arrived. */
  take(node: BinaryNode): void {
    const { id, error, t, phash } = node.attrs
    const settle = id === undefined ? undefined : this.#waiting.get(id)
    settle?.({
      error: error === undefined ? null : Number(error) || 0,
      at: serverTimeOf(t, Date.now()),
      phash: phash ?? null,
    })
  }
}
