import { expect, test } from 'vitest'
import { expectPage } from '../support/expect-page.ts'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { connected, device, scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

const many = Array.from({ length: 40 }, (_, index) => ({
  ...device(`Toko ${String(index).padStart(2, '0')}`, connected),
  number: `62857000000${String(index).padStart(2, '0')}`,
}))

test('above twelve devices a field finds them by name or number', async () => {
  const { page, close } = await open(scenario({ devices: many }), { at: 'devices' })
  const cards = page.getByRole('article')
  await expectPage(cards).toHaveCount(40)
  const field = page.getByRole('textbox', { name: words.devices.filter })
  await field.fill('toko 17')
  await expectPage(cards).toHaveCount(1)
  await field.fill('0857-0000-0023')
  await expectPage(cards).toHaveCount(1)
  await expectPage(cards).toContainText('Toko 23')
  await close()
})

test('twelve devices need none', async () => {
  const { page, close } = await open(scenario({ devices: many.slice(0, 12) }), { at: 'devices' })
  await expectPage(page.getByRole('article')).toHaveCount(12)
  expect(await page.getByRole('textbox', { name: words.devices.filter }).count()).toBe(0)
  await close()
})
