import { EventEmitter } from 'node:events'
import { machine, seen, startedAt } from './machine.ts'
import { partOf } from './part.ts'
import { StandInContents } from './web-contents.ts'

/** Those that are not destroyed. */
export const browserWindows = new Set<StandInWindow>()
/** Pages that are about to be gone. */
const closing = new Set<Promise<void>>()

/** Every window's page, once it is gone: a process that ends takes its windows with it. */
export async function allGone(): Promise<void> {
  for (const window of Array.from(browserWindows)) window.destroy()
  await Promise.all(closing)
}

type Part = Pick<
  Electron.BrowserWindow,
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'show'
  | 'focus'
  | 'restore'
  | 'isMinimized'
  | 'isMaximized'
  | 'maximize'
  | 'isVisible'
  | 'getNormalBounds'
  | 'loadURL'
>

export class StandInWindow extends EventEmitter implements Part {
  readonly webContents: StandInContents
  readonly #bounds: Electron.Rectangle
  #destroyed = false
  #visible: boolean
  #maximized = false

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super()
    const { x = 0, y = 0, width = 800, height = 600 } = options
    this.#bounds = { x, y, width, height }
    this.#visible = options.show ?? true
    this.webContents = new StandInContents(options, () => this.emit('ready-to-show'))
    browserWindows.add(this)
    this.#look()
  }

  async loadURL(address: string): Promise<void> {
    await this.webContents.loadURL(address)
    this.#look()
  }

  close(): void {
    let prevented = false
    this.emit('close', {
      preventDefault: () => {
        prevented = true
      },
    })
    if (!prevented) this.destroy()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    browserWindows.delete(this)
    closing.add(this.webContents.close())
    this.emit('closed')
    this.#look()
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  show(): void {
    this.#visible = true
    seen.shownAfter ??= performance.now() - startedAt
    this.#look()
  }

  focus(): void {
    this.#visible = true
  }

  restore(): void {
    this.#visible = true
  }

  isMinimized(): boolean {
    return false
  }

  isMaximized(): boolean {
    return this.#maximized
  }

  maximize(): void {
    this.#maximized = true
  }

  isVisible(): boolean {
    return this.#visible
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds }
  }

  #look(): void {
    seen.windows = Array.from(browserWindows, (window) => ({
      visible: window.isVisible(),
      url: window.webContents.getURL(),
      preferences: { ...window.webContents.preferences },
    }))
  }
}

export const screen = partOf<Electron.Screen>()({
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } } as Electron.Display],
})

class StandInTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system'
  #dark = machine.dark

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source
    seen.themeSource = source
    this.#tell()
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
    this.#tell()
  }

  #tell(): void {
    this.emit('updated')
    for (const window of browserWindows) void window.webContents.setDark(this.shouldUseDarkColors)
  }
}

export const nativeTheme = new StandInTheme()
