import { expectPage } from '../support/expect-page.ts'
import { expect, test } from 'vitest'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { goTo } from './helpers.ts'
import { scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

test('a restore that is taken back while its file is handed over replaces nothing', async () => {
  const { page, close } = await open(scenario())
  await goTo(page, words, 'settings')
  // The second part is never answered until the test says so.
  await page.evaluate(() => {
    const { kurir } = window as unknown as { kurir: { call: (name: string, request: unknown) => unknown } }
    const call = kurir.call
    let parts = 0
    kurir.call = (name, request) => {
      if (name !== 'uploads.part' || (parts += 1) < 2) return call(name, request)
      return new Promise((answer) => {
        addEventListener('answer-part', () => answer(call(name, request)), { once: true })
      })
    }
  })
  await page.getByLabel(words.settings.fields.restore.action).setInputFiles({
    name: 'shop.kurir-backup',
    mimeType: '',
    buffer: Buffer.alloc(1_000_000),
  })
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: words.settings.ask.restore.yes, exact: true }).click()
  await dialog.getByRole('button', { name: words.common.cancel, exact: true }).click()
  await page.evaluate(() => dispatchEvent(new Event('answer-part')))
  await expectPage(dialog).toBeHidden()
  const asked = await page.evaluate(() => window.kurirDouble?.asked.map(({ call }) => call) ?? [])
  expect(asked).toContain('uploads.cancel')
  expect(asked).not.toContain('program.restore')
  await close()
})
