import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import sharp from 'sharp'
import { en, type Words } from '../../src-renderer/i18n/en.ts'
import { id } from '../../src-renderer/i18n/id.ts'
import { startProgram, type Program } from '../support/program.ts'
import { launchBrowser, openWindow, type Opened } from './browser.ts'
import { chooseOfDevice, goTo, press } from './helpers.ts'

/** Every page's main job in a plain browser, on the real program with its sandbox, from a clean start. */
describe.each([
  { language: 'en', locale: 'en-GB', words: en },
  { language: 'id', locale: 'id-ID', words: id },
])('the window on headless, in $language', ({ locale, words }) => {
  let browser: Browser
  let program: Program
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    browser = await launchBrowser()
    program = await startProgram({ args: ['--sandbox'], environment: systemSpeaks(locale) })
    opened = await openWindow(browser, program.ready.window ?? '', { locale })
    page = opened.page
    await chooseLanguage(page, words)
  })
  afterAll(async () => {
    await browser.close()
    await program.stop()
  })
  afterEach(() => expect(opened.complaints).toEqual([]))

  test('the token is not in the address', () => {
    expect(page.url()).not.toContain('token')
  })

  test('Devices: a practice phone is added with one click, renamed, and its history read', async () => {
    await goTo(page, words, 'devices')
    await press(page, words.devices.add)
    await page.getByRole('option', { name: words.devices.addSandbox, exact: true }).click()
    const name = words.devices.sandboxName(2)
    const card = page.getByRole('article', { name, exact: true })
    await expectPage(card).toContainText(words.devices.states.connected, { timeout: 30_000 })

    await chooseOfDevice(page, words, name, words.devices.rename)
    await page.getByLabel(words.devices.newName).fill('Gudang')
    await press(page, words.common.save)
    await expectPage(page.getByRole('article', { name: 'Gudang', exact: true })).toBeVisible()

    await chooseOfDevice(page, words, 'Gudang', words.devices.history)
    await expectPage(page.getByRole('dialog')).toContainText(words.devices.states.connected)
    await page.keyboard.press('Escape')
  })

  test('Devices: one that is logged out is paired again by its QR in the dialog', async () => {
    const card = page.getByRole('article', { name: 'Gudang', exact: true })
    await chooseOfDevice(page, words, 'Gudang', words.devices.logOut)
    await page.getByRole('dialog').getByRole('button', { name: words.devices.logOut, exact: true }).click()
    await expectPage(card).not.toContainText(words.devices.states.connected)

    await card.getByRole('button').last().click()
    await expectPage(page.getByRole('img', { name: words.pairing.qr })).toBeVisible({ timeout: 30_000 })
    await press(page, words.pairing.practise)
    await expectPage(page.getByRole('dialog')).toContainText(words.pairing.success('Gudang'), {
      timeout: 30_000,
    })
    await press(page, words.common.done)
    await expectPage(card).toContainText(words.devices.states.connected)
  })

  test('Devices: one is removed after a question', async () => {
    await chooseOfDevice(page, words, 'Gudang', words.devices.remove)
    await page.getByRole('dialog').getByRole('button', { name: words.devices.remove, exact: true }).click()
    await expectPage(page.getByRole('article', { name: 'Gudang', exact: true })).toBeHidden()
  })

  test('Send: a number is read as it is typed, the text drawn, and the ticks follow', async () => {
    await goTo(page, words, 'send')
    await page.getByLabel(words.send.recipient).fill('0855-0000-0500')
    const asked = page.getByRole('listitem').filter({ hasText: '+62 855-0000-0500' })
    await expectPage(asked).toContainText(words.send.lookUp.yes)
    await page.getByLabel(words.send.message, { exact: true }).fill('Pesanan *1042* siap')
    await expectPage(page.getByRole('region', { name: words.send.preview }).locator('strong')).toHaveText(
      '1042',
    )
    await press(page, words.send.send)
    const result = page.getByRole('region', { name: words.send.result })
    await expectPage(result).toContainText(words.messageStates.read, { timeout: 30_000 })
  })

  test('Send: a number that is not on WhatsApp is said to be, before and after', async () => {
    await page.getByLabel(words.send.recipient).fill('6285500000150')
    await expectPage(page.getByText(`+62 855-0000-0150: ${words.send.lookUp.no}`)).toBeVisible()
    await press(page, words.send.send)
    const result = page.getByRole('region', { name: words.send.result })
    await expectPage(result).toContainText(words.failures.not_on_whatsapp.what, { timeout: 30_000 })
  })

  test('Send: a chosen picture arrives', async () => {
    await page.getByText(words.send.file, { exact: true }).click()
    const buffer = await sharp({ create: { width: 320, height: 200, channels: 3, background: '#2f9d9b' } })
      .jpeg()
      .toBuffer()
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'struk.jpg', mimeType: 'image/jpeg', buffer })
    await expectPage(page.getByRole('img', { name: words.send.previewFile })).toBeVisible()
    await page.getByLabel(words.send.recipient).fill('6285500000501')
    await page.getByLabel(words.send.caption).fill('Struk Anda')
    await press(page, words.send.send)
    const result = page.getByRole('region', { name: words.send.result })
    await expectPage(result).toContainText('+62 855-0000-0501', { timeout: 30_000 })
    await expectPage(result).toContainText(words.messageStates.read, { timeout: 30_000 })
  })

  test('Send: the same as an API call has this program’s own address', async () => {
    await press(page, words.send.asCall)
    const code = page.getByRole('region', { name: `${words.api.code}, curl` })
    await expectPage(code).toContainText(new URL(program.ready.api).port)
  })

  test('Log: what was sent is there, is found by text, and has its story', async () => {
    await goTo(page, words, 'log')
    const table = page.getByRole('table', { name: words.log.table })
    await expectPage(table.getByRole('row', { name: '6285500000500' })).toContainText(
      words.messageStates.read,
    )
    await page.getByRole('searchbox', { name: words.log.search }).fill('1042')
    await expectPage(table.getByRole('row', { name: '6285500000501' })).toBeHidden()
    await table.getByRole('row', { name: '6285500000500' }).click()
    const story = page.getByRole('dialog', { name: words.story.title })
    for (const state of ['queued', 'sent', 'read'] as const) {
      await expectPage(story).toContainText(words.messageStates[state])
    }
    await page.keyboard.press('Escape')
  })

  test('Log: a failed one is sent again from its story', async () => {
    await press(page, words.log.clear)
    const rows = page.getByRole('row', { name: '6285500000150' })
    await rows.first().click()
    await page.getByRole('button', { name: words.story.again }).click()
    await expectPage(page.getByText(words.story.sentAgain)).toBeVisible()
    await page.keyboard.press('Escape')
  })

  test('Log: filters narrow it, nothing found is said', async () => {
    await page.getByRole('combobox', { name: words.log.stateFilter }).selectOption('failed')
    await expectPage(page.getByRole('row', { name: '6285500000150' }).first()).toBeVisible()
    await expectPage(page.getByRole('row', { name: '6285500000500' })).toBeHidden()
    await page.getByRole('searchbox').fill('xyzzy')
    await expectPage(page.getByText(words.log.nothing)).toBeVisible()
    await page.getByRole('search').getByRole('button', { name: words.log.clear }).click()
  })

  test('Log: an export is a file with every row', async () => {
    const download = page.waitForEvent('download')
    await press(page, words.log.export)
    await page.getByRole('menuitem', { name: words.log.exportCsv }).click()
    const file = await (await download).path()
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.length).toBeGreaterThanOrEqual(4)
    expect(lines.join('\n')).toContain('+62 855-0000-0500')
  })

  test('API: a key is made, shown once, works over HTTP, and is revoked at once', async () => {
    await goTo(page, words, 'api')
    await press(page, words.api.create)
    await page.getByLabel(words.api.key.name, { exact: true }).fill('Kasir')
    await press(page, words.api.key.submit)
    const secret = await page.getByRole('status', { name: words.api.key.secret }).textContent()
    await press(page, words.common.done)
    const call = {
      api_key: secret,
      sender: program.ready.sandbox?.sender,
      number: '6285500000502',
      message: 'Hai',
    }
    expect(await post('/send-message', call)).toMatchObject({ status: true })

    await press(page, words.api.refresh)
    await expectPage(page.getByRole('table', { name: words.api.access })).toContainText('Kasir')
    await press(page, words.api.key.revokeNamed('Kasir'))
    await page.getByRole('dialog').getByRole('button', { name: words.api.key.revoke, exact: true }).click()
    await expectPage(page.getByRole('dialog')).toBeHidden()
    expect(await post('/send-message', call)).toMatchObject({ status: false, code: 'key_unknown' })
  })

  test('Sandbox: what recipients received is there as chats, pictures included', async () => {
    await goTo(page, words, 'sandbox')
    await page.getByRole('button', { name: /855-0000-0501/ }).click()
    const chat = page.getByRole('region', { name: words.sandbox.chat('+62 855-0000-0501') })
    await expectPage(chat).toContainText('Struk Anda')
    const picture = chat.getByRole('img').first()
    await expectPage(picture).toBeVisible()
    await expect
      .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0)
  })

  test('Settings: one is changed, a dangerous one asks, and both are kept', async () => {
    await goTo(page, words, 'settings')
    const { fields, ask } = words.settings
    await page.getByLabel(fields.perHour.name).fill('321')
    await page.getByLabel(fields.perHour.name).press('Enter')
    await page.getByLabel(fields.keepTexts.name).selectOption('masked')
    await expectPage(page.getByRole('dialog')).toContainText(ask.keepTexts.text)
    await press(page, words.common.cancel)
    await expectPage(page.getByLabel(fields.keepTexts.name)).toHaveValue('yes')
    await page.reload()
    await expectPage(page.getByLabel(fields.perHour.name)).toHaveValue('321')
  })

  test('Settings: the theme changes at once', async () => {
    await page.getByLabel(words.settings.fields.theme.name).selectOption('dark')
    await expectPage(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
    await page.getByLabel(words.settings.fields.theme.name).selectOption('system')
  })

  test('Settings: a backup and the diagnostics are files', async () => {
    for (const action of [words.settings.fields.backup.action, words.settings.fields.diagnostics.action]) {
      const download = page.waitForEvent('download')
      await press(page, action)
      expect(readFileSync(await (await download).path()).length).toBeGreaterThan(100)
    }
  })

  test('another tab may use it as well', async () => {
    const second = await openWindow(browser, program.ready.window ?? '', { locale })
    await expectPage(second.page.getByRole('article').first()).toBeVisible()
    expect(second.complaints).toEqual([])
    await second.close()
  })

  async function post(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${program.ready.api}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return response.json()
  }
})

