import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import { describe, expect, test } from 'vitest'
import type { Call, Device } from '../../src-preload/contract.ts'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { temporaryFolder } from '../support/program.ts'
import { emit, goTo, press } from './helpers.ts'
import { connected, device, noon, scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

/** What was asked of the double by one call, in order. */
const requestsOf = (page: Page, call: Call): Promise<unknown[]> =>
  page.evaluate(
    (name) =>
      window.kurirDouble?.asked.filter((one) => one.call === name).map(({ request }) => request) ?? [],
    call as string,
  )

/** What somebody else changes while the operator is at it: another window, a program, the phone itself. */
describe('while the operator is at it', () => {
  test('a phone that scans the QR while its number is asked for stays linked', async () => {
    const pairing = device(
      'Front',
      { name: 'pairing', qr: { text: '2@abc', expiresAt: noon + 15_000 }, code: null },
      { number: null, paired: false },
    )
    const { page, close } = await open(scenario({ devices: [pairing] }))
    await press(page, words.devices.showCode)
    await press(page, words.pairing.useCode)
    const dialog = page.getByRole('dialog')
    await expectPage(dialog).toContainText(words.pairing.needNumber)
    const scanned: Device = {
      ...pairing,
      number: '6281234567890',
      paired: true,
      state: { name: 'connecting', attempt: 1, reason: null },
    }
    await emit(page, 'device.changed', scanned)
    await expectPage(dialog).toContainText(words.pairing.linking)
    await emit(page, 'device.changed', { ...scanned, state: connected })
    await expectPage(dialog).toContainText(words.pairing.success('Front'))
    expect(await requestsOf(page, 'devices.pair')).toEqual([{ id: 'Front', how: 'qr' }])
    await close()
  })

  test('a message goes from the phone that was shown when it was written, also when that drops', async () => {
    const { page, close } = await open(scenario(), { at: 'send' })
    const shown = page.getByRole('combobox', { name: words.send.device })
    await expectPage(shown).toHaveValue('Front desk')
    await page.getByLabel(words.send.recipient).fill('081234567890')
    await page.getByLabel(words.send.message, { exact: true }).fill('Pesanan siap')
    await emit(page, 'device.changed', device('Front desk', { name: 'connecting', attempt: 1, reason: null }))
    await expectPage(page.getByText(words.send.notConnected('Front desk'))).toBeVisible()
    await expectPage(shown).toHaveValue('Front desk')
    await press(page, words.send.send)
    await expectPage.poll(() => requestsOf(page, 'messages.submit')).toHaveLength(1)
    expect(await requestsOf(page, 'messages.submit')).toMatchObject([{ deviceId: 'Front desk' }])
    await close()
  })

  test('a key is not made for a phone that was removed, and one that was says so', async () => {
    const { page, close } = await open(scenario(), { at: 'api' })
    await press(page, words.api.create)
    await page.getByLabel(words.api.key.name, { exact: true }).fill('Kasir')
    await page.getByLabel(words.api.key.chosen, { exact: true }).first().check()
    await page.getByRole('checkbox', { name: 'Front desk' }).check()
    await emit(page, 'device.removed', { id: 'Front desk' })
    await expectPage(page.getByRole('checkbox', { name: 'Front desk' })).toHaveCount(0)
    await press(page, words.api.key.submit)
    await expectPage(page.getByText(words.api.key.needDevice)).toBeVisible()
    expect(await requestsOf(page, 'keys.create')).toEqual([])
    await page.keyboard.press('Escape')
    const keys = page.getByRole('list', { name: words.api.keys })
    await expectPage(keys.getByRole('listitem').nth(1)).toContainText(words.api.key.goneDevices)
    await close()
  })

  test('the row of the log that has the focus keeps it when a message comes in above', async () => {
    const { page, close } = await open(scenario(), { at: 'log' })
    const third = page.getByRole('row').nth(3).getByRole('button')
    const recipient = (await third.textContent()) ?? ''
    await third.focus()
    await page.evaluate(async () => {
      const nothing = { search: null, deviceId: null, states: null, keyName: null, from: null, to: null }
      const answer = await window.kurir?.call('messages.list', { filter: nothing, before: null, limit: 1 })
      if (answer?.ok !== true) throw new Error('the double does not answer')
      window.kurirDouble?.emit('message.changed', { ...answer.value[0], id: 'm241', sequence: 241 })
    })
    await expectPage(page.getByRole('table')).toHaveAttribute('aria-rowcount', '242')
    await expectPage(page.locator(':focus')).toHaveText(recipient)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await expectPage(page.getByRole('dialog', { name: words.story.title })).toContainText('m238')
    await close()
  })

  test('a file that is gone since it was chosen is said to be, and can be chosen again', async () => {
    const { page, close } = await open(scenario(), { at: 'send' })
    const file = join(temporaryFolder(), 'struk.pdf')
    writeFileSync(file, '%PDF-1.4')
    await page.getByText(words.send.file, { exact: true }).click()
    const input = page.locator('input[type="file"]')
    await input.setInputFiles(file)
    await page.getByLabel(words.send.recipient).fill('081234567890')
    rmSync(file)
    await press(page, words.send.send)
    await expectPage(page.getByRole('alert')).toContainText(words.common.windowFailures.fileChanged.what)
    // A browser tells of a choice only where it is another one than before.
    await expectPage(input).toHaveValue('')
    expect(await requestsOf(page, 'messages.submit')).toEqual([])
    await close()
  })
})

test('the other rows of another filter are looked at from their top', async () => {
  const { page, close } = await open(scenario({ rows: 2_000 }), { at: 'log' })
  const table = page.getByRole('table', { name: words.log.table })
  await expectPage(table).toHaveAttribute('aria-rowcount', '2001')
  await table.evaluate((element) => element.scrollTo(0, 30_000))
  await expectPage(page.locator('[data-row="690"]')).toBeVisible()
  await goToFailed(page)
  await expectPage(table).toHaveAttribute('aria-rowcount', '101')
  await expectPage(page.locator('[data-row="0"]')).toBeInViewport()
  await goTo(page, words, 'devices')
  await close()
})

async function goToFailed(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: words.log.stateFilter }).selectOption('failed')
}
