import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Browser, type BrowserContext } from 'playwright'
import { shownAddress } from './origin.ts'
import type { Doing, FromProgram, Machine, Seen, ToProgram } from './protocol.ts'

/** A Chromium whose first context is the desktop that programs on the stand-in share with the test. */
export interface FakeBrowser {
  /** Where its DevTools listen. */
  address: string
  context: BrowserContext
  /** Closes what programs left open and forgets what their pages stored, as a Chromium that was just started. */
  clear(): Promise<void>
  stop(): Promise<void>
}

/** Where the systems that the specs run on have a Chromium; KURIR_CHROMIUM names another. */
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

function executable(): string {
  const found = process.env['KURIR_CHROMIUM'] ?? usualPlaces.find((place) => existsSync(place))
  if (found === undefined) throw new Error('there is no Chromium: install one, or name it in KURIR_CHROMIUM')
  return found
}

const programOrigin = new URL(shownAddress('app://kurir/')).origin

export async function startBrowser(): Promise<FakeBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'kurir-chromium-'))
  const child = spawn(
    executable(),
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const address = await devToolsAddress(child)
  const browser: Browser = await chromium.connectOverCDP(address)
  const [context] = browser.contexts()
  const [blank] = context?.pages() ?? []
  if (context === undefined || blank === undefined) throw new Error('Chromium has no page')
  const devTools = await context.newCDPSession(blank)
  return {
    address,
    context,
    async clear() {
      // The blank one stays: a Chromium without a page ends.
      const left = context.pages().filter((page) => page !== blank)
      await Promise.all(left.map((page) => page.close()))
      await context.clearCookies()
      await devTools.send('Storage.clearDataForOrigin', { origin: programOrigin, storageTypes: 'all' })
    },
    async stop() {
      await browser.close()
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function devToolsAddress(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('Chromium says nothing')
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /DevTools listening on (\S+)/.exec(line)?.[1]
    if (address !== undefined) {
      child.stderr.resume()
      return address
    }
  }
  throw new Error('Chromium ended before its DevTools listened')
}

/** A home of its own: autostart files and downloads are not the tester's. And the session's D-Bus, as its tools show it. */
export function environmentOf(machine: Machine): NodeJS.ProcessEnv {
  const tools = join(machine.home, 'stand-in-tools')
  const trayHostFile = join(tools, 'tray-host')
  mkdirSync(tools, { recursive: true })
  writeFileSync(join(tools, 'gdbus'), gdbus, { mode: 0o755 })
  rmSync(trayHostFile, { force: true })
  if (machine.trayHost) writeFileSync(trayHostFile, '')
  const appImage =
    machine.appImage === null ? {} : { APPIMAGE: machine.appImage, APPDIR: '/tmp/.mount_Kurir' }
  return {
    ...process.env,
    ...appImage,
    PATH: `${tools}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: machine.home,
    XDG_CONFIG_HOME: machine.home,
    KURIR_STAND_IN: JSON.stringify(machine),
    KURIR_STAND_IN_TRAY_HOST: trayHostFile,
  }
}

/** Answers the one question that glib's gdbus is asked, in its form; anything else is an error, as from the bus. */
const gdbus = `#!/bin/sh
wanted='call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus --method org.freedesktop.DBus.NameHasOwner org.kde.StatusNotifierWatcher'
[ "$*" = "$wanted" ] || { echo "Error: not understood: $*" >&2; exit 1; }
if [ -e "$KURIR_STAND_IN_TRAY_HOST" ]; then echo '(true,)'; else echo '(false,)'; fi
`

/** The program's main process on the stand-in, and the desktop around it. */
export class FakeProgram {
  readonly #child: ChildProcess
  readonly #answers = new Map<number, (seen: Seen) => void>()
  readonly #ended: Promise<number | null>
  #output = ''
  #last: Seen | null = null
  #next = 1

  constructor(main: string, words: readonly string[], machine: Machine) {
    this.#child = fork(join(import.meta.dirname, 'run.ts'), [main, ...words], {
      env: environmentOf(machine),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
    }
    this.#child.on('message', ({ id, seen }: FromProgram) => {
      this.#last = seen
      this.#answers.get(id)?.(seen)
      this.#answers.delete(id)
    })
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (code) => resolve(code))
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What it printed, both streams. */
  get output(): string {
    return this.#output
  }

  /** Does something to the desktop; what there is to see afterwards. Of a program that ended, the last. */
  async do(doing: Doing): Promise<Seen> {
    const id = this.#next++
    const answered = new Promise<Seen>((resolve) => {
      this.#answers.set(id, resolve)
    })
    const ended = this.#ended.then(() => this.#last)
    if (this.#child.connected) this.#child.send({ id, doing } satisfies ToProgram)
    const seen = await Promise.race([answered, ended])
    if (seen === null) throw new Error(`the program ended:\n${this.#output}`)
    return seen
  }

  see(): Promise<Seen> {
    return this.do({ do: 'see' })
  }

  /** Its exit code; null when it was killed. */
  ended(): Promise<number | null> {
    return this.#ended
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}
