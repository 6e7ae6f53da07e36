import {
  chmodSync,
  existsSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Seen } from '../../electron-fake/protocol.ts'
import { DesktopRun, onElectron, type Program } from './desktop.ts'
import { until } from './until.ts'

let run: DesktopRun

beforeEach(async () => {
  run = await DesktopRun.open()
})

afterEach(() => run.close())

const runsHere = !onElectron && process.platform === 'linux'

function windowIs(program: Program, what: string, test: (window: Seen['windows'][number]) => boolean) {
  return until(`a window that is ${what}`, async () => (await program.see()).windows.find(test))
}

describe.runIf(runsHere)('the window on Wayland, which paints no hidden window', () => {
  test('B1: is shown when its page is loaded, although ready-to-show never comes', async () => {
    const program = await run.start()
    await program.page()
    expect((await program.see()).windows).toMatchObject([{ visible: true }])
  })

  test('B1: that was maximised is so again', async () => {
    const bounds = { x: 0, y: 0, width: 1000, height: 700, maximized: true }
    writeFileSync(join(run.folder, 'settings.json'), JSON.stringify({ 'desktop.windowBounds': bounds }))
    const program = await run.start()
    await program.page()
    expect((await program.see()).windows).toMatchObject([{ visible: true, maximized: true }])
  })
})

describe.runIf(runsHere)('a PC that was renamed while the program ran', () => {
  test('D6: opens the data folder again, although another host’s lock is in it', async () => {
    const first = await run.start({ words: ['--hidden'] })
    await until('the tray', async () => (await first.see()).tray)
    first.kill()
    await first.ended()
    const lock = join(run.folder, 'SingletonLock')
    rmSync(lock)
    // Of a process that runs, on whatever PC of that name.
    symlinkSync(`kasir-lama-${process.pid}`, lock)
    const second = await run.start()
    await second.page()
    expect(readlinkSync(lock)).toBe(`${hostname()}-${second.pid}`)
  })
})

describe.runIf(runsHere)('an AppImage', () => {
  test('B2: is started again, by its own file and outside of its mount, after an error that nothing caught', async () => {
    const [appImage, started] = [join(run.folder, 'Kurir.AppImage'), join(run.folder, 'started')]
    const script = `#!/bin/sh\n{ printf '%s\\n' "$@"; env; } > "${started}.part" && mv "${started}.part" "${started}"\n`
    writeFileSync(appImage, script)
    chmodSync(appImage, 0o755)
    const program = await run.start({ words: ['--hidden'], machine: { appImage } })
    await until('the tray', async () => (await program.see()).tray)
    await program.do({ do: 'throw', message: 'once' })
    expect(await program.ended()).toBe(1)
    expect((await program.see()).failedRelaunches).toEqual([])
    const said = await until('the second start', () => existsSync(started) && readFileSync(started, 'utf8'))
    expect(said).toMatch(/^--hidden$/m)
    expect(said).toMatch(/^--restarted-at=\d+$/m)
    expect(said).toContain(run.folder)
    expect(said).not.toMatch(/^(?:APPDIR|APPIMAGE|OWD|ARGV0)=/m)
  })
})

