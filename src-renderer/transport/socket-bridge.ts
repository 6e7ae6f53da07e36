import type {
  AnswerOf,
  Call,
  EventName,
  Events,
  FrameToProgram,
  FrameToWindow,
  Outcome,
  RequestOf,
  SocketPath,
} from '../../src-preload/contract.ts'
import type { Link, LinkedBridge } from './link.ts'

const path: SocketPath = '/bridge'
const closedForToken = 4401
const firstDelayMs = 400
const maxDelayMs = 5_000

type Settle = (outcome: Outcome<unknown>) => void
type AnyListener = (payload: never) => void

/** The bridge over headless' WebSocket: connects at once, and again whenever the line is lost. */
export class SocketBridge implements LinkedBridge {
  #link: Link = 'connecting'
  #socket: WebSocket | null = null
  #nextId = 1
  #delayMs = firstDelayMs
  #retry: number | undefined
  readonly #token: string | null
  readonly #pending = new Map<number, Settle>()
  readonly #waiting: (() => void)[] = []
  readonly #listeners = new Map<EventName, Set<AnyListener>>()
  readonly #linkListeners = new Set<() => void>()

  constructor(token: string | null) {
    this.#token = token
    if (token === null) this.#link = 'refused'
    else this.#connect(token)
  }

  get link(): Link {
    return this.#link
  }

  onLink(listener: () => void): () => void {
    this.#linkListeners.add(listener)
    return () => this.#linkListeners.delete(listener)
  }

  on<Name extends EventName>(event: Name, listener: (payload: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set<AnyListener>()
    this.#listeners.set(event, listeners)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** A call made while the line is coming up waits for it; one whose line is lost fails, and is not repeated. */
  call<Name extends Call>(name: Name, request: RequestOf<Name>): Promise<Outcome<AnswerOf<Name>>> {
    return new Promise((resolve) => {
      const send = () => {
        const id = this.#nextId++
        this.#pending.set(id, resolve as Settle)
        this.#send({ id, call: name, request })
      }
      if (this.#link === 'online') send()
      else if (this.#link === 'connecting') this.#waiting.push(send)
      else resolve(nobodyThere)
    })
  }

  #connect(token: string): void {
    const socket = new WebSocket(`${window.location.origin.replace(/^http/, 'ws')}${path}`)
    this.#socket = socket
    socket.addEventListener('open', () => this.#send({ token }))
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data)) as FrameToWindow))
    socket.addEventListener('close', ({ code }) => this.#closed(code))
  }

  #send(frame: FrameToProgram): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  #receive(frame: FrameToWindow): void {
    if ('ready' in frame) this.#opened()
    else if ('event' in frame) this.#notify(frame.event, frame.payload)
    else {
      this.#pending.get(frame.id)?.(frame.outcome)
      this.#pending.delete(frame.id)
    }
  }

  #notify(event: EventName, payload: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(payload as never)
  }

  #opened(): void {
    this.#delayMs = firstDelayMs
    this.#become('online')
    for (const send of this.#waiting.splice(0)) send()
  }

  #closed(code: number): void {
    for (const settle of this.#pending.values()) settle(nobodyThere)
    this.#pending.clear()
    if (code === closedForToken || this.#token === null) {
      this.#become('refused')
      return
    }
    this.#become('offline')
    const token = this.#token
    window.clearTimeout(this.#retry)
    this.#retry = window.setTimeout(() => this.#connect(token), this.#delayMs)
    this.#delayMs = Math.min(this.#delayMs * 2, maxDelayMs)
  }

  #become(link: Link): void {
    this.#link = link
    for (const listener of this.#linkListeners) listener()
  }
}

const nobodyThere: Outcome<never> = {
  ok: false,
  error: { code: 'shutting_down', message: 'Kurir does not answer.' },
}
