import type { IncomingMessage } from 'node:http'
import { Failure } from '../../lib/failure.ts'
import { cutOff } from './body-limits.ts'

/**
 * The bytes of a request's body, pulled piece by piece. It listens to its request for as long as that lives, so that
 * nothing that happens to the connection is an error without a listener.
 */
export class BodyChunks {
  readonly #request: IncomingMessage
  readonly #queue: Buffer[] = []
  #state: 'open' | 'ended' | 'discarding' | Failure = 'open'
  #wake: () => void = () => undefined

  constructor(request: IncomingMessage) {
    this.#request = request
    request.on('data', (chunk: Buffer) => {
      if (this.#state === 'discarding') return
      this.#queue.push(chunk)
      request.pause()
      this.#wake()
    })
    request.on('end', () => this.#settle('ended'))
    request.on('error', () => this.#cutOff())
    request.on('close', () => this.#cutOff())
    // After an Upgrade header Node reports no error of a body that is cut short or badly framed.
    const { socket } = request
    const atEnd = (): void => {
      if (!request.complete) this.#cutOff()
    }
    socket.on('end', atEnd)
    request.on('close', () => socket.off('end', atEnd))
  }

  /**
   * The next piece; null at the end.
   *
   * @param deadline by performance.now()
   * @throws Failure body_unreadable when the connection ends first, request_timeout after the deadline
   */
  async next(deadline = Infinity): Promise<Buffer | null> {
    for (;;) {
      const chunk = this.#queue.shift()
      if (chunk !== undefined) return chunk
      if (this.#state === 'ended') return null
      if (this.#state instanceof Failure) throw this.#state
      const { promise, resolve } = Promise.withResolvers<'ready' | 'late'>()
      this.#wake = () => resolve('ready')
      this.#request.resume()
      const timer =
        deadline === Infinity ? undefined : setTimeout(() => resolve('late'), deadline - performance.now())
      const outcome = await promise
      clearTimeout(timer)
      if (outcome === 'late') throw bodyLate()
    }
  }

  /** The next piece, which stays the next; empty at the end. */
  async peek(deadline = Infinity): Promise<Buffer> {
    const chunk = await this.next(deadline)
    if (chunk === null) return Buffer.alloc(0)
    this.#queue.unshift(chunk)
    return chunk
  }

  /** Reads the rest and throws it away: an answer reaches its caller only when everything was taken from it. */
  discard(): void {
    if (this.#state === 'open') this.#state = 'discarding'
    this.#queue.length = 0
    this.#request.resume()
  }

  /** A request is closed after its end, too: only one that is open was cut off. */
  #cutOff(): void {
    if (this.#state === 'open') this.#settle(cutOff())
  }

  #settle(state: 'ended' | Failure): void {
    if (this.#state !== 'open') return
    this.#state = state
    this.#wake()
  }
}

function bodyLate(): Failure {
  return new Failure(
    'request_timeout',
    'The body did not arrive completely in time. It may take longer if the API key is sent in a header or in the address.',
  )
}
