import { chromium, type BrowserContext } from 'playwright'
import { machine } from './machine.ts'

let context: BrowserContext | null = null

/** The Chromium that the test started: its first context is the desktop. */
export async function connect(): Promise<void> {
  const browser = await chromium.connectOverCDP(machine.browser)
  context = browser.contexts()[0] ?? (await browser.newContext())
}

export function desktop(): BrowserContext {
  if (context === null) throw new Error('not connected to Chromium')
  return context
}
