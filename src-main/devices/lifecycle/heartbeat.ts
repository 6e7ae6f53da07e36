/** Milliseconds between two looks at all connections. */
export const checkIntervalMs = 1_000

/**
 * A line on which nothing came for so long is asked whether it is alive. WhatsApp Web asks every 15 to 30 s and gives
 * a line up 20 s after the first thing that got no answer (whatsapp-rust, keepalive).
 */
const askAfterMs = 25_000
/** One on which an acknowledgement is awaited is asked sooner. */
const askAfterOwedMs = 5_000
/** Looks without any answer after which it counts as dead: 45 to 47 s after the last sign of life. */
const maxAnswerChecks = 20
/** A look that comes so late means that the machine slept. */
const sleptAfterMs = 20_000

export interface HeartbeatState {
  /** When anything last arrived, milliseconds. */
  lastReceivedAt: number
  /** Looks since it was asked; 0 when it was not. */
  unanswered: number
}

export function initialHeartbeat(now: number): HeartbeatState {
  return { lastReceivedAt: now, unanswered: 0 }
}

/** To be called when anything arrives. */
export function received(heartbeat: HeartbeatState, now: number): void {
  heartbeat.lastReceivedAt = now
  heartbeat.unanswered = 0
}

/**
 * One look at a line. Looks are counted rather than milliseconds, so that a busy moment of this program is
 * not taken for a silent server.
 *
 * @param isOwed an acknowledgement is awaited
 */
export function checkHeartbeat(
  heartbeat: HeartbeatState,
  now: number,
  isOwed = false,
): 'fine' | 'ask' | 'dead' {
  if (heartbeat.unanswered > 0) {
    heartbeat.unanswered++
    return heartbeat.unanswered > maxAnswerChecks ? 'dead' : 'fine'
  }
  // What arrived before the clock was set back lies ahead, and says nothing of now.
  const silentMs = Math.abs(now - heartbeat.lastReceivedAt)
  if (silentMs < (isOwed ? askAfterOwedMs : askAfterMs)) return 'fine'
  heartbeat.unanswered = 1
  return 'ask'
}

export interface HeartbeatTarget {
  readonly heartbeat: HeartbeatState
  /** Whether the server owes an acknowledgement. */
  isOwed(): boolean
  /** Sends something that the server answers. */
  ask(): void
  /** The line is dead. */
  onTimeout(): void
}

/** Looks at all connections with one timer, which runs only while there are any. */
export class Heartbeat {
  readonly #watched = new Set<HeartbeatTarget>()
  readonly #now: () => number
  readonly #slept: () => void
  #timer: NodeJS.Timeout | null = null
  #lastLook = 0

  /** @param slept called when the machine has slept: every line is stale then */
  constructor(now: () => number, slept: () => void) {
    this.#now = now
    this.#slept = slept
  }

  watch(line: HeartbeatTarget): void {
    this.#watched.add(line)
    if (this.#timer !== null) return
    this.#lastLook = this.#now()
    this.#timer = setInterval(() => this.#checkAll(), checkIntervalMs)
    this.#timer.unref()
  }

  forget(line: HeartbeatTarget): void {
    this.#watched.delete(line)
    if (this.#watched.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  #checkAll(): void {
    const now = this.#now()
    const slept = now - this.#lastLook > sleptAfterMs
    this.#lastLook = now
    if (slept) return this.#slept()
    for (const line of Array.from(this.#watched)) {
      const found = checkHeartbeat(line.heartbeat, now, line.isOwed())
      if (found === 'ask') line.ask()
      else if (found === 'dead') line.onTimeout()
    }
  }
}
