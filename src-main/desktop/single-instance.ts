import type { App } from 'electron'

/**
 * Two programs would fight over the phones' sessions (WhatsApp ends one with 440), so that only the first runs.
 *
 * @param onSecond a second start of the program: shows the first one's window
 * @returns whether this is the first
 */
export function isOnlyInstance(app: App, onSecond: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', onSecond)
  return true
}
