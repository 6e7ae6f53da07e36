import { createServer, type Server } from 'node:net'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright'
import type { Seen } from '../../electron-fake/protocol.ts'
import { DesktopRun, onElectron, type Program } from './desktop.ts'
import { addSandboxDevice, go } from './operator.ts'
import { until } from './until.ts'

let run: DesktopRun
let program: Program

function picture(seen: Seen): string {
  return /([\w-]+)-any\.png$/.exec(seen.tray?.picture ?? '')?.[1] ?? ''
}

function trayShows(state: string): Promise<Seen> {
  return until(`the tray to show ${state}`, async () => {
    const seen = await program.see()
    return picture(seen) === state && seen
  })
}

describe.skipIf(onElectron)('the tray', () => {
  let page: Page

  beforeAll(async () => {
    run = await DesktopRun.open()
    program = await run.start()
    page = await program.page()
  })

  afterAll(() => run.close())

  test('says that there are no devices', async () => {
    const seen = await trayShows('none')
    expect(seen.tray?.tooltip).toBe('Kurir: No devices yet')
    expect(seen.tray?.menu.map((entry) => entry.label)).toContain('Copy API address')
  })

  test('shows a device and its state once it is connected', async () => {
    await addSandboxDevice(page)
    const seen = await trayShows('all')
    expect(seen.tray?.menu[0]?.label).toMatch(/: connected$/)
  })

  test('follows a device that the operator logs out', async () => {
    await page.evaluate(async () => {
      const devices = await window.kurir?.call('devices.list', {})
      const id = devices?.ok === true ? (devices.value[0]?.id ?? '') : ''
      return window.kurir?.call('devices.logOut', { id })
    })
    const seen = await trayShows('none')
    expect(seen.tray?.menu[0]?.label).toMatch(/: (not paired|stopped)$/)
  })

  test('pauses and resumes sending', async () => {
    await program.do({ do: 'chooseInTray', id: 'pause' })
    const paused = await until('the tooltip', async () => {
      const seen = await program.see()
      return seen.tray?.tooltip.includes('Sending is paused') && seen
    })
    expect(paused.tray?.menu.map((entry) => entry.id)).toContain('resume')
    await program.do({ do: 'chooseInTray', id: 'resume' })
    await until('the tooltip', async () => !(await program.see()).tray?.tooltip.includes('paused'))
  })

  test('copies the address of the API', async () => {
    await program.do({ do: 'chooseInTray', id: 'copyAddress' })
    await until('the clipboard', async () =>
      /^http:\/\/127\.0\.0\.1:\d+$/.test((await program.see()).clipboard),
    )
  })

  test('B9: has the same picture whatever the theme: on Linux nothing tells the colour of the bar', async () => {
    const before = (await program.see()).tray?.picture
    await program.do({ do: 'dark', dark: true })
    expect((await program.see()).tray?.picture).toBe(before)
    await program.do({ do: 'dark', dark: false })
  })

  test('opens the settings in the window that is there', async () => {
    await program.do({ do: 'chooseInTray', id: 'settings' })
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
  })

  test('speaks the language that was chosen', async () => {
    await page.evaluate(() => window.kurir?.call('settings.set', { name: 'window.language', value: 'id' }))
    await until('Indonesian', async () =>
      (await program.see()).tray?.menu.some(({ label }) => label === 'Keluar'),
    )
    await page.evaluate(() => window.kurir?.call('settings.set', { name: 'window.language', value: 'en' }))
  })
})

