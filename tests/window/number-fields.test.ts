import { expectPage } from '../harness/expect-page.ts'
import { test } from 'vitest'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { scenario } from './scenario.ts'
import { windowsOnDouble } from './suite.ts'

const open = windowsOnDouble()
const { requests, connections } = words.settings.fields

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
