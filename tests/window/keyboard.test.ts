import type { Page } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import { describe, expect, test } from 'vitest'
import { device, noon, scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

/** Role and name of what has the focus, as a screen reader would say it. */
async function focused(page: Page): Promise<string> {
  const snapshot = await page.locator(':focus').ariaSnapshot()
  return (snapshot.split('\n')[0] ?? '')
    .replace(/^- /, '')
    .replace(/:.*$/, '')
    .replaceAll(/ \[(?!disabled)[^\]]*\]/g, '')
}

async function tabThrough(page: Page, steps: number): Promise<string[]> {
  const found: string[] = []
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab')
    found.push(await focused(page))
  }
  return found
}

describe('by keys alone', () => {
  test('the pairing dialog is gone through in order, and does not let go', async () => {
    const pairing = device(
      'Front desk',
      { name: 'pairing', qr: { text: '2@abc', expiresAt: noon + 15_000 }, code: null },
      { number: '6281234567890', paired: false },
    )
    const { page, close } = await open(scenario({ devices: [pairing] }))
    await page.getByRole('button', { name: 'Show code' }).press('Enter')
    await expectPage(page.getByRole('dialog', { name: 'Pair Front desk' })).toBeVisible()
    await expectPage(
      page.getByRole('img', { name: 'QR code to scan with WhatsApp on the phone' }),
    ).toBeVisible()
    await expectPage(
      page.getByRole('list', { name: 'How to link the phone' }).getByRole('listitem'),
    ).toHaveText([
      'Open WhatsApp on the phone',
      'Tap ⋮ or Settings, then Linked devices',
      'Tap “Link a device” and point the camera here',
    ])
    await page.getByRole('button', { name: 'Close' }).focus()
    expect(await tabThrough(page, 2)).toEqual(['button "Use a code instead"', 'button "Close"'])
    await page.keyboard.press('Escape')
    await expectPage(page.getByRole('dialog')).toBeHidden()
    await expectPage(page.getByRole('button', { name: 'Show code' })).toBeFocused()
    await close()
  })

  test('a sandbox device is added with Enter, arrow and Enter', async () => {
    const { page, close } = await open(scenario({ devices: [] }))
    await page.getByRole('button', { name: 'Add device' }).focus()
    await page.keyboard.press('Enter')
    await expectPage(page.getByRole('option', { name: 'Sandbox device', exact: true })).toBeVisible()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expectPage(page.getByRole('article', { name: 'Practice phone' })).toContainText('Connected')
    await close()
  })

  test('the log’s filters and rows are reached in order', async () => {
    const { page, close } = await open(scenario(), { at: 'log' })
    await expectPage(page.getByRole('row').nth(1)).toContainText('Sending')
    await page.getByRole('button', { name: 'Export' }).focus()
    const order = await tabThrough(page, 6)
    expect(order.slice(0, 5)).toEqual([
      'searchbox "Search"',
      'combobox "Phone"',
      'combobox "State"',
      'combobox "Key"',
      'combobox "Time"',
    ])
    expect(order[5]).toMatch(/^button "62812\d{8}"$/)
    await close()
  })

  test('arrows, Page Down, End and Home go through the rows, Enter opens, Escape closes', async () => {
    const { page, close } = await open(scenario({ rows: 1_000_000 }), { at: 'log' })
    const row = (sequence: number) => `62812${String(34_000_000 + ((sequence * 7_919) % 1_000_000))}`
    await page
      .getByRole('button', { name: row(1_000_000) })
      .first()
      .focus()
    const steps: [string, number][] = [
      ['ArrowDown', 999_999],
      ['PageDown', 999_989],
      ['ArrowUp', 999_990],
      ['End', 1],
      ['Home', 1_000_000],
    ]
    for (const [key, sequence] of steps) {
      await page.keyboard.press(key)
      await expectPage(page.locator(':focus')).toHaveText(row(sequence))
      await expectPage(page.locator(':focus')).toBeInViewport()
    }
    await page.keyboard.press('Enter')
    await expectPage(page.getByRole('dialog', { name: 'Story of this message' })).toContainText('m1000000')
    await page.keyboard.press('Escape')
    await expectPage(page.getByRole('dialog')).toBeHidden()
    await close()
  })

  test('the table of the log has its names, and each row its number and state', async () => {
    const { page, close } = await open(scenario(), { at: 'log' })
    const table = page.getByRole('table', { name: 'Messages' })
    await expectPage(table.getByRole('columnheader')).toHaveText([
      'Time',
      'To',
      'Message',
      'From',
      'By',
      'State',
    ])
    await expectPage(table.getByRole('row', { name: /62812\d{8}.*Sending/ }).first()).toBeVisible()
    await expectPage(table).toHaveAttribute('aria-rowcount', '241')
    await close()
  })

  test('there is one navigation, and a way past it', async () => {
    const { page, close } = await open(scenario())
    await expectPage(page.getByRole('navigation')).toHaveCount(1)
    await expectPage(page.getByRole('navigation').getByRole('link')).toHaveText([
      'Devices',
      'Send',
      'Log',
      'API',
      'Sandbox',
      'Settings',
    ])
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('link "Skip to content"')
    await page.keyboard.press('Enter')
    await expectPage(page.getByRole('main')).toBeFocused()
    await close()
  })
})

describe('at 200 % of 900 × 600, and at 900 × 600', () => {
  test.each([
    { width: 900, height: 600, deviceScaleFactor: 1 },
    { width: 450, height: 300, deviceScaleFactor: 2 },
  ])('nothing runs out of the window at $width × $height', async ({ width, height, deviceScaleFactor }) => {
    const size = { viewport: { width, height }, deviceScaleFactor }
    const { page, close } = await open(scenario({ language: 'id' }), size)
    for (const name of ['devices', 'send', 'log', 'api', 'sandbox', 'settings']) {
      await page.evaluate((hash) => (location.hash = hash), `#/${name}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      const over = await page.evaluate(() => {
        const main = document.querySelector('main')
        return {
          window: document.documentElement.scrollWidth - innerWidth,
          page: main === null ? 0 : main.scrollWidth - main.clientWidth,
        }
      })
      expect({ name, ...over }).toEqual({ name, window: 0, page: 0 })
      for (const link of await page.getByRole('navigation').getByRole('link').all()) {
        await link.scrollIntoViewIfNeeded()
        await expectPage(link).toBeInViewport()
      }
    }
    await close()
  })
})
