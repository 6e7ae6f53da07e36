import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../../src-main/sandbox/control/faults.ts'
import type { LastingPractice } from './lasting-practice.ts'

/** One after the other, each for one device. */
const faults: readonly Fault[] = [
  { kind: 'drop' },
  { kind: 'ack-error', code: 463 },
  { kind: 'lose' },
  { kind: 'close', code: 515 },
  { kind: 'ack-error', code: 500 },
  { kind: 'slow', ms: 2_000 },
  { kind: 'upload-error' },
  { kind: 'close', code: 503 },
  { kind: 'retry' },
  { kind: 'silence' },
  { kind: 'query-silence' },
]

/** How long a device may go on feeling what happened to it, in milliseconds. */
const aftermath = 20_000

/** What was done to whom and when, so that the times of calls that it slowed down can be told apart. */
export class Disturbances {
  faults = 0
  restarts = 0
  readonly #times: { number: string | null; at: number }[] = []

  /** @param number the device, or null for all */
  add(number: string | null): void {
    if (number === null) this.restarts++
    else this.faults++
    this.#times.push({ number, at: Date.now() })
  }

  /** Whether a call fell into the aftermath of something. */
  touch(sender: string, askedAt: number, tookMs: number): boolean {
    return this.#times.some(
      ({ number, at }) =>
        (number === null || number === sender) && askedAt + tookMs >= at && askedAt < at + aftermath,
    )
  }
}

/** Breaks something every few seconds until shortly before the end. */
export async function disturb(options: {
  practice: LastingPractice
  numbers: readonly string[]
  plan: { faultEverySeconds: number; restartEverySeconds: number }
  endsAt: number
  disturbances: Disturbances
}): Promise<void> {
  const { practice, numbers, plan, endsAt, disturbances } = options
  let restartAt = Date.now() + plan.restartEverySeconds * 1_000
  for (let count = 0; ; count++) {
    await pause(plan.faultEverySeconds * 1_000)
    if (Date.now() + aftermath > endsAt) return
    if (Date.now() >= restartAt) {
      restartAt += plan.restartEverySeconds * 1_000
      disturbances.add(null)
      await practice.restart()
      continue
    }
    const number = numbers[Math.floor(Math.random() * numbers.length)] ?? ''
    disturbances.add(number)
    await practice.fault({ ...faults[count % faults.length], number } as Fault)
  }
}
