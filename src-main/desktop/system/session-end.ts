import { app, BaseWindow } from 'electron'
import type { Quitting } from '../lifecycle/quitting.ts'
import { relaunch, restartArguments } from '../lifecycle/restart.ts'

/**
 * Milliseconds after which a program that still runs knows that the session goes on: another program, or the person in
 * front of it, has cancelled its end.
 */
const cancelledAfterMs = 20_000

/**
 * On Windows a shutdown or a log-off emits no before-quit, and the process is ended as soon as every window was told
 * (electron: native_window_views_win.cc, WM_ENDSESSION). While the other programs are asked whether they agree there is
 * time to finish what is in flight; a window is told of that, so there is one that is never shown, as the operator's may
 * be closed. The end is never held up: what is not finished by then is found by the next start, as after a power cut.
 */
export function finishAtSessionEnd(quitting: Quitting): void {
  if (process.platform !== 'win32') return
  const sentinel = new BaseWindow({ show: false, width: 1, height: 1, skipTaskbar: true, focusable: false })
  sentinel.on('query-session-end', () => {
    quitting.finishThen(() => {
      setTimeout(() => {
        relaunch(app, restartArguments(Date.now()))
        app.exit(0)
      }, cancelledAfterMs)
    })
  })
}
