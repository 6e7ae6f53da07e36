import { expectPage } from '../support/expect-page.ts'
import { test } from 'vitest'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()
const { requests, connections, countryCode, lanAddresses } = words.settings.fields

test('a limit that was set is taken back by emptying its field, and a field that needs a number keeps it', async () => {
  const { page, close } = await open(scenario(), { at: 'settings' })
  const kept = async (name: string): Promise<unknown> => {
    const answer = await page.evaluate(() => window.kurir?.call('settings.all', {}))
    return (answer as { value: { values: Record<string, unknown> } }).value.values[name]
  }
  const limit = page.getByRole('textbox', { name: requests.name })
  await limit.fill('30')
  await limit.press('Enter')
  await expectPage.poll(() => kept('api.requestsPerMinute')).toBe(30)
  await limit.fill('')
  await limit.press('Enter')
  await expectPage.poll(() => kept('api.requestsPerMinute')).toBeNull()

  const most = page.getByRole('textbox', { name: connections.name })
  await most.fill('')
  await most.press('Enter')
  await expectPage(most).toHaveValue('256')
  await close()
})

test('what was said of a value that is not possible goes when the field has the one that is kept', async () => {
  const outcomes = { 'settings.set': { ok: false, error: { code: 'setting_invalid', message: '' } } } as const
  const { page, close } = await open(scenario({ outcomes }), { at: 'settings' })
  const said = page.getByRole('alert')
  const code = page.getByRole('textbox', { name: countryCode.name })
  await code.fill('x')
  await code.press('Enter')
  await expectPage(said).toContainText(words.failures.setting_invalid.what)
  await code.fill('62')
  await code.press('Enter')
  await expectPage(said).toHaveCount(0)

  const addresses = page.getByRole('textbox', { name: lanAddresses.name })
  await addresses.fill('???')
  await page.getByRole('button', { name: words.common.save, exact: true }).click()
  await expectPage(said).toContainText(words.failures.setting_invalid.what)
  await addresses.fill('')
  await expectPage(said).toHaveCount(0)
  await close()
})
