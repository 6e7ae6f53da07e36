import type { Browser } from 'playwright'
import { afterAll, beforeAll } from 'vitest'
import { launchBrowser, openDouble, serveBuiltWindow, type Opened } from './browser.ts'
import type { Scenario } from './scenario.ts'

/** For a suite on the double: one browser for all of its tests, and what opens a window in it. */
export function windowsOnDouble(): (
  scene: Scenario,
  options?: Parameters<typeof openDouble>[3],
) => Promise<Opened> {
  let browser: Browser
  let served: Awaited<ReturnType<typeof serveBuiltWindow>>
  beforeAll(async () => {
    browser = await launchBrowser()
    served = await serveBuiltWindow()
  })
  afterAll(async () => {
    await browser.close()
    await served.stop()
  })
  return (scene, options) => openDouble(browser, served, scene, options)
}
