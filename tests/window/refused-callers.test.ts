import { expect, test } from 'vitest'
import { expectPage } from '../support/expect-page.ts'
import { en } from '../../src-renderer/i18n/en.ts'
import { id } from '../../src-renderer/i18n/id.ts'
import { scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

test.each([
  ['en', en],
  ['id', id],
] as const)('a page that was refused is allowed at a press (%s)', async (language, words) => {
  const { page, close } = await open(scenario({ language }), { at: 'api' })
  const table = page.getByRole('table', { name: words.api.refused })
  await expectPage(table.getByRole('row')).toHaveCount(3)
  await expectPage(table).toContainText(words.api.refusedSettings.origin)
  await table.getByRole('button', { name: words.api.allowCaller('https://kasir.toko.example') }).click()
  await expectPage(table.getByRole('row')).toHaveCount(2)
  await expectPage(table).toContainText('host.docker.internal')
  await table.getByRole('button', { name: words.api.allowCaller('host.docker.internal') }).click()
  await expectPage(table).toHaveCount(0)
  await close()
})

test('nothing is said of refusals where there were none', async () => {
  const { page, close } = await open(scenario({ refused: [] }), { at: 'api' })
  await expectPage(page.getByRole('table', { name: en.api.access })).toHaveCount(1)
  expect(await page.getByText(en.api.refused).count()).toBe(0)
  await close()
})
