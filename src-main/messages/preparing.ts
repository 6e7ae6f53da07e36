import type { LiveRequest } from './live-request.ts'
import type { Preparations } from './preparations.ts'
import type { Reason } from './sentences.ts'

interface Owner {
  ready: () => void
  refused: (request: LiveRequest, reason: Reason) => void
  wakeAt: (at: number) => void
}

/**
 * One device's requests that are not in WhatsApp's form yet, prepared a few at a time: those of one API key in order,
 * and keys in turn. A text waits for no file.
 */
export class Preparing {
  readonly #parts: { preparations: Preparations; now: () => number }
  readonly #owner: Owner
  /** By key and whether they are texts; the first lane is the next to be served. */
  readonly #lanes = new Map<string, Set<LiveRequest>>()

  constructor(parts: { preparations: Preparations; now: () => number }, owner: Owner) {
    this.#parts = parts
    this.#owner = owner
  }

  add(request: LiveRequest): void {
    if (request.prepared) return
    const name = laneOf(request)
    const lane = this.#lanes.get(name) ?? new Set()
    this.#lanes.set(name, lane.add(request))
  }

  /** What was put off is tried at once. */
  lookAgain(): void {
    for (const lane of this.#lanes.values()) for (const request of lane) request.prepareAt = 0
  }

  /** Begins with the next ones. */
  run(): void {
    for (const [name, lane] of this.#lanes) {
      const begun = this.#beginNext(lane)
      if (begun || lane.size === 0) this.#lanes.delete(name)
      // At the end, where this loop comes to it again.
      if (begun && lane.size > 0) this.#lanes.set(name, lane)
    }
  }

  /** Answers whether one was begun. */
  #beginNext(lane: Set<LiveRequest>): boolean {
    const { preparations, now } = this.#parts
    for (const request of lane) {
      if (request.decided || request.disowned) lane.delete(request)
      else if (!request.written || preparations.isRunning(request)) continue
      else if (request.prepareAt > now()) this.#owner.wakeAt(request.prepareAt)
      else if (!preparations.hasRoom(request)) return false
      else {
        this.#begin(request, lane)
        return true
      }
    }
    return false
  }

  #begin(request: LiveRequest, lane: Set<LiveRequest>): void {
    this.#parts.preparations.begin(request, {
      ready: () => {
        lane.delete(request)
        this.#owner.ready()
      },
      refused: (reason) => {
        lane.delete(request)
        this.#owner.refused(request, reason)
      },
      later: (at) => {
        request.prepareAt = at
        this.#owner.wakeAt(at)
      },
    })
  }
}

function laneOf({ keyId, pending }: LiveRequest): string {
  return `${pending?.content.kind ?? ''} ${keyId ?? ''}`
}
