import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { en } from '../../src-renderer/i18n/en.ts'
import { id } from '../../src-renderer/i18n/id.ts'
import { expectPage } from '../support/expect-page.ts'
import { startProgram, type Program } from '../support/program.ts'
import { launchBrowser, openWindow, type Opened } from './browser.ts'
import { goTo } from './helpers.ts'

const { fields } = en.settings
const kept = 'http://kasir@10.0.0.1:3128'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

describe('the proxy in Settings, of the real program', () => {
  let program: Program
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    program = await startProgram({ args: ['--sandbox'] })
    opened = await openWindow(browser, program.ready.window ?? '')
    page = opened.page
    await goTo(page, en, 'settings')
  })
  afterAll(() => program.stop())

  const field = () => page.getByLabel(fields.proxy.name, { exact: true })
  const write = async (text: string) => {
    await field().fill(text)
    await field().press('Enter')
  }

  test('is that of the system at first, and takes an address without its scheme', async () => {
    await expectPage(field()).toHaveValue('system')
    await write('10.0.0.1:3128')
    await expectPage(field()).toHaveValue('http://10.0.0.1:3128')
  })

  test('never shows a password again, which the settings file does not have either', async () => {
    await write('http://kasir:rahasia@10.0.0.1:3128')
    await expectPage(field()).toHaveValue(kept)
    await write('http://kasir:lain@10.0.0.1:3128')
    await expectPage(field()).toHaveValue(kept)
    const file = readFileSync(join(program.folder, 'data', 'settings.json'), 'utf8')
    expect(file).toContain(kept)
    expect(file).not.toMatch(/rahasia|lain/)
  })

  test('refuses nonsense with a sentence, and what was written stays to be mended', async () => {
    await write('ftp://10.0.0.1')
    await expectPage(page.getByRole('alert')).toContainText(en.failures.setting_invalid.what)
    await expectPage(field()).toHaveValue('ftp://10.0.0.1')
    await write('none')
    await expectPage(page.getByRole('alert')).toHaveCount(0)
    await expectPage(field()).toHaveValue('none')
  })

  test('has its words in Indonesian, too', () => {
    expect(id.settings.fields.proxy.text).not.toBe(fields.proxy.text)
    for (const reason of ['proxy_unreachable', 'proxy_login_required', 'certificate_unknown'] as const) {
      expect(id.devices.reasons[reason].todo).toMatch(/Pengaturan|antivirus/)
    }
  })
})
