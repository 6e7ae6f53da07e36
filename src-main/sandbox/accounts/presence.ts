import type { Companion } from './companions.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** What a companion has last said of itself on its connection. */
export type Presence = 'available' | 'unavailable'

/** How an account looks because of its companions. */
export interface Appearance {
  /** What contacts see: some companion is available. */
  online: boolean
  /** The phone does not notify of new messages while a companion is available. */
  phoneMuted: boolean
  /** How often a companion has become available since the sandbox was started. */
  timesOnline: number
  /** The name that contacts see; null until a presence has told one. */
  name: string | null
}

/** Who is available. A companion that has disconnected is not. */
export class Presences {
  readonly #timesOnline = new Map<string, number>()
  readonly #names = new Map<string, string>()

  /**
   * Takes a `<presence>` of a companion. Without a type it means available, as with the real server; one that is about
   * somebody else (`subscribe`) says nothing of the companion itself.
   */
  take(line: ClientConnection, { attrs }: BinaryNode): void {
    const { companion } = line
    const type = attrs['type'] ?? 'available'
    if (companion === null || (type !== 'available' && type !== 'unavailable')) return
    const { number } = companion
    if (attrs['name'] !== undefined) this.#names.set(number, attrs['name'])
    if (type === 'available' && line.presence !== 'available') {
      this.#timesOnline.set(number, (this.#timesOnline.get(number) ?? 0) + 1)
    }
    line.presence = type
  }

  of(context: SandboxContext, number: string): Appearance {
    const isAvailable = (companion: Companion): boolean =>
      context.lines.of(companion)?.presence === 'available'
    const online = context.companions.of(number).some(isAvailable)
    return {
      online,
      phoneMuted: online,
      timesOnline: this.#timesOnline.get(number) ?? 0,
      name: this.#names.get(number) ?? null,
    }
  }
}
