import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { afterAll } from 'vitest'
import { startBrowser, FakeProgram, type FakeBrowser } from '../../electron-fake/launch.ts'
import type { Doing, Machine, Seen } from '../../electron-fake/protocol.ts'
import { killTreeCommand } from './kill-tree.ts'
import { until } from './until.ts'
import { runtimeHere } from './runtime.ts'

const root = resolve(import.meta.dirname, '../../..')
const runtime = runtimeHere()
export const onElectron = runtime.name === 'Electron'

/** What programs run on unless a spec says otherwise. */
export const usualMachine: Omit<Machine, 'browser'> = {
  platform: process.platform,
  keyring: 'a secret of this user',
  keyStore: 'works',
  backend: 'gnome_libsecret',
  paintsHiddenWindows: process.platform !== 'linux',
  trayHost: true,
  proxy: 'DIRECT',
  appImage: null,
  loginItemStatus: 'enabled',
  shortcutId: 'app.kurir.Kurir',
  locale: 'en-US',
  dark: false,
  isPackaged: false,
  home: tmpdir(),
  root,
}

export interface StartOptions {
  /** Further words of the command line. */
  words?: string[]
  /** Not the default: another key in the keyring, another language … (on the stand-in). */
  machine?: Partial<Machine>
  /** Any free port, unless it is to be the one of the settings. */
  port?: 'of_settings'
}

/** Those that no desk has: to start a Chromium takes more work than most tests. */
const freeBrowsers: FakeBrowser[] = []
afterAll(async () => {
  await Promise.all(freeBrowsers.map((browser) => browser.stop()))
})

/** A place where programs run: a browser and a data folder that outlive each of them. */
export class DesktopRun {
  readonly folder = mkdtempSync(join(tmpdir(), 'kurir-desktop-'))
  readonly #browser: FakeBrowser | null
  readonly #programs: Program[] = []

  private constructor(browser: FakeBrowser | null) {
    this.#browser = browser
  }

  static async open(): Promise<DesktopRun> {
    return new DesktopRun(onElectron ? null : (freeBrowsers.pop() ?? (await startBrowser())))
  }

  /** Starts the built program; it has its window open unless the words say otherwise. */
  async start(options: StartOptions = {}): Promise<Program> {
    const port = options.port === 'of_settings' ? [] : ['--port', '0']
    const words = ['--data-dir', this.folder, ...port, ...(options.words ?? [])]
    const program =
      this.#browser === null
        ? await ElectronRun.launch(words)
        : new FakeRun(this.#browser, words, { home: this.folder, ...options.machine })
    this.#programs.push(program)
    return program
  }

  async close(): Promise<void> {
    for (const program of this.#programs) program.kill()
    await Promise.all(this.#programs.map((program) => program.ended()))
    if (this.#browser !== null) {
      await this.#browser.clear()
      freeBrowsers.push(this.#browser)
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The running program as specs see it, whatever it runs on. */
export interface Program {
  /** The window's page, once it is there. */
  page(): Promise<Page>
  /** Everything without a page; only on the stand-in. */
  see(): Promise<Seen>
  do(doing: Doing): Promise<Seen>
  /** Closes the window as its frame's button does. */
  closeWindow(): Promise<void>
  quit(): Promise<void>
  kill(): void
  ended(): Promise<number | null>
  readonly output: string
  readonly pid: number
}

class FakeRun implements Program {
  readonly #browser: FakeBrowser
  readonly #program: FakeProgram

  constructor(browser: FakeBrowser, words: readonly string[], machine: Partial<Machine>) {
    this.#browser = browser
    this.#program = new FakeProgram(join(root, 'out', 'main', 'desktop.js'), words, {
      ...usualMachine,
      browser: browser.address,
      paintsHiddenWindows: (machine.platform ?? process.platform) !== 'linux',
      ...machine,
    })
  }

  async page(): Promise<Page> {
    return until('a window', async () => {
      if (!this.#program.isRunning) throw new Error(`the program ended:\n${this.#program.output}`)
      const page = this.#browser.context.pages().findLast((page) => page.url().includes('stand-in.test'))
      // One that is just being closed, or crashed, is not it.
      const drawn = await page?.waitForSelector('nav', { timeout: 2_000 }).catch(() => null)
      // Nobody works in a window that was never shown.
      return drawn === null || !(await this.#hasWindowInView()) ? null : page
    })
  }

  async #hasWindowInView(): Promise<boolean> {
    const { windows } = await this.#program.see()
    return windows.some(({ visible, minimized }) => visible && !minimized)
  }

  see(): Promise<Seen> {
    return this.#program.see()
  }

  do(doing: Doing): Promise<Seen> {
    return this.#program.do(doing)
  }

  async closeWindow(): Promise<void> {
    const page = await this.page()
    const closed = page.waitForEvent('close')
    await this.#program.do({ do: 'closeWindow' })
    await closed
  }

  async quit(): Promise<void> {
    await this.#program.do({ do: 'quit' })
  }

  kill(): void {
    this.#program.kill('SIGKILL')
  }

  ended(): Promise<number | null> {
    return this.#program.ended()
  }

  get output(): string {
    return this.#program.output
  }

  get pid(): number {
    return this.#program.pid
  }
}

class ElectronRun implements Program {
  readonly #electron: ElectronApplication
  readonly #ended: Promise<number | null>
  output = ''

  private constructor(electron: ElectronApplication) {
    this.#electron = electron
    const child = electron.process()
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
      })
    }
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code) => resolve(code))
    })
  }

  static async launch(words: readonly string[]): Promise<ElectronRun> {
    const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
    return new ElectronRun(
      await _electron.launch({ executablePath: runtime.binary ?? '', args: [...sandbox, root, ...words] }),
    )
  }

  async page(): Promise<Page> {
    const page = await until('a window', () => this.#electron.windows()[0])
    await page.waitForSelector('nav')
    return page
  }

  see(): Promise<Seen> {
    throw new Error('Electron’s tray and notifications cannot be seen from outside')
  }

  do(): Promise<Seen> {
    return this.see()
  }

  async closeWindow(): Promise<void> {
    await this.#electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  }

  async quit(): Promise<void> {
    await this.#electron.evaluate(({ app }) => app.quit())
  }

  kill(): void {
    const { pid } = this.#electron.process()
    const command = pid === undefined ? null : killTreeCommand(process.platform, pid)
    if (command === null) this.#electron.process().kill('SIGKILL')
    else spawnSync(command.file, command.args, { windowsHide: true })
  }

  ended(): Promise<number | null> {
    return this.#ended
  }

  get pid(): number {
    return this.#electron.process().pid ?? 0
  }
}