describe('the first run', () => {
  test('shows three steps while there is no device, goes through them, and is found again', async () => {
    const browser = await launchBrowser()
    const program = await startProgram()
    const { page, complaints } = await openWindow(browser, program.ready.window ?? '')
    const steps = page.getByRole('region', { name: en.firstRun.title })
    await expectPage(steps.getByRole('listitem')).toHaveCount(3)
    await page.getByRole('button', { name: en.firstRun.skip }).click()
    await expectPage(steps).toBeHidden()
    await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: en.settings.fields.firstRun.action }).click()
    await expectPage(steps).toBeVisible()
    await steps.getByRole('button', { name: en.firstRun.phone.practice }).click()
    await expectPage(steps).toContainText(en.firstRun.phone.done(en.devices.sandboxName(1)), {
      timeout: 30_000,
    })
    expect(complaints).toEqual([])
    await browser.close()
    await program.stop()
  })
})

describe('when nobody is there', () => {
  test('a window with a wrong token says how to get a right one', async () => {
    const browser = await launchBrowser()
    const program = await startProgram()
    const address = (program.ready.window ?? '').replace(/#token=.*/, '#token=wrong')
    const { page } = await openWindow(browser, address)
    await expectPage(page.getByText(en.common.link.refused)).toBeVisible()
    await browser.close()
    await program.stop()
  })

  test('a window whose program is gone says so, and shows what it has', async () => {
    const browser = await launchBrowser()
    const program = await startProgram({ args: ['--sandbox'] })
    const { page } = await openWindow(browser, program.ready.window ?? '')
    await expectPage(page.getByRole('article').first()).toBeVisible()
    await program.kill()
    await expectPage(page.getByText(en.common.link.offline)).toBeVisible()
    await expectPage(page.getByRole('article').first()).toBeVisible()
    await browser.close()
  })
})

/** What makes a Linux program believe that its system speaks a language. */
function systemSpeaks(locale: string): Record<string, string> {
  const posix = `${locale.replace('-', '_')}.UTF-8`
  return { LANG: posix, LC_ALL: posix, LANGUAGE: locale }
}

/** The program's system may have no Indonesian; the setting does. */
async function chooseLanguage(page: Page, words: Words): Promise<void> {
  await page.getByRole('navigation').getByRole('link').last().click()
  const field = page.getByLabel(/^(Language|Bahasa)$/)
  await field.selectOption(words === id ? 'id' : 'en')
  await expectPage(page.getByRole('heading', { level: 1 })).toHaveText(words.settings.title)
}
