import type { Page } from 'playwright'

/** Everything that should never be: console errors and warnings, uncaught errors, refusals by the page's policy. */
export function watch(page: Page): string[] {
  const troubles: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(String(error)))
  return troubles
}
