import { cpSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page as BrowserPage } from 'playwright'
import { pageFiles } from '../../src-main/window-assets/page-files.ts'
import { temporaryFolder } from '../support/program.ts'

export const builtWindow = resolve(import.meta.dirname, '../../out/renderer')

/** A Chromium of this machine, without anything from the network. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['KURIR_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
}

/** An open window and everything it complained of: console errors, refused by the CSP, unhandled rejections. */
export interface Opened {
  page: BrowserPage
  complaints: string[]
  close: () => Promise<void>
}

const english: BrowserContextOptions = { locale: 'en-GB', viewport: { width: 1200, height: 800 } }

/** A window with nothing in it yet. */
export async function emptyWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ ...english, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  )
  return { page, complaints, close: () => context.close() }
}

/** Opens an address as an operator's browser would. */
export async function openWindow(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  before: (page: BrowserPage) => Promise<void> = () => Promise.resolve(),
): Promise<Opened> {
  const opened = await emptyWindow(browser, options)
  await before(opened.page)
  await opened.page.goto(url)
  await opened.page.getByRole('main').waitFor()
  return opened
}

/**
 * Serves the built window with its real headers, for pages that run on the double: a copy, so that a build
 * that begins meanwhile does not pull it away.
 */
export async function serveBuiltWindow(): Promise<{ url: string; stop(): Promise<void> }> {
  const copy = temporaryFolder()
  cpSync(builtWindow, copy, { recursive: true })
  const files = pageFiles(copy)
  const server: Server = createServer((request, response) => {
    void files((request.url ?? '/').split('?', 1)[0] ?? '/').then(({ status, headers, body }) =>
      response.writeHead(status, headers).end(body),
    )
  })
  await new Promise<void>((started) => server.listen(0, '127.0.0.1', started))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => new Promise((stopped) => server.close(() => stopped()).closeAllConnections()),
  }
}
