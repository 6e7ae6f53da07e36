import type { Companion } from '../accounts/companions.ts'
import type { ClientConnection } from './client-connection.ts'

/** The open connections. */
export class ClientConnections {
  readonly #lines = new Set<ClientConnection>()

  add(line: ClientConnection): void {
    this.#lines.add(line)
  }

  remove(line: ClientConnection): void {
    this.#lines.delete(line)
  }

  all(): ClientConnection[] {
    return [...this.#lines]
  }

  /** The connection on which a companion is logged in and has heard what came while it was away. */
  of(companion: Companion): ClientConnection | undefined {
    for (const line of this.#lines)
      if (line.companion === companion && line.delivery?.live === true) return line
    return undefined
  }

  /** The client that shows a QR with that reference. */
  withReference(reference: string): ClientConnection | undefined {
    for (const line of this.#lines) if (line.pairing?.references.includes(reference) === true) return line
    return undefined
  }
}
