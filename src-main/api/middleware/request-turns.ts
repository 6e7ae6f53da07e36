import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests that one connection may send ahead of their answers; no caller is known that sends any. */
const maxWaiting = 16

type Handle = (request: IncomingMessage, response: ServerResponse) => void

interface Waiting {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/**
 * One request at a time on each connection, in the order they came. Node hands over at once whatever a packet holds,
 * a thousand small requests say: each would be worked on, and its answer kept until those before it were read.
 */
export class RequestTurns {
  readonly #waiting = new WeakMap<Socket, Waiting[]>()
  readonly #handle: Handle

  constructor(handle: Handle) {
    this.#handle = handle
  }

  enter(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    const waiting = this.#waiting.get(socket)
    if (waiting === undefined) {
      this.#waiting.set(socket, [])
      this.#begin({ request, response })
    } else if (waiting.length < maxWaiting) {
      waiting.push({ request, response })
    } else {
      socket.destroy()
    }
  }

  #begin({ request, response }: Waiting): void {
    const { socket } = request
    // Its timer for answers that are not read is of the answer before.
    socket.setTimeout(0)
    response.once('close', () => this.#next(socket))
    this.#handle(request, response)
  }

  #next(socket: Socket): void {
    const next = this.#waiting.get(socket)?.shift()
    if (next === undefined || socket.destroyed) {
      this.#waiting.delete(socket)
      return
    }
    // Others come in between.
    setImmediate(() => {
      if (!socket.destroyed) this.#begin(next)
    })
  }
}
