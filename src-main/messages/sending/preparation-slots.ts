import type { PendingRequest } from '../submit/pending-request.ts'
import type { MediaPreparation } from './media-preparation.ts'
import type { FailureInfo } from '../log/failure-messages.ts'

interface Owner {
  ready: () => void
  refused: (request: PendingRequest, reason: FailureInfo) => void
  wakeAt: (at: number) => void
}

/**
 * One device's requests that are not in WhatsApp's form yet, prepared a few at a time: those of one API key in order,
 * and keys in turn. A text waits for no file.
 */
export class PreparationSlots {
  readonly #dependencies: { mediaPreparation: MediaPreparation; now: () => number }
  readonly #owner: Owner
  /** By key and whether they are texts; the first lane is the next to be served. */
  readonly #lanes = new Map<string, Set<PendingRequest>>()

  constructor(dependencies: { mediaPreparation: MediaPreparation; now: () => number }, owner: Owner) {
    this.#dependencies = dependencies
    this.#owner = owner
  }

  add(request: PendingRequest): void {
    if (request.prepared) return
    const name = laneOf(request)
    const lane = this.#lanes.get(name) ?? new Set()
    this.#lanes.set(name, lane.add(request))
  }

  /** What was put off is tried at once. */
  recheck(): void {
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
  #beginNext(lane: Set<PendingRequest>): boolean {
    const { mediaPreparation, now } = this.#dependencies
    for (const request of lane) {
      if (request.decided || request.cancelled) lane.delete(request)
      else if (!request.written || mediaPreparation.isRunning(request)) continue
      else if (request.prepareAt > now()) this.#owner.wakeAt(request.prepareAt)
      else if (!mediaPreparation.hasRoom(request)) return false
      else {
        this.#begin(request, lane)
        return true
      }
    }
    return false
  }

  #begin(request: PendingRequest, lane: Set<PendingRequest>): void {
    this.#dependencies.mediaPreparation.begin(request, {
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

function laneOf({ keyId, pending }: PendingRequest): string {
  return `${pending?.content.kind ?? ''} ${keyId ?? ''}`
}
