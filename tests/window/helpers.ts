import type { Page as BrowserPage } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import type { Call, EventName, Page } from '../../src-preload/contract.ts'
import type { Words } from '../../src-renderer/i18n/en.ts'

/** Has the double tell the window of something. */
export function emit(page: BrowserPage, event: EventName, payload: unknown): Promise<void> {
  return page.evaluate(([name, said]) => window.kurirDouble?.emit(name, said), [event, payload] as const)
}

/** Has the double answer a call only when what this answers is called. */
export async function holdAnswer(page: BrowserPage, name: Call): Promise<() => Promise<void>> {
  await page.evaluate((held) => {
    const { kurir } = window as unknown as { kurir: { call: (name: string, request: unknown) => unknown } }
    const call = kurir.call
    kurir.call = (asked, request) =>
      asked === held
        ? new Promise((answer) => {
            addEventListener('answer', () => answer(call(asked, request)), { once: true })
          })
        : call(asked, request)
  }, name as string)
  return async () => {
    await page.evaluate(() => dispatchEvent(new Event('answer')))
  }
}

/** Presses what has that name, by which a screen reader knows it too. */
export function press(page: BrowserPage, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).first().click()
}

/** Chooses from the menu of a device's card. */
export async function chooseOfDevice(
  page: BrowserPage,
  words: Words,
  device: string,
  item: string,
): Promise<void> {
  await press(page, words.devices.more(device))
  await page.getByRole('menuitem', { name: item }).click()
}

export async function goTo(page: BrowserPage, words: Words, to: Page): Promise<void> {
  const name = words.common.navigation[to]
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
  await expectPage(page.getByRole('heading', { level: 1 })).toHaveText(words[to].title)
}
