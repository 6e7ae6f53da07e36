import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { eventually, startProgram, type Program } from '../support/program.ts'
import { launchBrowser, openWindow, type Opened } from './browser.ts'
import { chooseOfDevice, goTo, press } from './helpers.ts'

const sounds = join(import.meta.dirname, '../media/fixtures')
const soon = { timeout: 30_000 }

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** What an operator does now and then, on the real program with its sandbox. */
describe('the window on headless', () => {
  let program: Program
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    program = await startProgram({ args: ['--sandbox'] })
    opened = await openWindow(browser, program.ready.window ?? '')
    page = opened.page
    await expectPage(page.getByRole('article').first()).toContainText(words.devices.states.connected, soon)
  })
  afterAll(() => program.stop())
  afterEach(() => expect(opened.complaints).toEqual([]))

  const result = () => page.getByRole('region', { name: words.send.result })

  test('Devices: a phone is paired by the code that the dialog shows', async () => {
    const card = page.getByRole('article').first()
    const name = (await card.getAttribute('aria-label')) ?? ''
    await chooseOfDevice(page, words, name, words.devices.logOut)
    await page.getByRole('dialog').getByRole('button', { name: words.devices.logOut, exact: true }).click()
    await card.getByRole('button', { name: words.devices.pairAgain }).click()
    await press(page, words.pairing.useCode)
    const code = page.getByRole('status', { name: words.pairing.code })
    await expectPage(code).toHaveText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/, soon)
    await press(page, words.pairing.practise)
    await expectPage(page.getByRole('dialog')).toContainText(words.pairing.success(name), soon)
    await press(page, words.common.done)
    await expectPage(card).toContainText(words.devices.states.connected)
  })

  test('Send: a sound of this PC goes out as a voice note and can be played in the inbox', async () => {
    await goTo(page, words, 'send')
    await page.getByText(words.send.voice, { exact: true }).click()
    await page.locator('input[type="file"]').setInputFiles(join(sounds, 'voice.mp3'))
    await page.getByLabel(words.send.recipient).fill('6285500000520')
    await press(page, words.send.send)
    await expectPage(result()).toContainText(words.messageStates.played, soon)

    await goTo(page, words, 'sandbox')
    await page.getByRole('button', { name: /855-0000-0520/ }).click()
    const chat = page.getByRole('log')
    await expectPage(chat).toContainText(words.sandbox.play)
    const sound = chat.locator('audio')
    await expect.poll(() => sound.evaluate(({ duration }: HTMLAudioElement) => duration)).toBeGreaterThan(0.5)
  })

  test('Send: a picture on the web goes out once its server is trusted', async () => {
    const web = await serve(jpeg(await picture()))
    await sendFromWeb(`${web.url}/struk.jpg`)
    await expectPage(result()).toContainText(words.failures.media_address_refused.what, soon)

    await goTo(page, words, 'settings')
    const { fields, ask } = words.settings
    await page.getByLabel(fields.trustedHosts.name).fill(new URL(web.url).host)
    await press(page, words.common.save)
    await page.getByRole('dialog').getByRole('button', { name: ask.trustedHosts.yes }).click()
    await expectPage(page.getByRole('dialog')).toBeHidden()

    await sendFromWeb(`${web.url}/struk.jpg`)
    await expectPage(result()).toContainText(words.messageStates.read, soon)
    await web.stop()
  })

  test('Log: one text to many recipients raises a warning that leads to its story', async () => {
    await goTo(page, words, 'send')
    const many = Array.from({ length: 20 }, (_, index) => `62855000006${index + 10}`)
    await page.getByText(words.send.text, { exact: true }).click()
    await page.getByLabel(words.send.recipient).fill(many.join(', '))
    await page.getByLabel(words.send.message, { exact: true }).fill('Promo hari ini: semua barang diskon!')
    await press(page, words.send.send)
    await expectPage(result()).toContainText('+62 855-0000-0610', soon)

    await goTo(page, words, 'log')
    await expectPage(page.getByText(words.log.sameTextToDo)).toBeVisible(soon)
    await press(page, words.log.sameTextLook)
    const story = page.getByRole('dialog', { name: words.story.title })
    await expectPage(story).toContainText(words.story.notes.sameText)
    await page.keyboard.press('Escape')
  })

  async function sendFromWeb(url: string): Promise<void> {
    await goTo(page, words, 'send')
    await page.getByText(words.send.file, { exact: true }).click()
    await page.getByText(words.send.byUrl, { exact: true }).click()
    await page.getByLabel(words.send.url).fill(url)
    await page.getByLabel(words.send.mediaType).selectOption('image')
    await page.getByLabel(words.send.recipient).fill('6285500000521')
    await press(page, words.send.send)
  }
})

