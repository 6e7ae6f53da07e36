import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import type { Page } from '../../../src-preload/contract.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Settings } from '../../storage/settings/settings.ts'
import { windowAddress } from './app-scheme.ts'
import { offerContextMenu } from './context-menu.ts'
import { trySetSetting } from '../lifecycle/try-set-setting.ts'
import { watchPage } from './page-crash.ts'
import type { Texts } from '../i18n/texts.ts'
import { boundsFrom, smallest } from './window-bounds.ts'
import { revealOnce } from './window-reveal.ts'
import { listenForQuit, listenForZoom } from './window-keys.ts'

/** The page's own background in each theme, so that nothing flashes before it is drawn. */
const background = { light: '#ffffff', dark: '#242424' }

export interface MainWindowOptions {
  settings: Settings
  log: Logger
  texts: () => Texts
  /** The built preload. */
  preload: string
  icon: string | null
  developerTools: boolean
  /** Before the window is closed, which may be prevented. */
  onClose: (event: { preventDefault(): void }, window: BrowserWindow) => void
  /** Ends the program by Ctrl+Q, where there is no tray to end it from. */
  quitByKey: () => void
  /** After the window was closed and its memory given back. */
  onClosed: () => void
  /** Tells an open window to show a page. */
  navigate: (page: Page, id: string | null) => void
  /** Before its page, which was gone, is loaded again. */
  onReload: () => void
}

/** The operator's window: made when it is asked for, and destroyed, not hidden, when it is closed. */
export class MainWindow {
  readonly #options: MainWindowOptions
  #window: BrowserWindow | null = null

  constructor(options: MainWindowOptions) {
    this.#options = options
  }

  get browserWindow(): BrowserWindow | null {
    return this.#window
  }

  /** Opens the window, or brings it to the front. */
  show(page: Page | null = null, id: string | null = null): void {
    if (this.#window === null) return this.#create('shown', page, id)
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
    if (page !== null) this.#options.navigate(page, id)
  }

  /** Opens the window minimised, where there is no tray to open it from. */
  showMinimized(): void {
    if (this.#window === null) this.#create('minimized', null, null)
    else this.#window.minimize()
  }

  destroy(): void {
    this.#window?.destroy()
  }

  /** Where it is, for the next time; while the application still runs, whose folder and log that takes. */
  keepBounds(): void {
    const window = this.#window
    if (window === null || window.isDestroyed()) return
    const { x, y, width, height } = window.getNormalBounds()
    const { settings, log } = this.#options
    const bounds = { x, y, width, height, maximized: window.isMaximized() }
    trySetSetting(settings, log, 'desktop.windowBounds', bounds)
  }

  #create(reveal: 'shown' | 'minimized', page: Page | null, id: string | null): void {
    const { settings, preload, icon, developerTools } = this.#options
    const kept = settings.get('desktop.windowBounds')
    const workAreas = screen.getAllDisplays().map((display) => display.workArea)
    const window = new BrowserWindow({
      ...boundsFrom(kept, workAreas),
      minWidth: smallest.width,
      minHeight: smallest.height,
      title: 'Kurir',
      ...(icon === null ? {} : { icon }),
      show: false,
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        devTools: developerTools,
        spellcheck: false,
      },
    })
    this.#window = window
    if (reveal === 'minimized') window.minimize()
    else revealOnce(window, kept?.maximized === true)
    window.on('close', (event) => {
      this.keepBounds()
      this.#options.onClose(event, window)
    })
    window.on('closed', () => {
      this.#window = null
      this.#options.onClosed()
    })
    offerContextMenu(window.webContents, this.#options.texts)
    listenForZoom(window.webContents)
    listenForQuit(window.webContents, this.#options.quitByKey)
    watchPage(window, { ...this.#options, openAgain: () => this.show() })
    void window.loadURL(windowAddress + fragmentOf(page, id))
  }
}

/** The window's own routes are fragments: `#/devices/ID`. */
function fragmentOf(page: Page | null, id: string | null): string {
  if (page === null) return ''
  return id === null ? `#/${page}` : `#/${page}/${encodeURIComponent(id)}`
}

/** The built preload, beside the main bundle. */
export function preloadIn(mainFolder: string): string {
  return join(mainFolder, '..', 'preload', 'preload.cjs')
}
