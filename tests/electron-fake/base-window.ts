import { EventEmitter } from 'node:events'
import { event, sayLast } from './app.ts'

/** Every window that is not destroyed, those without a page included. */
export const allWindows = new Set<FakeBaseWindow>()

type Part = Pick<
  Electron.BaseWindow,
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'show'
  | 'focus'
  | 'restore'
  | 'minimize'
  | 'isMinimized'
  | 'isMaximized'
  | 'maximize'
  | 'isVisible'
  | 'getNormalBounds'
>

export class FakeBaseWindow extends EventEmitter implements Part {
  readonly #bounds: Electron.Rectangle
  #destroyed = false
  #visible: boolean
  #minimized = false
  #maximized = false

  constructor(options: Electron.BaseWindowConstructorOptions = {}) {
    super()
    const { x = 0, y = 0, width = 800, height = 600 } = options
    this.#bounds = { x, y, width, height }
    this.#visible = options.show ?? true
    allWindows.add(this)
  }

  close(): void {
    const asked = event()
    this.emit('close', asked)
    if (!asked.defaultPrevented) this.destroy()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    allWindows.delete(this)
    this.emit('closed')
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  show(): void {
    this.#minimized = false
    this.#reveal()
  }

  focus(): void {
    this.#reveal()
  }

  restore(): void {
    this.#minimized = false
    this.#reveal()
  }

  /** A window that was never shown is shown minimised (native_window_views.cc). */
  minimize(): void {
    this.#minimized = true
    this.#reveal()
  }

  isMinimized(): boolean {
    return this.#minimized
  }

  isMaximized(): boolean {
    return this.#maximized
  }

  /** "This will also show (but not focus) the window if it isn't being displayed already" (BrowserWindow). */
  maximize(): void {
    this.#maximized = true
    this.#reveal()
  }

  isVisible(): boolean {
    return this.#visible
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds }
  }

  #reveal(): void {
    this.#visible = true
    this.emit('show')
  }
}

/**
 * The end of a session on Windows (native_window_views_win.cc): every window is asked, then every window is told,
 * and the process is ended before anything asynchronous goes on. before-quit is never emitted.
 *
 * @param gapMs what the other programs take to answer, in milliseconds
 */
export function endSession(cancelled: boolean, gapMs: number): void {
  let isPrevented = false
  for (const window of Array.from(allWindows)) {
    const asked = { ...event(), reasons: ['shutdown'] }
    window.emit('query-session-end', asked)
    isPrevented ||= asked.defaultPrevented
  }
  if (cancelled || isPrevented) return
  setTimeout(() => {
    for (const window of Array.from(allWindows))
      window.emit('session-end', { ...event(), reasons: ['shutdown'] })
    sayLast(() => process.kill(process.pid, 'SIGKILL'))
  }, gapMs)
}
