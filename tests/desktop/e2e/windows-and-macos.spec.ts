import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { splitCommandLine } from '../../electron-fake/windows-command-line.ts'
import { DesktopRun, onElectron, type Program } from './desktop.ts'
import { addSandboxDevice, go } from './operator.ts'
import { until } from './until.ts'

// The program as it behaves where it takes its system for Windows or macOS; what those systems do is the stand-in's.

let run: DesktopRun

beforeEach(async () => {
  run = await DesktopRun.open()
})

afterEach(() => run.close())

/** Of electron-builder.yml: what the installer writes into the Start-menu shortcut. */
const appId = /^appId: (\S+)$/m.exec(
  readFileSync(resolve(import.meta.dirname, '../../../electron-builder.yml'), 'utf8'),
)?.[1]

async function startHidden(machine: { platform: NodeJS.Platform; isPackaged?: boolean }): Promise<Program> {
  const program = await run.start({ words: ['--hidden'], machine })
  await until('the tray', async () => (await program.see()).tray)
  return program
}

describe.skipIf(onElectron)('on Windows', () => {
  const platform = 'win32' as const

  test('B5: the program has the id of its shortcut, without which Windows shows no notification', async () => {
    const program = await run.start({ machine: { platform, isPackaged: true, shortcutId: appId ?? '' } })
    await program.page()
    await program.closeWindow()
    const seen = await program.see()
    expect(seen.appUserModelId).toBe(appId)
    expect(seen.toastActivatorClsid).toMatch(/^\{[\dA-F-]{36}\}$/)
    expect(seen.notifications.map(({ title }) => title)).toEqual(['Kurir is still running'])
  })

  test('B4: the login item starts the program on a folder whose name has a space, and goes again under its name', async () => {
    const folder = join(run.folder, 'toko kami')
    mkdirSync(folder)
    const program = await run.start({ words: ['--data-dir', folder], machine: { platform } })
    const page = await program.page()
    const set = (value: boolean) =>
      page.evaluate(
        (value) => window.kurir?.call('settings.set', { name: 'desktop.startAtLogin', value }),
        value,
      )
    await set(true)
    const [[name, command] = ['', ''], ...others] = Object.entries((await program.see()).runValues)
    expect([name, others]).toEqual(['Kurir', []])
    expect(splitCommandLine(command).slice(2)).toEqual(['--data-dir', folder, '--hidden'])
    await set(false)
    expect((await program.see()).runValues).toEqual({})
  })

  test('B11: the end of the session finishes what is open, though nothing asks the program to quit', async () => {
    const program = await startHidden({ platform })
    expect(existsSync(join(run.folder, 'kurir.sqlite-wal'))).toBe(true)
    await program.do({ do: 'endSession', cancelled: false })
    await program.ended()
    // SQLite takes its log back into the database where that is closed in order.
    expect(existsSync(join(run.folder, 'kurir.sqlite-wal'))).toBe(false)
    expect(existsSync(join(run.folder, 'lock.json'))).toBe(false)
  })

  test('B11: an end of the session that is cancelled brings the program back', async () => {
    const program = await startHidden({ platform })
    await program.do({ do: 'endSession', cancelled: true })
    expect(await program.ended()).toBe(0)
    expect((await program.see()).relaunches).toEqual([
      expect.arrayContaining(['--hidden', expect.stringMatching(/^--restarted-at=\d+$/)]),
    ])
  })

  test('B10: an installer has the running program finish and end', async () => {
    const program = await startHidden({ platform })
    const asked = await run.start({ words: ['--quit'], machine: { platform } })
    expect(await asked.ended()).toBe(0)
    expect(await program.ended()).toBe(0)
    expect(existsSync(join(run.folder, 'kurir.sqlite-wal'))).toBe(false)
    // Where none runs, none is started.
    const alone = await run.start({ words: ['--quit'], machine: { platform } })
    expect(await alone.ended()).toBe(0)
    expect((await alone.see()).tray).toBeNull()
  })

  test('C3, C4: the tray has an icon of several sizes, by the bar’s own theme, and the window that of the program', async () => {
    const program = await run.start({ machine: { platform } })
    const page = await program.page()
    await addSandboxDevice(page)
    const picture = async () => (await program.see()).tray?.picture.split('/').at(-1)
    await until('the tray', async () => (await picture()) === 'all-light.ico')
    await page.evaluate(() => window.kurir?.call('settings.set', { name: 'window.theme', value: 'dark' }))
    expect(await picture()).toBe('all-light.ico')
    await program.do({ do: 'dark', dark: true })
    expect(await picture()).toBe('all-dark.ico')
    expect((await program.see()).windows).toMatchObject([{ icon: null }])
  })

  test('D2: a restart that goes on with an address among its words takes place', async () => {
    const words = ['--hidden', '--whatsapp-url=wss://127.0.0.1:1/', '--setting=pace=off']
    const program = await run.start({ words, machine: { platform } })
    await until('the tray', async () => (await program.see()).tray)
    await program.do({ do: 'throw', message: 'once' })
    expect(await program.ended()).toBe(1)
    const seen = await program.see()
    expect(seen.failedRelaunches).toEqual([])
    expect(seen.relaunches).toHaveLength(1)
  })
})

describe.skipIf(onElectron)('on macOS', () => {
  const platform = 'darwin' as const

  test('B8: a click on the icon opens the menu, and nothing else', async () => {
    const program = await startHidden({ platform })
    const seen = await program.do({ do: 'clickTray' })
    expect(seen.trayMenusOpened).toBe(1)
    expect(seen.windows).toEqual([])
    await program.do({ do: 'chooseInTray', id: 'open' })
    await program.page()
  })

  test('C2: Command-W is in the menu, and nothing that reloads or inspects', async () => {
    const program = await startHidden({ platform })
    const menu = (await program.see()).appMenu
    expect(menu?.map(({ role }) => role)).toEqual(['appMenu', 'fileMenu', 'editMenu', 'windowMenu'])
  })

  test.each([
    ['requires-approval', 'macOS needs your approval'],
    ['not-found', 'macOS did not accept this'],
    ['enabled', 'Kurir starts in the background'],
  ] as const)('C6: Settings say what becomes of “Start with the PC” that is %s', async (status, sentence) => {
    const usual = join(run.folder, 'Library', 'Application Support', 'Kurir')
    const machine = { platform, loginItemStatus: status }
    const program = await run.start({ words: ['--data-dir', usual], machine })
    const page = await program.page()
    await go(page, 'Settings')
    await page.getByRole('switch', { name: 'Start with the PC' }).click({ force: true })
    await page.getByText(sentence).waitFor({ timeout: 30_000 })
    expect((await program.see()).loginItem).toEqual({ openAtLogin: true })
  })
})
