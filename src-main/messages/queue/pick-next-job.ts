import type { Job } from '../submit/pending-request.ts'

/** What a sender is to do next: hand over `job`, or look again at `wakeAt` (Infinity: when something happens). */
export interface NextJob {
  job: Job | null
  wakeAt: number
}

/**
 * The first message that can be handed over now, in the order given. One that must wait holds up those
 * that came after it to the same recipient, and nobody else.
 *
 * @param reach how many that wait are looked past
 * @param readyAt when a message can be handed over, in milliseconds; Infinity where something must happen first
 */
export function pickNextJob(
  jobs: Iterable<Job>,
  now: number,
  reach: number,
  readyAt: (job: Job) => number,
): NextJob {
  let waiting: Set<string> | undefined
  let wakeAt = Infinity
  let passed = 0
  for (const job of jobs) {
    const { recipient } = job.message
    if (waiting?.has(recipient)) continue
    const at = readyAt(job)
    if (at <= now) return { job, wakeAt: now }
    wakeAt = Math.min(wakeAt, at)
    if (++passed > reach) break
    waiting ??= new Set()
    waiting.add(recipient)
  }
  return { job: null, wakeAt }
}

/** How long to wait before trying again, in milliseconds: longer each time, 10 minutes at most. */
export function retryDelay(attempts: number, first: number): number {
  return Math.min(first * 2 ** Math.max(0, attempts - 1), 600_000)
}
