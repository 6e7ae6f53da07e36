import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { afterPageGone, afterUncaught } from '../../src-main/desktop/lifecycle/crash-rules.ts'
import { autostartEntry, canStartAtLogin, startAtLogin } from '../../src-main/desktop/system/login-item.ts'
import { readCommandLine } from '../../src-main/headless/terminal/command-line.ts'
import { crashReport } from '../../src-main/desktop/lifecycle/main-crash.ts'
import { restartArguments } from '../../src-main/desktop/lifecycle/restart.ts'
import { readStartOptions } from '../../src-main/desktop/lifecycle/start-options.ts'
import { electronAccepts, quoteArgument, splitCommandLine } from '../electron-fake/windows-command-line.ts'
import { boundsFrom } from '../../src-main/desktop/window/window-bounds.ts'

describe('the command line on a desktop', () => {
  test('passes over what is not Kurir’s', () => {
    const words = [
      '/app',
      '--no-sandbox',
      '--data-dir',
      '/tmp/k',
      '--inspect=0',
      '--port=0',
      '--hidden',
      '-psn_0',
    ]
    const { commandLine, hidden, restartedAt } = readStartOptions(words, {})
    expect(commandLine).toMatchObject({ dataFolder: '/tmp/k', settingOverrides: { 'api.port': '0' } })
    expect({ hidden, restartedAt }).toEqual({ hidden: true, restartedAt: null })
  })

  test('takes several settings', () => {
    const words = ['--setting', 'pace=off', '--setting=numbers.countryCode=60', '--sandbox']
    const { commandLine } = readStartOptions(words, {})
    expect(commandLine.settingOverrides).toEqual({ pace: 'off', 'numbers.countryCode': '60' })
    expect(commandLine.sandbox).toBe(true)
  })

  test('a restart keeps the words of the start, once each', () => {
    const first = restartArguments(5, ['/app', '--port', '0'])
    expect(first).toEqual(['/app', '--port', '0', '--hidden', '--restarted-at=5'])
    expect(restartArguments(9, first)).toEqual(['/app', '--port', '0', '--hidden', '--restarted-at=9'])
    expect(readStartOptions(first, {}).restartedAt).toBe(5)
  })

  test('D2: a restart has no word that looks like a URL, after which Electron on Windows takes no further one', () => {
    const words = [
      '--setting',
      'media.source=https://a.example',
      '--whatsapp-url',
      'wss://b.example',
      '--port',
      '0',
    ]
    const again = restartArguments(5, words)
    expect(electronAccepts(words)).toBe(false)
    expect(electronAccepts(again)).toBe(true)
    expect(readStartOptions(again, {}).commandLine).toEqual(readStartOptions(words, {}).commandLine)
    expect(restartArguments(5, ['--data-dir', String.raw`D:\toko`])).toContain('--data-dir')
  })
})

describe('after a failure', () => {
  test('a page is loaded again once a minute, then the operator is asked', () => {
    expect(afterPageGone(null, 1_000)).toBe('reload')
    expect(afterPageGone(1_000, 2_000)).toBe('ask')
    expect(afterPageGone(1_000, 62_000)).toBe('reload')
  })

  test('the program restarts itself once, not in circles', () => {
    expect(afterUncaught(null, 1_000)).toBe('restart')
    expect(afterUncaught(1_000, 60_000)).toBe('end')
    expect(afterUncaught(1_000, 700_000)).toBe('restart')
  })
})

describe('the window’s place', () => {
  const screens = [
    { x: 0, y: 0, width: 1920, height: 1040 },
    { x: 1920, y: 0, width: 1280, height: 720 },
  ]
  const kept = (x: number, y: number) => ({ x, y, width: 1000, height: 700, maximized: false })

  test('is where it was, on either screen', () => {
    expect(boundsFrom(kept(100, 50), screens)).toEqual({ x: 100, y: 50, width: 1000, height: 700 })
    expect(boundsFrom(kept(2000, 10), screens)).toEqual({ x: 2000, y: 10, width: 1000, height: 700 })
  })

  test('is left to the system when that screen is gone', () => {
    expect(boundsFrom(kept(2000, 10), screens.slice(0, 1))).toEqual({ width: 1000, height: 700 })
    expect(boundsFrom(kept(100, -400), screens)).toEqual({ width: 1000, height: 700 })
  })

  test('is never smaller than the window can be used', () => {
    expect(boundsFrom({ width: 200, height: 100, maximized: false }, screens)).toEqual({
      width: 900,
      height: 600,
    })
    expect(boundsFrom(null, screens)).toEqual({ width: 1120, height: 760 })
  })
})

describe('starting at login on Linux', () => {
  test('quotes what a path may hold, as the desktop-entry specification says', () => {
    const entry = autostartEntry(['/opt/My "App"/100%/$HOME/a\\b', '--hidden'])
    expect(entry.split('\n')).toContain(String.raw`Exec="/opt/My \\"App\\"/100%%/\\$HOME/a\\\\b" "--hidden"`)
  })
})

describe('starting at login elsewhere', () => {
  const here = process.platform
  const set: unknown[] = []
  const app = {
    isPackaged: true,
    setLoginItemSettings: (settings: unknown) => void set.push(settings),
  } as unknown as Parameters<typeof startAtLogin>[0]

  function on(platform: NodeJS.Platform): void {
    Object.defineProperty(process, 'platform', { value: platform })
  }

  afterEach(() => {
    on(here)
    set.length = 0
  })

  test('B4: on Windows takes another data folder along as it is, under one name', () => {
    on('win32')
    startAtLogin(app, String.raw`D:\toko kami`, true)
    startAtLogin(app, readCommandLine([], {}).dataFolder, false)
    expect(set).toEqual([
      { openAtLogin: true, args: ['--data-dir', String.raw`D:\toko kami`, '--hidden'], name: 'Kurir' },
      { openAtLogin: false, args: ['--hidden'], name: 'Kurir' },
    ])
  })

  test.each([String.raw`D:\shop`, 'D:\\my shop\\', String.raw`\\server\kasir 1\data`, 'say "hi"'])(
    'B4: the program that Windows starts at login gets %s as it was',
    (folder) => {
      on('win32')
      startAtLogin(app, folder, true)
      const [{ args = [] } = {}] = set as { args?: string[] }[]
      // As Electron 45 writes the registry's value, and as Windows takes it apart.
      expect(splitCommandLine(args.map(quoteArgument).join(' '))).toEqual(['--data-dir', folder, '--hidden'])
    },
  )

  test('on macOS, whose login items take no arguments, is for the default folder only', () => {
    on('darwin')
    const usual = readCommandLine([], {}).dataFolder
    const other = join(usual, 'other')
    startAtLogin(app, other, true)
    expect(set).toEqual([])
    expect([canStartAtLogin(usual), canStartAtLogin(other)]).toEqual([true, false])
  })
})

describe('what is written down of an error that nothing caught', () => {
  test('is its kind and where, not what it said', () => {
    const report = crashReport(new Error('to 6281234567890: Pesanan siap'))
    expect(report).toMatch(/^Error\n\s+at /)
    expect(report).not.toMatch(/Pesanan|6281234567890/)
  })

  test('names an identifier of the program, which helps and tells nothing', () => {
    const broken = (): unknown => (undefined as unknown as { text: string }).text
    let error: unknown
    try {
      broken()
    } catch (caught) {
      error = caught
    }
    expect(crashReport(error)).toContain("reading 'text'")
  })

  test('is nothing of what is no error', () => {
    expect(crashReport({ key: 'kurir_secret' })).toBe('something that is no error was thrown')
  })
})
