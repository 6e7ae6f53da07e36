import type { Companion } from './companions.ts'
import { seconds } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

interface Cap {
  total: number
  used: number
  beganAt: number
  endsAt: number
}

const cycleMs = 30 * 24 * 3_600_000

/** WhatsApp's quota of new chats, by account; an account without one may begin as many as it likes. */
export class NewChatCaps {
  readonly #caps = new Map<string, Cap>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  set(number: string, total: number, lengthMs = cycleMs): void {
    const beganAt = this.#now()
    // It is told in seconds.
    const endsAt = Math.floor((beganAt + lengthMs) / 1_000) * 1_000
    this.#caps.set(number, { total, used: 0, beganAt, endsAt })
  }

  isUsedUp(number: string): boolean {
    const cap = this.#capOf(number)
    return cap !== undefined && cap.used >= cap.total
  }

  /** Counts a new chat; answers whether half of the quota, or all of it, is used by that: clients are told. */
  count(number: string): boolean {
    const cap = this.#capOf(number)
    if (cap === undefined) return false
    cap.used++
    return cap.used === Math.ceil(cap.total / 2) || cap.used === cap.total
  }

  /** As GraphQL answers, with numbers and text mixed, as was seen. */
  answer(number: string): object {
    const cap = this.#capOf(number)
    if (cap === undefined) return { total_quota: -1, used_quota: 0 }
    return {
      capping_status: statusOf(cap),
      ote_status: 'NOT_ELIGIBLE',
      mv_status: 'NOT_ELIGIBLE',
      total_quota: cap.total,
      used_quota: String(cap.used),
      cycle_start_timestamp: seconds(cap.beganAt),
      cycle_end_timestamp: seconds(cap.endsAt),
      server_sent_timestamp: seconds(this.#now()),
    }
  }

  #capOf(number: string): Cap | undefined {
    const cap = this.#caps.get(number)
    if (cap !== undefined && cap.endsAt <= this.#now()) this.#caps.delete(number)
    return this.#caps.get(number)
  }
}

function statusOf({ used, total }: Cap): string {
  if (used >= total) return 'CAPPED'
  return used * 2 >= total ? 'FIRST_WARNING' : 'NONE'
}

/** Whether a message begins a chat: neither has ever written to the other. */
export function beginsChat(context: SandboxContext, { number }: Companion, recipient: string): boolean {
  if (recipient === number) return false
  return !context.inbox.hasMessage(number, recipient) && !context.inbox.hasMessage(recipient, number)
}
