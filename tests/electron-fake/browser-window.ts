import { EventEmitter } from 'node:events'
import { FakeBaseWindow } from './base-window.ts'
import { machine, seen, startedAt } from './machine.ts'
import { partOf } from './part.ts'
import type { Seen } from './protocol.ts'
import { FakeContents } from './web-contents.ts'

/** Those that are not destroyed. */
export const browserWindows = new Set<FakeWindow>()
/** Pages that are about to be gone. */
const closing = new Set<Promise<void>>()

/** Every window's page, once it is gone: a process that ends takes its windows with it. */
export async function allGone(): Promise<void> {
  for (const window of Array.from(browserWindows)) window.destroy()
  await Promise.all(closing)
}

export class FakeWindow extends FakeBaseWindow implements Pick<Electron.BrowserWindow, 'loadURL'> {
  readonly webContents: FakeContents
  readonly #icon: string | null

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super(options)
    this.#icon = typeof options.icon === 'string' ? options.icon : null
    this.webContents = new FakeContents(options, () => this.#paint(), look)
    browserWindows.add(this)
    this.on('show', () => this.#onShow())
    look()
  }

  async loadURL(address: string): Promise<void> {
    await this.webContents.loadURL(address)
    look()
  }

  override destroy(): void {
    if (this.isDestroyed()) return
    browserWindows.delete(this)
    closing.add(this.webContents.close())
    super.destroy()
    look()
  }

  /** What of it a test sees. */
  view(): Seen['windows'][number] {
    return {
      visible: this.isVisible(),
      minimized: this.isMinimized(),
      maximized: this.isMaximized(),
      icon: this.#icon,
      zoomLevel: this.webContents.getZoomLevel(),
      url: this.webContents.getURL(),
      preferences: { ...this.webContents.preferences },
    }
  }

  /** The page was drawn, where anything draws it. */
  #paint(): void {
    if (this.isDestroyed()) return
    if (this.isVisible() || machine.paintsHiddenWindows) this.emit('ready-to-show')
    look()
  }

  #onShow(): void {
    seen.shownAfter ??= performance.now() - startedAt
    look()
  }
}

function look(): void {
  seen.windows = Array.from(browserWindows, (window) => window.view())
}

export const screen = partOf<Electron.Screen>()({
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } } as Electron.Display],
})

class FakeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system'
  #dark = machine.dark

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source
    seen.themeSource = source
    this.#notify()
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.#dark : this.#source === 'dark'
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.#dark
  }

  /** The test changes the system's own theme. */
  setSystem(dark: boolean): void {
    this.#dark = dark
    this.#notify()
  }

  #notify(): void {
    this.emit('updated')
    for (const window of browserWindows) void window.webContents.setDark(this.shouldUseDarkColors)
  }
}

export const nativeTheme = new FakeTheme()
