import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DesktopRun, onElectron, type Program } from './desktop.ts'
import { addSandboxDevice, go, send } from './operator.ts'
import { until } from './until.ts'

let run: DesktopRun

beforeEach(async () => {
  run = await DesktopRun.open()
})

afterEach(() => run.close())

/** Has the page's process end; whoever asked for that gets no answer. */
async function crash(program: Program): Promise<void> {
  const page = await program.page()
  const gone = new Promise((resolve) => page.once('crash', resolve))
  const devTools = await page.context().newCDPSession(page)
  void devTools.send('Page.crash').catch(() => undefined)
  await gone
}

describe.skipIf(onElectron)('a page that is gone', () => {
  test('is loaded again once, then the operator is asked', async () => {
    const program = await run.start()
    await crash(program)
    const page = await program.page()
    await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor()
    await page.getByText('The window was reloaded after an error.').waitFor()
    expect((await program.see()).messageBoxes).toEqual([])

    await program.do({ do: 'answerMessageBox', response: 0 })
    await crash(program)
    await until('the question', async () => (await program.see()).messageBoxes.length === 1)
    const again = await program.page()
    await again.getByRole('heading', { level: 1, name: 'Devices' }).waitFor()
  })

  test('stays closed where the operator says so, and the program goes on', async () => {
    const program = await run.start()
    await program.do({ do: 'answerMessageBox', response: 1 })
    await crash(program)
    await program.page()
    await crash(program)
    await until('the question', async () => (await program.see()).messageBoxes.length === 1)
    const seen = await program.see()
    expect(seen.windows).toEqual([])
    expect(seen.tray).not.toBeNull()
  })
})

describe.skipIf(onElectron)('an error that nothing caught', () => {
  test('has the program start itself again, once, and is written down without what it said', async () => {
    const first = await run.start()
    await first.page()
    await first.do({ do: 'throw', message: 'text for 6281234567890' })
    expect(await first.ended()).toBe(1)
    const written = readFileSync(join(run.folder, 'crashes.log'), 'utf8')
    expect(written).toMatch(/Error\n\s+at /)
    expect(written).not.toMatch(/text for|6281234567890/)

    const words = (await first.see()).relaunches.at(-1) ?? []
    expect(words).toContain('--hidden')
    const again = words.find((word) => word.startsWith('--restarted-at=')) ?? ''
    const second = await run.start({ words: ['--hidden', again] })
    await until('the tray', async () => (await second.see()).tray)
    await second.do({ do: 'clickTray' })
    await (await second.page()).getByText('Kurir restarted after an error.').waitFor()
    await second.do({ do: 'throw', message: 'again' })
    expect(await second.ended()).toBe(1)
    const seen = await second.see()
    expect(seen.relaunches).toEqual([])
    const [box, ...more] = seen.errorBoxes
    expect(more).toEqual([])
    expect(box?.content).toContain(join(run.folder, 'crashes.log'))
  })
})

describe.skipIf(onElectron || process.platform !== 'linux')('settings that cannot be kept', () => {
  /** Nobody can write there, not even a user whom permissions do not stop. */
  function refuseSettings(): void {
    const file = join(run.folder, 'settings.json')
    rmSync(file, { force: true })
    symlinkSync('/sys/nowhere/settings.json', file)
  }

  test('do not keep the window from closing, and where it went is said once', async () => {
    const program = await run.start()
    await program.page()
    refuseSettings()
    for (let time = 1; time <= 2; time += 1) {
      await program.closeWindow()
      await program.do({ do: 'clickTray' })
      await program.page()
    }
    const seen = await program.see()
    expect(seen.relaunches).toEqual([])
    expect(seen.notifications.map(({ title }) => title)).toEqual(['Kurir is still running'])
    await program.quit()
    expect(await program.ended()).toBe(0)
    expect(existsSync(join(run.folder, 'crashes.log'))).toBe(false)
  })

  test('are told when sending is to be paused, and the menu shows that it is not', async () => {
    const program = await run.start({ words: ['--hidden'] })
    await until('the tray', async () => (await program.see()).tray)
    refuseSettings()
    await program.do({ do: 'chooseInTray', id: 'pause' })
    const seen = await program.see()
    expect(seen.messageBoxes.map(({ message }) => message)).toEqual(['Sending could not be paused'])
    expect(seen.tray?.menu.map(({ id }) => id)).toContain('pause')
    expect(seen.tray?.tooltip).not.toContain('paused')
    expect(seen.relaunches).toEqual([])
  })
})

