import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBrowser, type FakeBrowser } from '../../electron-fake/launch.ts'
import { addSandboxDevice, createKey, expectRow, go, send } from './operator.ts'
import { until } from './until.ts'
import { watch } from './watched.ts'

const headless = resolve(import.meta.dirname, '../../../out/main/headless.js')

describe('the same window in a plain browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-browser-'))
  const readyFile = join(folder, 'ready.json')
  let program: ChildProcess
  let browser: FakeBrowser
  let address = ''
  let page: Page
  let troubles: string[]

  beforeAll(async () => {
    browser = await startBrowser()
    program = spawn(
      process.execPath,
      [headless, '--data-dir', join(folder, 'data'), '--port', '0', '--ready-file', readyFile],
      { stdio: 'ignore' },
    )
    await until('the ready file', () => existsSync(readyFile))
    address = (JSON.parse(readFileSync(readyFile, 'utf8')) as { window: string }).window
    page = await browser.context.newPage()
    troubles = watch(page)
    await page.goto(address)
    await page.waitForSelector('nav')
  })

  afterAll(async () => {
    await browser.stop()
    const ended = once(program, 'exit')
    program.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
    rmSync(folder, { recursive: true, force: true })
  })

  test('keeps the token out of the address and of every cookie', async () => {
    expect(page.url()).not.toContain('token')
    expect(await browser.context.cookies()).toEqual([])
  })

  test('pairs, sends, and shows the row turn read', async () => {
    await addSandboxDevice(page)
    await send(page, '6285500000510', 'Halo dari peramban')
    await expectRow(page, '6285500000510', 'Read')
  })

  test('makes a key that works', async () => {
    expect(await createKey(page, 'POS')).toMatch(/^kurir_/)
    await page.keyboard.press('Escape')
  })

  test('opens in a second tab beside the first, which hears of what happens there', async () => {
    const second = await browser.context.newPage()
    await second.goto(address)
    await second.waitForSelector('nav')
    await send(second, '6285500000511', 'Dari tab kedua')
    await expectRow(page, '6285500000511', 'Read')
    await second.close()
  })

  test('goes on where the page is loaded again', async () => {
    await page.reload()
    await page.waitForSelector('nav')
    await expectRow(page, '6285500000510', 'Read')
  })

  test('shows every page without an error or a refusal of its policy', async () => {
    for (const name of ['Devices', 'Send', 'Log', 'API', 'Sandbox', 'Settings']) await go(page, name)
    expect(troubles).toEqual([])
  })

  test('shows nothing to who does not know the token', async () => {
    // Another context shares no sessionStorage with the first.
    const stranger = await browser.context.browser()?.newContext()
    const window = await stranger?.newPage()
    await window?.goto(new URL(address).origin)
    await until('a refusal', async () => (await window?.getByRole('navigation').count()) === 0)
    expect(await window?.getByRole('button', { name: 'Add device' }).count()).toBe(0)
    await stranger?.close()
  })
})
