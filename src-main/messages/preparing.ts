import type { LiveRequest } from './live-request.ts'
import type { Preparations } from './preparations.ts'
import type { Reason } from './sentences.ts'

interface Owner {
  ready: () => void
  refused: (request: LiveRequest, reason: Reason) => void
  wakeAt: (at: number) => void
}

/** One device's requests that are not in WhatsApp's form yet, prepared a few at a time, in order. */
export class Preparing {
  readonly #deviceId: string
  readonly #parts: { preparations: Preparations; now: () => number }
  readonly #owner: Owner
  readonly #waiting = new Set<LiveRequest>()

  constructor(deviceId: string, parts: { preparations: Preparations; now: () => number }, owner: Owner) {
    this.#deviceId = deviceId
    this.#parts = parts
    this.#owner = owner
  }

  add(request: LiveRequest): void {
    if (!request.prepared) this.#waiting.add(request)
  }

  /** What was put off is tried at once. */
  lookAgain(): void {
    for (const request of this.#waiting) request.prepareAt = 0
  }

  /** Begins with the next ones. */
  run(): void {
    const { preparations, now } = this.#parts
    for (const request of this.#waiting) {
      if (request.decided || request.disowned) this.#waiting.delete(request)
      else if (!request.written) continue
      else if (request.prepareAt > now()) this.#owner.wakeAt(request.prepareAt)
      else if (!preparations.hasRoom(this.#deviceId)) return
      else this.#begin(request)
    }
  }

  #begin(request: LiveRequest): void {
    this.#parts.preparations.begin(request, {
      ready: () => {
        this.#waiting.delete(request)
        this.#owner.ready()
      },
      refused: (reason) => {
        this.#waiting.delete(request)
        this.#owner.refused(request, reason)
      },
      later: (at) => {
        request.prepareAt = at
        this.#owner.wakeAt(at)
      },
    })
  }
}
