import type { Locator, Page } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import { describe, test } from 'vitest'
import { en as words } from '../../src-renderer/i18n/en.ts'
import { scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

/** As a hand does it: what the first click opens is there by the second. */
async function doubleClick(page: Page, target: Locator): Promise<void> {
  const place = await target.boundingBox()
  if (place === null) throw new Error('there is nothing to click at')
  await page.mouse.move(place.x + place.width / 2, place.y + place.height / 2)
  for (const clickCount of [1, 2]) {
    await page.mouse.down({ clickCount })
    await page.mouse.up({ clickCount })
    await page.waitForTimeout(150)
  }
}

describe('a double click', () => {
  test('on a row of the log leaves its story open, and a press beside it closes that', async () => {
    const { page, close } = await open(scenario(), { at: 'log' })
    const story = page.getByRole('dialog', { name: words.story.title })
    const row = page.getByRole('row').nth(2)
    await row.waitFor()
    await doubleClick(page, row.getByRole('button'))
    await expectPage(story).toBeVisible()
    await page.mouse.click(300, 400)
    await expectPage(story).toBeHidden()
    await close()
  })

  test('on what opens a dialog leaves it open, and a press beside it closes that', async () => {
    const { page, close } = await open(scenario(), { at: 'api' })
    const dialog = page.getByRole('dialog', { name: words.api.key.title })
    await doubleClick(page, page.getByRole('button', { name: words.api.create }))
    await expectPage(dialog).toBeVisible()
    await page.mouse.click(20, 780)
    await expectPage(dialog).toBeHidden()
    await close()
  })
})
