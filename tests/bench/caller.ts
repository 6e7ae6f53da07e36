import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface Response {
  status: number
  body: string
}

/**
 * One keep-alive connection to an HTTP server on loopback, one request at a time. As little code as possible:
 * what the caller costs is taken from the very cores that are measured.
 */
export class Caller {
  readonly #port: number
  #socket: Socket | null = null
  #received: Buffer = Buffer.alloc(0)
  #waiting: { resolve: (response: Response) => void; reject: (reason: Error) => void } | null = null

  constructor(port: number) {
    this.#port = port
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#ask(Buffer.from(this.#head('GET', path, headers)))
  }

  post(path: string, headers: Record<string, string>, body: string | Buffer): Promise<Response> {
    const length = { 'Content-Length': String(Buffer.byteLength(body)) }
    const head = Buffer.from(this.#head('POST', path, { ...headers, ...length }))
    return this.#ask(Buffer.concat([head, Buffer.from(body)]))
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = null
  }

  #head(method: string, path: string, headers: Record<string, string>): string {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\n${lines.join('')}\r\n`
  }

  #ask(request: Buffer): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket ??= this.#open()
      this.#socket.write(request)
    })
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    socket.on('data', (data) => this.#receive(data))
    socket.on('error', () => {})
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = null
      this.#received = Buffer.alloc(0)
      const waiting = this.#waiting
      this.#waiting = null
      waiting?.reject(new Error('the connection was closed'))
    })
    return socket
  }

  #receive(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data])
    const end = this.#received.indexOf('\r\n\r\n')
    if (end === -1) return
    const head = this.#received.toString('latin1', 0, end)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    const whole = end + 4 + length
    if (this.#received.length < whole) return
    const body = this.#received.toString('utf8', end + 4, whole)
    this.#received = this.#received.subarray(whole)
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.resolve({ status: Number(head.slice(9, 12)), body })
  }
}

/** Does `count` pieces of work, so many at a time; answers how long all took, in milliseconds. */
export async function inParallel(
  atOnce: number,
  count: number,
  work: (index: number, lane: number) => Promise<void>,
): Promise<number> {
  const began = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: atOnce }, async (_, lane) => {
      while (next < count) await work(next++, lane)
    }),
  )
  return performance.now() - began
}

/**
 * Does `count` pieces of work at a steady rate, whether or not earlier ones are done. Answers how long each
 * took from when it was due, in milliseconds: what waits because others are slow counts as slow itself.
 */
export async function steadily(
  perSecond: number,
  count: number,
  work: (index: number) => Promise<void>,
): Promise<number[]> {
  const took: number[] = []
  const running: Promise<void>[] = []
  const began = performance.now()
  for (let index = 0; index < count; index++) {
    const due = began + (index * 1_000) / perSecond
    const early = due - performance.now()
    if (early > 0) await pause(early)
    running.push(
      work(index).then(() => {
        took.push(performance.now() - due)
      }),
    )
  }
  await Promise.all(running)
  return took
}
