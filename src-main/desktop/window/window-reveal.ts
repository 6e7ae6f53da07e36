import type { BrowserWindow } from 'electron'

/** Milliseconds after which a window is shown even if nothing says that its page was drawn. */
const timeoutMs = 2_000

/**
 * Shows a new window once its page is drawn. On Wayland, and sometimes on Windows, a hidden window gets no frames and
 * `ready-to-show` never comes (https://github.com/electron/electron/issues/48859); so the first of three signs counts.
 *
 * @param maximized as it was kept; maximising shows a hidden window at once, so it waits too
 */
export function revealOnce(window: BrowserWindow, maximized: boolean): void {
  let isRevealed = false
  const reveal = (): void => {
    if (isRevealed || window.isDestroyed()) return
    isRevealed = true
    clearTimeout(timer)
    if (maximized) window.maximize()
    window.show()
  }
  const timer = setTimeout(reveal, timeoutMs).unref()
  window.once('ready-to-show', reveal)
  window.webContents.once('did-finish-load', reveal)
}
