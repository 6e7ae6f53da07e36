import type { App } from 'electron'
import { killProcess } from '../../headless/end-process.ts'

/** Milliseconds after which the operator is told what the program waits for. */
const slowAfterMs = 1_000
/** Milliseconds after which it ends whatever hangs: the outbox survives that as it survives a power cut. */
const deadlineMs = 15_000

export interface Quitting {
  /** Whether the program is on its way out. */
  readonly isQuitting: boolean
  /** Finishes what is in flight and then does that, which ends the program; nothing where it quits already. */
  finishThen(end: () => void): void
}

/**
 * Quitting first finishes what is in flight. However often and from wherever it is asked for (tray, Ctrl-C, the end of
 * the session on Linux and macOS), it happens once. The end of a session on Windows emits no before-quit: see
 * session-end.ts.
 *
 * @param finish stops everything in order
 * @param onSlow a word to the operator, when that takes longer than a second
 */
export function watchQuitting(app: App, finish: () => Promise<void>, onSlow: () => void): Quitting {
  let state: 'running' | 'finishing' | 'finished' = 'running'
  app.on('before-quit', (event) => {
    if (state === 'finished') return
    event.preventDefault()
    finishThen(() => app.exit(0))
  })
  return {
    finishThen,
    get isQuitting() {
      return state !== 'running'
    },
  }

  function finishThen(end: () => void): void {
    if (state !== 'running') return
    state = 'finishing'
    const slow = setTimeout(onSlow, slowAfterMs)
    const hanging = setTimeout(killProcess, deadlineMs).unref()
    void finish().then(
      () => {
        clearTimeout(slow)
        clearTimeout(hanging)
        state = 'finished'
        end()
      },
      () => app.exit(1),
    )
  }
}
