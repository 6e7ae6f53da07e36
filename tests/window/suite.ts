import type { Browser } from 'playwright'
import { afterAll, beforeAll } from 'vitest'
import type { Page } from '../../src-preload/contract.ts'
import { launchBrowser, serveBuiltWindow, type Opened } from './browser.ts'
import { makeDoubleWindow, type MockServicesOptions, type MockWindow } from './mock-window.ts'
import type { Scenario } from './scenario.ts'

/**
 * For a suite on the double: one browser for all of its tests, and what opens a window in it. One that was closed
 * is used again for the next test that wants one of its kind: a browser that has had a page loads it in a third of
 * the time.
 */
export function windowsOnMock(): (
  scene: Scenario,
  options?: MockServicesOptions & { at?: Page },
) => Promise<Opened> {
  let browser: Browser
  let served: Awaited<ReturnType<typeof serveBuiltWindow>>
  const closed = new Map<string, MockWindow[]>()
  beforeAll(async () => {
    browser = await launchBrowser()
    served = await serveBuiltWindow()
  })
  afterAll(async () => {
    await browser.close()
    await served.stop()
  })
  return async (scene, { at, ...options } = {}) => {
    const kind = JSON.stringify(options)
    const free = closed.get(kind) ?? []
    closed.set(kind, free)
    const window = free.pop() ?? (await makeDoubleWindow(browser, served, options))
    await window.show(scene, at)
    return { ...window, close: async () => void free.push(window) }
  }
}
