import type { Browser, WebSocketRoute } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { startProgram, type Program } from '../support/program.ts'
import { launchBrowser, openWindow } from './browser.ts'
import { goTo, press } from './helpers.ts'

const soon = { timeout: 30_000 }

/** What only a browser's window meets: others beside it, and a line that is lost. */
describe('a window on headless', () => {
  let browser: Browser
  let program: Program

  beforeAll(async () => {
    browser = await launchBrowser()
    program = await startProgram({ args: ['--sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    await program.stop()
  })

  test('is given the file that it asked for, and no other window is', async () => {
    const one = await openWindow(browser, program.ready.window ?? '')
    const other = await openWindow(browser, program.ready.window ?? '')
    let strays = 0
    other.page.on('download', () => {
      strays += 1
    })
    await goTo(one.page, words, 'settings')
    const download = one.page.waitForEvent('download')
    await press(one.page, words.settings.fields.diagnostics.action)
    expect((await download).suggestedFilename()).toMatch(/^kurir-diagnostics-/)
    const done = words.downloads.done(words.downloads.diagnostics)
    await expectPage(one.page.getByText(done)).toBeVisible()
    await expectPage(other.page.getByText(done)).toBeHidden()
    expect(strays).toBe(0)
    expect([...one.complaints, ...other.complaints]).toEqual([])
    await one.close()
    await other.close()
  })

  test('shows in its log what was sent while its line was lost', async () => {
    let line: WebSocketRoute | null = null
    let isCut = false
    const { page, close } = await openWindow(browser, program.ready.window ?? '', {}, async (opening) => {
      await opening.routeWebSocket('**/bridge', (route) => {
        line = route
        if (isCut) void route.close()
        else route.connectToServer()
      })
    })
    await goTo(page, words, 'log')
    await expectPage(page.getByText(words.log.emptyTitle)).toBeVisible()

    isCut = true
    await (line as WebSocketRoute | null)?.close()
    await expectPage(page.getByText(words.common.link.offline)).toBeVisible()
    const call = new URL('/send-message', program.ready.api)
    call.search = new URLSearchParams({
      api_key: program.ready.apiKey ?? '',
      sender: '6285500000000',
      number: '6285500000540',
      message: 'Pesanan siap',
    }).toString()
    expect((await fetch(call)).status).toBe(200)
    isCut = false

    await expectPage(page.getByRole('row', { name: '6285500000540' })).toBeVisible(soon)
    await close()
  })
})