describe('quitting', () => {
  test('finishes what is in flight', async () => {
    const program = await run.start()
    const page = await program.page()
    await addSandboxDevice(page)
    const accepted = await page.evaluate(async () => {
      const devices = await window.kurir?.call('devices.list', {})
      const deviceId = devices?.ok === true ? (devices.value[0]?.id ?? '') : ''
      const content = { kind: 'text', text: 'terakhir' } as const
      const request = { deviceId, recipients: '6285500000500', content, footer: null, queue: false }
      return window.kurir?.call('messages.submit', request)
    })
    await program.quit()
    expect(accepted).toMatchObject({ ok: true, value: { results: [{ failure: null }] } })
    expect(await program.ended()).toBe(0)

    const after = await run.start()
    const rows = await (
      await after.page()
    ).evaluate(() =>
      window.kurir?.call('messages.list', {
        filter: { search: null, deviceId: null, states: null, keyName: null, from: null, to: null },
        before: null,
        limit: 10,
      }),
    )
    expect(rows).toMatchObject({ ok: true, value: [{ recipient: '6285500000500' }] })
    const [row] = rows?.ok === true ? rows.value : []
    expect(['sent', 'delivered', 'read']).toContain(row?.state)
  })

  test.skipIf(onElectron)('says what it waits for when that takes longer than a second', async () => {
    const program = await run.start()
    const page = await program.page()
    await addSandboxDevice(page)
    // This practice recipient never acknowledges: what is in flight is waited for as long as it may take.
    await send(page, '6285500000300', 'menunggu')
    await until('the message to be on its way', async () => {
      const status = await page.evaluate(() => window.kurir?.call('program.status', {}))
      return status?.ok === true && status.value.outbox > 0
    })
    await program.closeWindow()
    await program.quit()
    await until('a word', async () =>
      (await program.see()).notifications.some(({ title }) => title === 'Kurir is about to quit'),
    )
    expect(await program.ended()).toBe(0)
  })

  test.skipIf(process.platform === 'win32')('happens at SIGTERM too', async () => {
    const program = await run.start()
    await program.page()
    process.kill(program.pid, 'SIGTERM')
    expect(await program.ended()).toBe(0)
  })
})

describe.skipIf(onElectron)('what keeps the program from starting', () => {
  test.each([
    ['an option of a wrong value', ['--port', 'many'], /--port/],
    ['a setting that there is not', ['--setting', 'no.such=1'], /no\.such/],
  ])('B13: %s is said in a dialog', async (_, words, sentence) => {
    const program = await run.start({ words })
    expect(await program.ended()).toBe(1)
    expect((await program.see()).errorBoxes[0]?.content).toMatch(sentence)
    expect((await program.see()).stderr).toEqual([])
  })

  test('B13: a data folder that is a file is said, in the system’s language', async () => {
    const file = join(run.folder, 'file')
    writeFileSync(file, '')
    const program = await run.start({ words: ['--data-dir', file], machine: { locale: 'id-ID' } })
    expect(await program.ended()).toBe(1)
    const [box] = (await program.see()).errorBoxes
    expect(box).toMatchObject({
      title: 'Kurir tidak bisa dijalankan',
      content: expect.stringContaining('tidak bisa menulis ke folder datanya') as string,
    })
  })
})

describe.skipIf(onElectron)('sleep', () => {
  test('ends with new connections', async () => {
    const program = await run.start()
    const page = await program.page()
    await addSandboxDevice(page)
    const since = await connectedSince(program)
    await program.do({ do: 'power', event: 'resume' })
    await until('a new connection', async () => (await connectedSince(program)) > since)
    await go(page, 'Devices')
  })

  async function connectedSince(program: Program): Promise<number> {
    const devices = await (await program.page()).evaluate(() => window.kurir?.call('devices.list', {}))
    const state = devices?.ok === true ? devices.value[0]?.state : undefined
    return state?.name === 'connected' ? state.since : 0
  }
})
