import { expectPage } from '../support/expect-page.ts'
import { describe, expect, test } from 'vitest'
import type { Download } from '../../src-preload/contract.ts'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { emit, goTo, holdAnswer, press } from './helpers.ts'
import { scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

describe('a key that is shown once', () => {
  test('stays when somebody presses beside it, and the focus stays on what copies it', async () => {
    const { page, close } = await open(scenario(), { at: 'api' })
    await press(page, words.api.create)
    await page.getByLabel(words.api.key.name, { exact: true }).fill('Kasir')
    await press(page, words.api.key.submit)
    const secret = page.getByRole('status', { name: words.api.key.secret })
    await expectPage(secret).toBeVisible()
    await page.mouse.click(5, 400)
    await expectPage(secret).toBeVisible()

    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined })
    })
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: words.common.copy, exact: true }).press('Enter')
    await expectPage(dialog.getByRole('button', { name: words.common.copied })).toBeFocused()
    await close()
  })

  test('stays while the Enter that made it is still held', async () => {
    const { page, close } = await open(scenario(), { at: 'api' })
    await press(page, words.api.create)
    await page.getByLabel(words.api.key.name, { exact: true }).fill('Kasir')
    // Down again without up: the keyboard repeats.
    for (let time = 0; time < 6; time += 1) {
      await page.keyboard.down('Enter')
      await page.waitForTimeout(60)
    }
    await page.keyboard.up('Enter')
    await expectPage(page.getByRole('status', { name: words.api.key.secret })).toBeVisible()
    await close()
  })

  test('is shown also to whoever presses Escape while it is made', async () => {
    const { page, close } = await open(scenario(), { at: 'api' })
    const answer = await holdAnswer(page, 'keys.create')
    await press(page, words.api.create)
    await page.getByLabel(words.api.key.name, { exact: true }).fill('Kasir')
    await press(page, words.api.key.submit)
    await page.keyboard.press('Escape')
    await answer()
    await expectPage(page.getByRole('status', { name: words.api.key.secret })).toBeVisible()
    await page.keyboard.press('Escape')
    await expectPage(page.getByRole('dialog')).toBeHidden()
    await close()
  })

  test('is not said to be copied when it was not', async () => {
    const { page, close } = await open(scenario(), { at: 'api' })
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined })
      document.execCommand = () => false
    })
    await press(page, words.api.copyAddress)
    await expectPage(page.getByRole('button', { name: words.common.copyFailed })).toBeVisible()
    await close()
  })
})

test('the log says which phone it is narrowed to after that was removed', async () => {
  const { page, close } = await open(scenario(), { at: 'log' })
  const filter = page.getByRole('combobox', { name: words.log.deviceFilter })
  await filter.selectOption('Warehouse')
  await page.evaluate(() => window.kurirDouble?.emit('device.removed', { id: 'Warehouse' }))
  await expectPage(filter.locator('option:checked')).toHaveText(words.log.someDevice)
  await goTo(page, words, 'devices')
  expect(await page.getByRole('article', { name: 'Warehouse' }).count()).toBe(0)
  await close()
})

test('a file that was asked for is had, also when another page is shown by the time of the answer', async () => {
  const download: Download = {
    id: 'backup',
    kind: 'backup',
    fileName: 'shop.kurir-backup',
    state: 'running',
    done: 0,
    total: null,
    path: null,
    failure: null,
  }
  const { page, close } = await open(scenario({ download, desktop: false }), { at: 'settings' })
  const answer = await holdAnswer(page, 'program.backup')
  await press(page, words.settings.fields.backup.action)
  await goTo(page, words, 'devices')
  await answer()
  await page.waitForTimeout(100)
  const file = page.waitForEvent('download', { timeout: 5_000 })
  await emit(page, 'saving.changed', { ...download, state: 'done' })
  expect((await file).suggestedFilename()).toBe('shop.kurir-backup')
  await close()
})