describe.runIf(runsHere)('a desktop that draws no tray icons', () => {
  const machine = { trayHost: false }

  test('B7: keeps the window minimised when it is closed, says so once, and a second start shows it', async () => {
    const program = await run.start({ machine })
    await program.page()
    expect((await program.see()).tray).toBeNull()
    for (let time = 1; time <= 2; time += 1) {
      await program.do({ do: 'closeWindow' })
      await windowIs(program, 'minimised', ({ minimized }) => minimized)
      const second = await run.start({ machine })
      expect(await second.ended()).toBe(0)
      await windowIs(program, 'shown', ({ visible, minimized }) => visible && !minimized)
    }
    const { notifications } = await program.see()
    expect(notifications.map(({ body }) => body)).toEqual([
      expect.stringContaining('This desktop shows no tray icons, so the window was minimised'),
    ])
  })

  test('B7: has the window minimised at login, too, and Ctrl+Q to end the program', async () => {
    const program = await run.start({ words: ['--hidden'], machine })
    await windowIs(program, 'minimised', ({ minimized }) => minimized)
    await program.do({ do: 'pressKey', input: { key: 'q', control: true } })
    expect(await program.ended()).toBe(0)
  })

  test('B7: that begins to draw them gets the icon, and the window is closed as elsewhere', async () => {
    const program = await run.start({ machine })
    await program.page()
    await program.do({ do: 'setTrayHost', present: true })
    await program.closeWindow()
    const seen = await program.see()
    expect(seen.windows).toEqual([])
    expect(seen.tray?.menu.map(({ label }) => label)).toContain('Quit')
    expect(seen.notifications.map(({ body }) => body)).toEqual([
      expect.stringContaining('in the system tray'),
    ])
  })

  test('B7: that stops drawing them has the window minimised, and not lost', async () => {
    const program = await run.start()
    await program.page()
    await program.do({ do: 'setTrayHost', present: false })
    await program.do({ do: 'closeWindow' })
    await windowIs(program, 'minimised', ({ minimized }) => minimized)
  })
})

describe.runIf(runsHere)('--no-sandbox, which an AppImage adds where there are no user namespaces', () => {
  test('D1: is not taken back when it is too late, so that the window opens; its page stays sandboxed', async () => {
    const program = await run.start({ words: ['--no-sandbox'] })
    await program.page()
    const seen = await program.see()
    expect(seen.sandboxEnabled).toBe(false)
    expect(seen.windows).toMatchObject([{ preferences: { sandbox: true } }])
  })
})

describe.runIf(runsHere)('the window without a menu', () => {
  test('C1: offers cut, copy and paste on the right mouse button, in the operator’s language', async () => {
    const program = await run.start({ machine: { locale: 'id-ID' } })
    await program.page()
    const editFlags = {
      canCut: false,
      canCopy: false,
      canPaste: true,
      canSelectAll: true,
    } as Electron.EditFlags
    const offer = (params: Partial<Electron.ContextMenuParams>) =>
      program.do({ do: 'contextMenu', params: { editFlags, ...params } })
    const { popups } = await offer({ isEditable: true, selectionText: '' })
    expect(popups.at(-1)?.map(({ role, label, enabled }) => ({ role, label, enabled }))).toEqual([
      { role: 'cut', label: 'Potong', enabled: false },
      { role: 'copy', label: 'Salin', enabled: false },
      { role: 'paste', label: 'Tempel', enabled: true },
      { role: null, label: '', enabled: true },
      { role: 'selectAll', label: 'Pilih semua', enabled: true },
    ])
    const { popups: ofText } = await offer({ isEditable: false, selectionText: '0812' })
    expect(ofText.at(-1)?.map(({ role }) => role)).toEqual(['copy'])
    const before = ofText.length
    expect((await offer({ isEditable: false, selectionText: ' ' })).popups).toHaveLength(before)
  })

  test('C1: enlarges and reduces its page by the keys for that, and takes no others', async () => {
    const program = await run.start()
    await program.page()
    const levels: (number | undefined)[] = []
    for (const key of ['=', '+', '-', '0', '-']) {
      const { windows } = await program.do({ do: 'pressKey', input: { key, control: true } })
      levels.push(windows[0]?.zoomLevel)
    }
    expect(levels).toEqual([1, 2, 1, 0, -1])
    for (const input of [{ key: '-' }, { key: '0', control: true, alt: true }, { key: 'q', control: true }]) {
      await program.do({ do: 'pressKey', input })
    }
    const seen = await program.see()
    expect(seen.windows[0]?.zoomLevel).toBe(-1)
    expect(seen.preventedKeys).toEqual(['=', '+', '-', '0', '-', 'q'])
    // Ctrl+Q ends the program only where there is no tray.
    await program.page()
  })
})
