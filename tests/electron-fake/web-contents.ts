import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Frame, Page } from 'playwright'
import { app, event } from './app.ts'
import { desktop } from './browser.ts'
import { ipcMain } from './ipc-main.ts'
import { seen } from './machine.ts'
import { programAddress, shownAddress } from './origin.ts'
import { preloadScript } from './preload-world.ts'
import { answerScheme, setPermissions } from './session.ts'

type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0]
interface Asked {
  channel: string
  words: unknown[]
}

/** One page of the real Chromium, as Electron's webContents. */
export class FakeContents
  extends EventEmitter
  implements
    Pick<Electron.WebContents, 'loadURL' | 'reload' | 'getURL' | 'send' | 'getZoomLevel' | 'setZoomLevel'>
{
  readonly preferences: Electron.WebPreferences
  readonly #size: { width: number; height: number }
  readonly #onReady: () => void
  readonly #onChange: () => void
  #page: Promise<Page> | null = null
  #address = ''
  /** Set while the program itself has the page go somewhere. */
  #loading = false
  #closed = false
  #dark: boolean | null = null
  #zoomLevel = 0
  #openHandler: OpenHandler = () => ({ action: 'allow' })

  constructor(options: Electron.BrowserWindowConstructorOptions, onReady: () => void, onChange: () => void) {
    super()
    this.preferences = options.webPreferences ?? {}
    this.#size = { width: options.width ?? 800, height: options.height ?? 600 }
    this.#onReady = onReady
    this.#onChange = onChange
    app.emit('web-contents-created', event(), this)
  }

  async loadURL(address: string): Promise<void> {
    this.#address = address
    this.#page ??= this.#open()
    const page = await this.#page
    if (this.#closed) return
    if (cannotLaunchPages()) {
      this.emit('render-process-gone', event(), { reason: 'launch-failed', exitCode: 1 })
      return
    }
    this.#loading = true
    try {
      await page.goto(shownAddress(address), { waitUntil: 'load' })
    } catch (error) {
      if (!this.#closed) throw error
      return
    } finally {
      this.#loading = false
    }
    this.emit('did-finish-load')
    this.#onReady()
  }

  /** A page that is gone cannot be loaded again by playwright: another takes its place. */
  reload(): void {
    const before = this.#page
    this.#page = null
    void before?.then((page) => page.close()).catch(() => undefined)
    void this.loadURL(this.#address)
  }

  getZoomLevel(): number {
    return this.#zoomLevel
  }

  setZoomLevel(level: number): void {
    this.#zoomLevel = level
    this.#onChange()
  }

  getURL(): string {
    return this.#address
  }

  send(channel: string, ...words: unknown[]): void {
    void this.#page
      ?.then((page) =>
        page.evaluate(([name, said]) => (globalThis as unknown as Hearing).__fakeHear?.(name, said), [
          channel,
          words,
        ] as const),
      )
      // As in Electron, what is sent to a page that is loading or gone is lost.
      .catch(() => undefined)
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }

  async setDark(dark: boolean): Promise<void> {
    this.#dark = dark
    const page = await this.#page
    if (!this.#closed) await page?.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
  }

  async close(): Promise<void> {
    this.#closed = true
    await (await this.#page)?.close().catch(() => undefined)
  }

  async #open(): Promise<Page> {
    const context = desktop()
    const page = await context.newPage()
    await page.setViewportSize(this.#size)
    if (this.#dark !== null) await page.emulateMedia({ colorScheme: this.#dark ? 'dark' : 'light' })
    await setPermissions(context, page, new URL(shownAddress(this.#address)).origin)
    await answerScheme(page)
    await this.#guardNavigation(page)
    await page.exposeBinding('__fakeInvoke', ({ frame }, { channel, words }: Asked) =>
      ipcMain.invoke({ sender: this, senderFrame: frameOf(frame) }, channel, words),
    )
    if (this.preferences.preload !== undefined) {
      await page.addInitScript({ content: preloadScript(readFileSync(this.preferences.preload, 'utf8')) })
    }
    page.on('popup', (popup) => this.#decideOn(popup))
    page.on('crash', () => this.emit('render-process-gone', event(), { reason: 'crashed', exitCode: 5 }))
    return page
  }

  /** Electron's events about where a page wants to go; a prevented one leaves it where it is (204). */
  async #guardNavigation(page: Page): Promise<void> {
    await page.route('**/*', async (route) => {
      const request = route.request()
      if (this.#loading || !request.isNavigationRequest()) return route.fallback()
      const isMainFrame = request.frame() === page.mainFrame()
      const details = { ...event(), url: programAddress(request.url()), isMainFrame }
      this.emit('will-frame-navigate', details)
      if (isMainFrame) this.emit('will-navigate', details)
      if (!details.defaultPrevented) return route.fallback()
      seen.preventedNavigations.push(details.url)
      await route.fulfill({ status: 204 })
    })
  }

  #decideOn(popup: Page): void {
    const url = programAddress(popup.url())
    const details = {
      url,
      frameName: '',
      features: '',
      disposition: 'new-window',
      referrer: { url: '', policy: '' },
    }
    if (this.#openHandler(details as Electron.HandlerDetails).action === 'allow') return
    seen.deniedWindows.push(url)
    void popup.close()
  }
}

/**
 * enableSandbox() takes `--no-sandbox` off the command line (electron_api_app.cc) when the process that pages are
 * forked from was started without a sandbox already: whether pages start then is not known, so here they do not.
 */
function cannotLaunchPages(): boolean {
  return process.platform === 'linux' && seen.sandboxEnabled && app.commandLine.hasSwitch('no-sandbox')
}

interface Hearing {
  __fakeHear?: (channel: string, words: unknown) => void
}

/** A frame as handlers see it: address, and whether another is around it. */
function frameOf(frame: Frame): { url: string; parent: object | null } {
  const around = frame.parentFrame()
  return { url: programAddress(frame.url()), parent: around === null ? null : frameOf(around) }
}
