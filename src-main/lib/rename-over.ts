import { renameSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { systemCodeOf } from './failure.ts'

/** How long a file that another program holds is waited for, and the pauses between the tries: milliseconds. */
const retryMs = 2_000
const firstPauseMs = 10
const maxPauseMs = 200

/**
 * Renames a file, over another one if need be. On Windows that fails for as long as an antivirus or a backup program
 * looks into either of them, which is mostly in the moment after it was written: tried again for two seconds.
 *
 * @throws what the last try ended with
 * @see https://github.com/isaacs/node-graceful-fs#improvements-over-fs-module (the same, for the same reason)
 */
export async function renameOver(from: string, to: string): Promise<void> {
  const pauses = pausesMs()
  for (;;) {
    try {
      return await rename(from, to)
    } catch (error) {
      await pause(nextPause(pauses, error))
    }
  }
}

/** The same for the start and the end of the program, when nothing else waits for this thread. */
export function renameOverSync(from: string, to: string): void {
  const pauses = pausesMs()
  for (;;) {
    try {
      return renameSync(from, to)
    } catch (error) {
      Atomics.wait(sleeper, 0, 0, nextPause(pauses, error))
    }
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))
const transientCodes = new Set(['EPERM', 'EBUSY', 'EACCES'])

function nextPause(pauses: Iterator<number>, error: unknown): number {
  const next = transientCodes.has(systemCodeOf(error)) ? pauses.next() : null
  if (next === null || next.done === true) throw error
  return next.value
}

function* pausesMs(): Generator<number> {
  const until = performance.now() + retryMs
  for (let pauseMs = firstPauseMs; performance.now() < until; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    yield pauseMs
  }
}
