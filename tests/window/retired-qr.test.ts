import { renderUnicodeCompact } from 'uqr'
import { expect, onTestFinished, test } from 'vitest'
import { en } from '../../src-renderer/i18n/en.ts'
import { expectPage } from '../support/expect-page.ts'
import { readQr, startPracticeServer } from '../support/practice-server.ts'
import { eventually, startProgram } from '../support/program.ts'
import { launchBrowser, openWindow } from './browser.ts'
import { goTo } from './helpers.ts'

const number = '6285500000007'

test('a QR whose secret WhatsApp retires is drawn anew in window, API and terminal, and links the phone', async () => {
  const practice = await startPracticeServer()
  onTestFinished(() => practice.stop())
  const program = await startProgram({ args: [...practice.options, '--new-key', 'k', '--pair', number] })
  onTestFinished(async () => void (await program.stop()))
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const ask = async (): Promise<string | null> => {
    const query = new URLSearchParams({ api_key: program.ready.apiKey ?? '', device: number })
    const answer = await fetch(`${program.ready.api}/generate-qr?${query.toString()}`)
    return ((await answer.json()) as { qrcode?: string | null }).qrcode ?? null
  }
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${practice.control}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const first = await readQr(await eventually(ask))
  const { page } = await openWindow(browser, program.ready.window ?? '', { locale: 'en-GB' })
  await goTo(page, en, 'devices')
  await page.getByRole('button', { name: en.devices.showCode, exact: true }).click()
  const shown = page.getByRole('img', { name: en.pairing.qr })
  await expectPage(shown).toBeVisible()
  const inWindow = async (): Promise<string> =>
    readQr(`data:image/png;base64,${(await shown.screenshot()).toString('base64')}`)
  expect(await inWindow()).toBe(first)
  expect(program.output()).toContain(renderUnicodeCompact(first, { border: 2 }))

  expect((await post('/fault', { kind: 'refresh', qr: first })).status).toBe(200)
  const second = await eventually(async () => {
    const text = await readQr((await ask()) ?? '')
    return text === first ? null : text
  })
  await eventually(async () => (await inWindow()) === second)
  expect(program.output()).toContain(renderUnicodeCompact(second, { border: 2 }))
  expect((await post('/scan', { qr: first, number })).ok).toBe(false)
  expect((await post('/scan', { qr: second, number })).ok).toBe(true)
  await expectPage(page.getByRole('dialog')).toContainText(en.pairing.success(number), { timeout: 30_000 })
  await eventually(() => program.output().includes(`${number} is connected.`))
})
