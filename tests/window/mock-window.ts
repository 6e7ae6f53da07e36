import type { Browser, BrowserContextOptions } from 'playwright'
import type { Page } from '../../src-preload/contract.ts'
import { emptyWindow, type Opened } from './browser.ts'
import { installDouble } from './mock-program.ts'
import { noon, type Scenario } from './scenario.ts'

export type MockServicesOptions = BrowserContextOptions & {
  /** Whether its clock runs; it stands at the scenario's noon otherwise. */
  running?: boolean
}

/** A window on the double: it can be shown one scene after the other, each as if it had just been opened. */
export interface MockWindow extends Opened {
  show(scene: Scenario, at?: Page): Promise<void>
}

export async function makeDoubleWindow(
  browser: Browser,
  served: { url: string },
  { running = false, ...options }: MockServicesOptions = {},
): Promise<MockWindow> {
  const { page, complaints, close } = await emptyWindow(browser, options)
  let installed: { dispose(): Promise<void> } | null = null
  let times = 0
  return {
    page,
    complaints,
    close,
    async show(scene, at = 'devices') {
      if (installed !== null) await page.evaluate(() => [localStorage.clear(), sessionStorage.clear()])
      await installed?.dispose()
      installed = await page.addInitScript(installDouble, scene)
      // Also after a test in which another time or day came.
      if (!running) await page.clock.setFixedTime(noon)
      await page.emulateMedia({ colorScheme: scene.theme })
      complaints.length = 0
      // Another address each time: to the same one a browser only scrolls.
      await page.goto(`${served.url}?${++times}#/${at}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
    },
  }
}