test('a backup made in the window is restored in another one: log, keys and settings are there', async () => {
  const first = await startProgram({ args: ['--sandbox'] })
  const one = await openWindow(browser, first.ready.window ?? '')
  await makeSomething(one.page)
  const download = one.page.waitForEvent('download')
  await one.page.getByRole('button', { name: words.settings.fields.backup.action }).click()
  const backup = await (await download).path()
  await first.stop()

  const second = await startProgram()
  const other = await openWindow(browser, second.ready.window ?? '')
  await goTo(other.page, words, 'settings')
  await other.page
    .getByLabel(words.settings.fields.restore.action)
    .setInputFiles({ name: 'shop.kurir-backup', mimeType: '', buffer: readFileSync(backup) })
  await expectPage(other.page.getByRole('dialog')).toContainText(words.settings.ask.restore.text)
  const readyFile = join(second.folder, 'ready.json')
  // It starts itself again: whatever becomes of this test, that one is ended too.
  onTestFinished(async () => {
    const again = await eventually(() => readyAnew(readyFile, second.process.pid), 45_000)
    process.kill(again.pid, 'SIGTERM')
  })
  const gone = once(second.process, 'exit')
  await other.page.getByRole('button', { name: words.settings.ask.restore.yes, exact: true }).click()
  // That PC has none of the keys.
  const question = words.settings.restoreQuestion
  await expectPage(other.page.getByRole('dialog')).toContainText('Kasir', soon)
  await other.page.getByLabel(question.keys(2)).check()
  await other.page.getByRole('button', { name: words.settings.ask.restore.yes, exact: true }).click()
  await expectPage(other.page.getByText(words.settings.restored('1', '2'))).toBeVisible(soon)
  await gone
  await expectPage(other.page.getByText(words.common.link.offline)).toBeVisible(soon)

  const ready = await eventually(() => readyAnew(readyFile, second.process.pid), 45_000)
  const restored = await openWindow(browser, ready.window ?? '')
  await goTo(restored.page, words, 'log')
  await expectPage(restored.page.getByRole('row', { name: '6285500000530' })).toBeVisible(soon)
  await goTo(restored.page, words, 'api')
  await expectPage(restored.page.getByText('Kasir', { exact: true })).toBeVisible()
  await goTo(restored.page, words, 'settings')
  await expectPage(restored.page.getByLabel(words.settings.fields.perHour.name)).toHaveValue('321')
})

/** What a visit to the window costs in visits to a page of one line: about 8 on two cores without graphics. */
const paintRatio = 20

test('the window is painted soon: in at most so many times what a page of one line takes', async () => {
  const program = await startProgram({ args: ['--sandbox'] })
  const bare = await serve(barePage)
  const times = { bare: [] as number[], window: [] as number[] }
  // The best of some, by turns: another program of this machine may hold up any one of them.
  for (let round = 0; round < 5; round += 1) {
    times.bare.push(await firstPaint(bare.url))
    times.window.push(await firstPaint(program.ready.window ?? ''))
  }
  await bare.stop()
  await program.stop()
  console.log(
    `first paint after ${milliseconds(times.window)}; of a page of one line ${milliseconds(times.bare)}`,
  )
  expect(Math.min(...times.bare)).toBeGreaterThan(0)
  expect(Math.min(...times.window) / Math.min(...times.bare)).toBeLessThan(paintRatio)
})

const milliseconds = (times: number[]) => `${times.map(Math.round).join(', ')} ms`

/** The milliseconds until a page of its own, with nothing cached, shows its first words. */
async function firstPaint(url: string): Promise<number> {
  const { page, close } = await openWindow(browser, url)
  await expectPage(page.getByRole('heading', { level: 1 })).toBeVisible()
  const time = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  )
  await close()
  return time
}

/** What any page needs: a document, and a script that draws. */
const barePage: RequestListener = (request, response) =>
  request.url === '/page.js'
    ? response
        .setHeader('content-type', 'text/javascript')
        .end(`document.body.innerHTML = '<main><h1>Kurir</h1></main>'`)
    : response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>Kurir</title><body><script type="module" src="/page.js"></script>')

/** What a program other than the one with this pid says of itself, once it does. */
function readyAnew(file: string, pid: number | undefined): Program['ready'] | null {
  if (!existsSync(file)) return null
  const ready = JSON.parse(readFileSync(file, 'utf8')) as Program['ready']
  return ready.pid === pid ? null : ready
}

/** A message, a key and a setting, to be found again. */
async function makeSomething(page: Page): Promise<void> {
  await expectPage(page.getByRole('article').first()).toContainText(words.devices.states.connected, soon)
  await goTo(page, words, 'send')
  await page.getByLabel(words.send.recipient).fill('6285500000530')
  await page.getByLabel(words.send.message, { exact: true }).fill('Pesanan siap')
  await press(page, words.send.send)
  const result = page.getByRole('region', { name: words.send.result })
  await expectPage(result).toContainText(words.messageStates.read, soon)
  await goTo(page, words, 'api')
  await press(page, words.api.create)
  await page.getByLabel(words.api.key.name, { exact: true }).fill('Kasir')
  await press(page, words.api.key.submit)
  await press(page, words.common.done)
  await goTo(page, words, 'settings')
  const field = page.getByLabel(words.settings.fields.perHour.name)
  await field.fill('321')
  await field.press('Enter')
  await page.reload()
  await expectPage(field).toHaveValue('321')
}

const picture = () =>
  sharp({ create: { width: 320, height: 200, channels: 3, background: '#2f9d9b' } })
    .jpeg()
    .toBuffer()

const jpeg =
  (file: Buffer): RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': file.length }).end(file)

async function serve(answer: RequestListener): Promise<{ url: string; stop(): Promise<void> }> {
  const server: Server = createServer(answer)
  await new Promise<void>((started) => server.listen(0, '127.0.0.1', started))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((stopped) => server.close(() => stopped()).closeAllConnections()),
  }
}
