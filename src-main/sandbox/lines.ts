import type { Companion } from './companions.ts'
import type { Line } from './line.ts'

/** The open connections. */
export class Lines {
  readonly #lines = new Set<Line>()

  add(line: Line): void {
    this.#lines.add(line)
  }

  remove(line: Line): void {
    this.#lines.delete(line)
  }

  all(): Line[] {
    return [...this.#lines]
  }

  /** The connection on which a companion is logged in and has heard what came while it was away. */
  of(companion: Companion): Line | undefined {
    for (const line of this.#lines)
      if (line.companion === companion && line.delivery?.live === true) return line
    return undefined
  }

  /** The client that shows a QR with that reference. */
  withReference(reference: string): Line | undefined {
    for (const line of this.#lines) if (line.pairing?.references.includes(reference) === true) return line
    return undefined
  }
}
