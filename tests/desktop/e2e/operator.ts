import type { Page } from 'playwright'
import { expectPage } from '../../support/expect-page.ts'

/** What an operator does in the window, by the names that a screen reader has for things. */

export async function go(page: Page, to: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: to, exact: true }).click()
  await expectPage(page.getByRole('heading', { level: 1 })).toBeVisible()
}

/** Adds a practice phone; it pairs by QR without hands. */
export async function addSandboxDevice(page: Page): Promise<void> {
  await go(page, 'Devices')
  await page.getByRole('button', { name: 'Add device' }).click()
  await page.getByRole('option', { name: 'Sandbox device' }).click()
  await expectPage(page.getByText('Connected', { exact: true }).first()).toBeVisible({ timeout: 30_000 })
}

/** Sends a text from the Send page and waits until it was accepted. */
export async function send(page: Page, recipient: string, text: string): Promise<void> {
  await go(page, 'Send')
  await page.getByLabel('Recipient').fill(recipient)
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
}

/** The row of the log that names a number and, once it is there, a state. */
export async function expectRow(page: Page, recipient: string, state: string): Promise<void> {
  await go(page, 'Log')
  const row = page.getByRole('table', { name: 'Messages' }).getByRole('row').filter({ hasText: recipient })
  await expectPage(row.first()).toContainText(state, { ignoreCase: true })
}

/** Makes a key; answers its secret, which is shown this once. */
export async function createKey(page: Page, name: string): Promise<string> {
  await go(page, 'API')
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  const secret = dialog.getByText(/kurir_[\w-]+/)
  await expectPage(secret).toBeVisible()
  return /kurir_[\w-]+/.exec((await secret.textContent()) ?? '')?.[0] ?? ''
}
