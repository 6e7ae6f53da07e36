import type { App } from 'electron'

import { quitFlag } from '../lifecycle/start-options.ts'

/**
 * Two programs would fight over the phones' sessions (WhatsApp ends one with 440), so that only the first runs.
 *
 * @param onSecond a second start of the program: shows the first one's window
 * @returns whether this is the first
 */
export function isOnlyInstance(app: App, onSecond: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', (_event, words) => {
    // The installer of another version, which then waits for this one's end: resources/installer.nsh.
    if (words.includes(quitFlag)) app.quit()
    else onSecond()
  })
  return true
}
