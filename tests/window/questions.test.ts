import { expectPage } from '../support/expect-page.ts'
import { expect, test } from 'vitest'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { press } from './helpers.ts'
import { scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()
const { ask, fields } = words.settings

test('another trusted server in the place of one is asked about, fewer are not', async () => {
  const { page, close } = await open(scenario(), { at: 'settings' })
  const set = (value: string[]) =>
    page.evaluate(
      (hosts) => window.kurir?.call('settings.set', { name: 'media.trustedHosts', value: hosts }),
      value,
    )
  await set(['files.shop', 'old.shop'])
  const field = page.getByLabel(fields.trustedHosts.name)
  await expectPage(field).toHaveValue('files.shop\nold.shop')
  await field.fill('files.shop\nnew.shop')
  await press(page, words.common.save)
  const dialog = page.getByRole('dialog', { name: ask.trustedHosts.title })
  await expectPage(dialog).toBeVisible()
  await dialog.getByRole('button', { name: words.common.cancel }).click()
  await field.fill('files.shop')
  await press(page, words.common.save)
  await expectPage(page.getByRole('button', { name: words.common.save, exact: true })).toBeHidden()
  expect(await page.getByRole('dialog').count()).toBe(0)
  await close()
})
