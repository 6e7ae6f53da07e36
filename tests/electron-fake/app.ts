import { EventEmitter } from 'node:events'
import { mkdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { homedir, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { loginItem, setLoginItem } from './app-login-item.ts'
import { allWindows } from './base-window.ts'
import { allGone } from './browser-window.ts'
import { machine, seen } from './machine.ts'
import { partOf } from './part.ts'
import type { FromProgram } from './protocol.ts'
import { electronAccepts } from './windows-command-line.ts'

const paths = new Map<string, string>([
  ['userData', join(tmpdir(), 'kurir-stand-in')],
  ['home', homedir()],
  ['downloads', join(homedir(), 'Downloads')],
])
const ready = Promise.withResolvers<void>()
/** What has to be said to the first instance before this one may end. */
let pending: Promise<unknown> = Promise.resolve()

class FakeApp extends EventEmitter {
  readonly isPackaged = machine.isPackaged
  readonly whenReady = (): Promise<void> => ready.promise
  readonly isReady = (): boolean => isReady
  readonly getAppPath = (): string => machine.root
  readonly getName = (): string => 'Kurir'
  readonly getVersion = (): string =>
    (JSON.parse(readFileSync(join(machine.root, 'package.json'), 'utf8')) as { version: string }).version
  /** Before Electron is ready only macOS knows it (electron.d.ts, App.getLocale). */
  readonly getLocale = (): string => (isReady || process.platform === 'darwin' ? machine.locale : '')
  readonly getPreferredSystemLanguages = (): string[] => [machine.locale]
  readonly enableSandbox = (): void => {
    if (isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    seen.sandboxEnabled = true
  }
  readonly commandLine = partOf<Electron.CommandLine>()({
    hasSwitch: (name) => process.argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)),
  })
  readonly getPath = (name: string): string => paths.get(name) ?? join(paths.get('userData') ?? '', name)
  readonly setPath = (name: string, path: string): void => {
    if (!statSync(path).isDirectory()) throw new Error(`Failed to set path ${name}`)
    paths.set(name, path)
  }
  readonly setLoginItemSettings = setLoginItem
  readonly getLoginItemSettings = loginItem
  readonly setAppUserModelId = (id: string): void => {
    onlyOnWindows('setAppUserModelId')
    seen.appUserModelId = id
  }
  readonly setToastActivatorCLSID = (id: string): void => {
    onlyOnWindows('setToastActivatorCLSID')
    if (!/^\{?[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}\}?$/i.test(id)) throw new Error('Invalid CLSID format')
    seen.toastActivatorClsid = id
  }
  /**
   * Electron starts itself from where it runs. That is gone once an AppImage's program has ended
   * (shell/browser/relauncher.cc), and on Windows some command lines end it at once.
   */
  readonly relaunch = (options?: { args?: string[] }): void => {
    const words = options?.args ?? process.argv.slice(1)
    const isLost = machine.appImage !== null || (process.platform === 'win32' && !electronAccepts(words))
    ;(isLost ? seen.failedRelaunches : seen.relaunches).push(words)
  }

  /** One program for each userData folder, as Chromium's process singleton. */
  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData')
    mkdirSync(folder, { recursive: true })
    const lock = join(folder, 'SingletonLock')
    const socketPath = join(folder, 'SingletonSocket')
    if (isHeld(lock)) {
      pending = notifyFirst(socketPath)
      return false
    }
    // A link that leads nowhere and names host and process (chrome/browser/process_singleton_posix.cc).
    rmSync(lock, { force: true })
    symlinkSync(`${hostname()}-${process.pid}`, lock)
    rmSync(socketPath, { force: true })
    createServer((socket) => {
      socket.on('data', (data) =>
        this.emit('second-instance', event(), JSON.parse(String(data)), process.cwd(), null),
      )
      socket.on('error', () => socket.destroy())
    })
      .listen(socketPath)
      .unref()
    process.once('exit', () => rmSync(lock, { force: true }))
    return true
  }

  /** before-quit, then every window is asked to close, then will-quit and quit; each can be prevented but the last. */
  quit(): void {
    if (this.#prevented('before-quit')) return
    for (const window of Array.from(allWindows)) window.close()
    if (allWindows.size > 0 || this.#prevented('will-quit')) return
    this.emit('quit', event(), 0)
    this.exit(0)
  }

  exit(code = 0): void {
    void Promise.race([Promise.all([allGone(), pending]), deadline(2_000)]).then(() =>
      sayLast(() => process.exit(code)),
    )
  }

  #prevented(name: string): boolean {
    const asked = event()
    this.emit(name, asked)
    return asked.defaultPrevented
  }
}

/** Members that electron.d.ts marks as those of Windows are not there elsewhere. */
function onlyOnWindows(name: string): void {
  if (process.platform !== 'win32') throw new TypeError(`app.${name} is not a function`)
}

let isReady = false
export const app = new FakeApp()

// As Electron does on macOS and Linux.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())

/** Once the program's main module was loaded, not before. */
export function becomeReady(): void {
  isReady = true
  app.emit('ready', event(), {})
  ready.resolve()
}

export function event() {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true
    },
  }
}

/**
 * One of another host, as a PC is called that was renamed, is taken over: Electron answers Chromium's question whether to
 * unlock it with yes (electron: patches/chromium/process_singleton.patch, DisplayProfileInUseError).
 */
function isHeld(lock: string): boolean {
  try {
    const [, host, pid] = /^(.*)-(\d+)$/.exec(readlinkSync(lock)) ?? []
    if (host !== hostname()) return false
    process.kill(Number(pid), 0)
    return true
  } catch {
    return false
  }
}

function notifyFirst(socketPath: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath)
    socket.on('error', () => resolve())
    socket.end(JSON.stringify(process.argv), () => resolve())
  })
}

/** What there was to see when the program ended. */
export function sayLast(end: () => void): void {
  if (process.send === undefined || !process.connected) return end()
  process.send({ id: 0, seen } satisfies FromProgram, end)
}

function deadline(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