describe('the window', () => {
  beforeAll(async () => {
    run = await DesktopRun.open()
    program = await run.start()
  })

  afterAll(() => run.close())

  test('is destroyed when it is closed, while the program goes on', async () => {
    const page = await program.page()
    await program.closeWindow()
    expect(page.isClosed()).toBe(true)
    if (onElectron) return
    const seen = await program.see()
    expect(seen.windows).toEqual([])
    expect(seen.tray).not.toBeNull()
  })

  test.skipIf(onElectron)('says where it went, the first time only', async () => {
    expect((await program.see()).notifications.map(({ title }) => title)).toEqual(['Kurir is still running'])
    await program.do({ do: 'clickTray' })
    await program.page()
    await program.closeWindow()
    expect((await program.see()).notifications).toHaveLength(1)
  })

  test.skipIf(onElectron)('opens again from the tray, and from the notice', async () => {
    await program.do({ do: 'clickNotification', index: 0 })
    const page = await program.page()
    await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor()
  })

  test.skipIf(onElectron)('is brought forward by a second start, which ends at once', async () => {
    if ((await program.see()).windows.length > 0) await program.closeWindow()
    const second = await run.start()
    expect(await second.ended()).toBe(0)
    await program.page()
    expect((await program.see()).windows).toHaveLength(1)
  })

  test.skipIf(onElectron)('stays closed when the program is started at login', async () => {
    await program.quit()
    expect(await program.ended()).toBe(0)
    program = await run.start({ words: ['--hidden'] })
    await until('the tray', async () => (await program.see()).tray)
    expect((await program.see()).windows).toEqual([])
    await program.do({ do: 'chooseInTray', id: 'open' })
    await program.page()
  })

  test.skipIf(onElectron)('follows the theme that was chosen', async () => {
    const page = await program.page()
    await page.evaluate(() => window.kurir?.call('settings.set', { name: 'window.theme', value: 'dark' }))
    expect((await program.see()).themeSource).toBe('dark')
  })

  test.skipIf(onElectron || process.platform !== 'linux')(
    'starts at login on the same folder when that is chosen',
    async () => {
      const page = await program.page()
      const set = (value: boolean) =>
        page.evaluate(
          (value) => window.kurir?.call('settings.set', { name: 'desktop.startAtLogin', value }),
          value,
        )
      const file = join(run.folder, 'autostart', 'kurir.desktop')
      await set(true)
      const exec = /^Exec=".+" ".+" "--data-dir" "(.+)" "--hidden"$/m.exec(readFileSync(file, 'utf8'))
      expect(exec?.[1]).toBe(run.folder)
      await set(false)
      expect(existsSync(file)).toBe(false)
    },
  )
})

describe('a taken port', () => {
  let holder: Server
  let port = 0

  beforeAll(async () => {
    holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    port = (holder.address() as { port: number }).port
    run = await DesktopRun.open()
    writeFileSync(join(run.folder, 'settings.json'), JSON.stringify({ 'api.port': port }))
    program = await run.start({ port: 'of_settings' })
  })

  afterAll(async () => {
    holder.close()
    await run.close()
  })

  test('is said in the window, with who has it and another that is free', async () => {
    const page = await program.page()
    const status = await page.evaluate(() => window.kurir?.call('api.status', {}))
    expect(status).toMatchObject({
      ok: true,
      value: { state: 'failed', port, failure: { code: 'port_taken' } },
    })
    if (process.platform === 'linux') expect(status).toMatchObject({ value: { takenBy: expect.any(String) } })
    expect(status).toMatchObject({ value: { freePort: expect.any(Number) } })
    await go(page, 'API')
    await page.getByText(String(port)).first().waitFor()
  })

  test.skipIf(onElectron)('is shown by the tray and told once', async () => {
    await trayShows('api-stopped')
    const { notifications } = await program.see()
    expect(notifications.map(({ title }) => title)).toEqual(['The API cannot start'])
    await program.do({ do: 'clickNotification', index: 0 })
    await (await program.page()).getByRole('heading', { level: 1, name: 'API' }).waitFor()
  })

  test('never moves silently, and is taken when it is free and tried again', async () => {
    const page = await program.page()
    await new Promise((resolve) => holder.close(resolve))
    const status = await page.evaluate(() => window.kurir?.call('api.retry', {}))
    expect(status).toMatchObject({ ok: true, value: { state: 'running', port } })
  })
})
