import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Failure } from '../../lib/failure.ts'
import { rawResponse } from '../middleware/responses.ts'

const lingerMs = 1_000
/**
 * So many connections that have shown a key keep their places while others come, and so many are left to the others by
 * one key's requests; of small limits an eighth.
 */
const reservedPlaces = 32

/** Connections that may be accepted beyond the limit, so that those that cannot stay are still told why. */
const maxAcceptedBeyond = 128

/** All connections of the API (over all its addresses) or of another server: how many there may be, and which can go. */
export class Connections {
  /** The oldest first. */
  readonly #open = new Set<Socket>()
  /** Those on which a key was shown that is known, with the key's id. */
  readonly #identified = new Map<Socket, string>()
  /** Those that never go for others. */
  readonly #kept = new Set<Socket>()
  /** The answer that each is given or was given last. */
  readonly #answers = new WeakMap<Socket, ServerResponse>()
  readonly #max: () => number

  constructor(max: () => number) {
    this.#max = max
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      // Node closes those of a flood beyond it before they cost memory.
      server.maxConnections = this.#max() + maxAcceptedBeyond
      this.#accept(socket)
    })
  }

  /** A request begins to be answered. */
  answering({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#answers.set(socket, response)
  }

  /**
   * Whoever has shown a key keeps its place before those who have not.
   *
   * @throws Failure too_many_connections, where requests with that key hold all places that one key may
   */
  identified(socket: Socket, keyId: string): void {
    if (!this.#open.has(socket)) return
    const max = this.#max()
    const maxOfKey = max - reservedOf(max)
    if (this.#identified.size >= maxOfKey && this.#othersOf(keyId, socket) >= maxOfKey) throw keyHoldsTooMany
    this.#identified.set(socket, keyId)
  }

  /** A connection that is no longer asked by requests, a WebSocket of a known client say, keeps its place. */
  keep(socket: Socket): void {
    if (this.#open.has(socket)) this.#kept.add(socket)
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

  #accept(socket: Socket): void {
    // Node hands a CONNECT over without any listener of its own: a reset that nobody hears would end the program.
    socket.on('error', () => undefined)
    const max = this.#max()
    if (this.#open.size >= max) this.#closeOne(max)
    if (this.#open.size >= max) {
      refuse(socket)
      return
    }
    this.#open.add(socket)
    socket.once('close', () => this.#forget(socket))
  }

  /** The oldest that waits for nothing; else the oldest of those that have shown no key, whatever they wait for. */
  #closeOne(max: number): void {
    const isStranger = (socket: Socket) => !this.#identified.has(socket)
    const areFew = this.#identified.size <= reservedOf(max)
    const isIdle = (socket: Socket) => this.answerOn(socket) === undefined && (isStranger(socket) || !areFew)
    const goes = this.#oldest(isIdle) ?? this.#oldest(isStranger)
    if (goes === undefined) return
    goes.destroy()
    this.#forget(goes)
  }

  /** Other connections on which a request with that key is under way. */
  #othersOf(keyId: string, socket: Socket): number {
    let count = 0
    for (const [other, id] of this.#identified) {
      if (id === keyId && other !== socket && this.answerOn(other) !== undefined) count += 1
    }
    return count
  }

  #oldest(isMeant: (socket: Socket) => boolean): Socket | undefined {
    return this.#open.values().find((socket) => !this.#kept.has(socket) && isMeant(socket))
  }

  #forget(socket: Socket): void {
    this.#open.delete(socket)
    this.#identified.delete(socket)
    this.#kept.delete(socket)
  }
}

function reservedOf(max: number): number {
  return Math.min(reservedPlaces, Math.floor(max / 8))
}

// Made once: a flood of calls is not to cost a stack trace each.
const keyHoldsTooMany = new Failure(
  'too_many_connections',
  'Too many calls with this API key are under way at once. Wait for their answers.',
)

function refuse(socket: Socket): void {
  const failure = new Failure(
    'too_many_connections',
    'Too many connections are open. Close those not needed.',
  )
  endWith(socket, rawResponse(failure))
}

/** Those that were given a last answer. */
const ended = new WeakSet<Socket>()

/** Whether a connection was given its last answer: whatever else comes on it is not carried out. */
export function hasEnded(socket: Socket): boolean {
  return ended.has(socket)
}

/**
 * Writes a last answer and closes the connection a little later: closed at once, what the caller is still
 * sending would be met with a reset that eats the answer. Requests that still come on it are to be left alone.
 */
export function endWith(socket: Socket, answer: string): void {
  ended.add(socket)
  socket.on('error', () => socket.destroy())
  socket.end(answer)
  socket.setTimeout(lingerMs, () => socket.destroy())
  socket.resume()
}
