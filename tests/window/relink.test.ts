import { expectPage } from '../support/expect-page.ts'
import { expect, test } from 'vitest'
import { en } from '../../src-renderer/i18n/en.ts'
import { id } from '../../src-renderer/i18n/id.ts'
import { connected, device, scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

test.each([
  ['en', en],
  ['id', id],
] as const)(
  'a phone that an older version linked says so on its card and is linked again from there (%s)',
  async (language, words) => {
    const { page, close } = await open(
      scenario({
        language,
        devices: [device('Gudang', connected, { relinkAdvised: true }), device('Kasir', connected)],
      }),
      { at: 'devices' },
    )
    const card = page.getByRole('article', { name: 'Gudang' })
    await expectPage(card.getByText(words.devices.relinkAdvice)).toBeVisible()
    await expectPage(
      page.getByRole('article', { name: 'Kasir' }).getByText(words.devices.relinkAdvice),
    ).toHaveCount(0)
    await card.getByRole('button', { name: words.devices.relink, exact: true }).click()
    const question = page.getByRole('dialog')
    await expectPage(question.getByText(words.devices.relinkText)).toBeVisible()
    await question.getByRole('button', { name: words.devices.relink, exact: true }).click()
    await expectPage(page.getByRole('dialog', { name: words.pairing.title('Gudang') })).toBeVisible()
    const asked = await page.evaluate(() => window.kurirDouble?.asked.map(({ call }) => call) ?? [])
    expect(asked).toContain('devices.logOut')
    await close()
  },
)
