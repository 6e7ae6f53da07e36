import type { App } from 'electron'

/** Milliseconds after which the operator is told what the program waits for. */
const patience = 1_000
/** Milliseconds after which it ends whatever hangs: the outbox survives that as it survives a power cut. */
const deadline = 15_000

export interface Quitting {
  /** Whether the program is on its way out. */
  readonly isQuitting: boolean
}

/**
 * Quitting first finishes what is in flight. However often and from wherever it is asked for (tray, Ctrl-C, the
 * system's own end), it happens once.
 *
 * @param finish stops everything in order
 * @param onSlow a word to the operator, when that takes longer than a second
 */
export function watchQuitting(app: App, finish: () => Promise<void>, onSlow: () => void): Quitting {
  let quitting = false
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (quitting) return
    quitting = true
    const slow = setTimeout(onSlow, patience)
    setTimeout(() => app.exit(1), deadline).unref()
    void finish().then(
      () => {
        clearTimeout(slow)
        app.exit(0)
      },
      () => app.exit(1),
    )
  })
  return {
    get isQuitting() {
      return quitting
    },
  }
}
