import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Failure } from '../failure.ts'
import { rawAnswer } from './answers.ts'

const lingerMs = 1_000

/** All connections of the API, over all its addresses: how many there may be, and which can go. */
export class Connections {
  readonly #open = new Set<Socket>()
  /** The answer that each is given or was given last. */
  readonly #answers = new WeakMap<Socket, ServerResponse>()
  readonly #most: () => number

  constructor(most: () => number) {
    this.#most = most
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.#admit(socket))
    server.on('request', (request, response) => this.#answers.set(request.socket, response))
  }

  /** The answer under way on a connection, if any. */
  answerOn(socket: Socket): ServerResponse | undefined {
    const answer = this.#answers.get(socket)
    return answer === undefined || answer.writableFinished || answer.closed ? undefined : answer
  }

  /** Ends those that wait for no answer: kept by their callers, or not yet used. */
  closeIdle(): void {
    for (const socket of this.#open) if (this.answerOn(socket) === undefined) socket.destroy()
  }

  closeAll(): void {
    for (const socket of this.#open) socket.destroy()
  }

  #admit(socket: Socket): void {
    if (this.#count() >= this.#most()) this.#closeOldestIdle()
    if (this.#count() >= this.#most()) {
      refuse(socket)
      return
    }
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
  }

  #count(): number {
    return this.#open.size
  }

  #closeOldestIdle(): void {
    for (const socket of this.#open) {
      if (this.answerOn(socket) !== undefined) continue
      socket.destroy()
      this.#open.delete(socket)
      return
    }
  }
}

function refuse(socket: Socket): void {
  const failure = new Failure(
    'too_many_connections',
    'Too many connections are open. Close those not needed.',
  )
  endWith(socket, rawAnswer(failure))
}

/**
 * Writes a last answer and closes the connection a little later: closed at once, what the caller is still
 * sending would be met with a reset that eats the answer.
 */
export function endWith(socket: Socket, answer: string): void {
  // Node hands a CONNECT over without any listener of its own: a reset that nobody hears would end the program.
  socket.on('error', () => socket.destroy())
  socket.end(answer)
  socket.setTimeout(lingerMs, () => socket.destroy())
  socket.resume()
}
