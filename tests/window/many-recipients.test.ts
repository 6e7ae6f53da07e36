import { expect, test } from 'vitest'
import { expectPage } from '../support/expect-page.ts'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

test('of 300 recipients the first twenty are shown, those that were not read before all others', async () => {
  const { page, close } = await open(scenario(), { at: 'send' })
  const numbers = Array.from({ length: 299 }, (_, index) => `6281234567${String(index).padStart(3, '0')}`)
  await page.getByLabel(words.send.recipient).fill([...numbers, '12'].join(', '))
  const chips = page.getByRole('listitem').filter({ hasText: /\+62|12:|more/ })
  await expectPage(page.getByText(words.send.moreRecipients(280))).toBeVisible()
  await expectPage(chips).toHaveCount(21)
  await expectPage(chips.first()).toContainText(words.numberFault({ kind: 'too_short' }))
  const asked = await page.evaluate(
    () => window.kurirDouble?.asked.filter(({ call }) => call === 'numbers.lookUp').length ?? 0,
  )
  expect(asked).toBe(0)
  await close()
})
