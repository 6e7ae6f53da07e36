import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'
import { expectPage } from '../support/expect-page.ts'
import { describe, expect, test } from 'vitest'
import { en, type Words } from '../../src-renderer/i18n/en.ts'
import { chooseOfDevice, press } from './helpers.ts'
import { device, noon, portTaken, scenario, type Scenario } from './scenario.ts'
import { windowsOnMock } from './suite.ts'

const open = windowsOnMock()

interface Place {
  name: string
  at: 'devices' | 'send' | 'log' | 'api' | 'sandbox' | 'settings'
  scene?: Partial<Scenario>
  go?: (page: Page, words: Words) => Promise<void>
}

const menu = (page: Page, words: Words, item: string) => chooseOfDevice(page, words, 'Front desk', item)
const pairing = device('Front desk', {
  name: 'pairing',
  qr: { text: '2@abc,def,ghi', expiresAt: noon + 15_000 },
  code: { text: 'K7MQ2XPD', expiresAt: noon + 150_000 },
})
const troubles = [
  device('Front desk', { name: 'stopped', reason: 'logged_out' }, { timeLock: { until: null } }),
  device('Warehouse', { name: 'waiting', attempt: 3, reason: 'silence', nextTryAt: noon + 9_000 }),
  device('Branch', { name: 'unpaired', reason: 'pairing_expired' }, { number: null, paired: false }),
]

const places: Place[] = [
  { name: 'Devices', at: 'devices' },
  { name: 'Devices in trouble', at: 'devices', scene: { devices: troubles } },
  { name: 'the first run', at: 'devices', scene: { devices: [], rows: 0, firstRunDone: false } },
  {
    name: 'the list of what can be added',
    at: 'devices',
    go: (page, words) => press(page, words.devices.add),
  },
  {
    name: 'a device’s menu',
    at: 'devices',
    go: (page, words) => press(page, words.devices.more('Front desk')),
  },
  {
    name: 'the dialog that names a phone',
    at: 'devices',
    go: async (page, words) => {
      await press(page, words.devices.add)
      await page.getByRole('option', { name: words.devices.addWhatsApp }).click()
    },
  },
  {
    name: 'pairing by QR',
    at: 'devices',
    scene: { devices: [pairing] },
    go: (page, words) => press(page, words.devices.showCode),
  },
  {
    name: 'pairing by code',
    at: 'devices',
    scene: { devices: [pairing] },
    go: async (page, words) => {
      await press(page, words.devices.showCode)
      await press(page, words.pairing.useCode)
    },
  },
  { name: 'renaming', at: 'devices', go: (page, words) => menu(page, words, words.devices.rename) },
  {
    name: 'a device’s history',
    at: 'devices',
    go: (page, words) => menu(page, words, words.devices.history),
  },
  {
    name: 'the question before removing',
    at: 'devices',
    go: (page, words) => menu(page, words, words.devices.remove),
  },
  {
    name: 'Send with everything open',
    at: 'send',
    go: async (page, { send }) => {
      await page.getByLabel(send.recipient).fill('0812 3456 7890, 12, 0857 1122 331')
      await page.getByLabel(send.message, { exact: true }).fill('*Halo*\n> semua')
      await press(page, send.more)
      await press(page, send.asCall)
      await page.getByRole('tab', { name: 'PHP' }).waitFor()
    },
  },
  {
    name: 'Send with a file and a result',
    at: 'send',
    go: async (page, { send }) => {
      await page.getByText(send.file, { exact: true }).click()
      await page.getByLabel(send.recipient).fill('0812 3456 7890')
      await page
        .locator('input[type="file"]')
        .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') })
      await press(page, send.send)
      await page.getByRole('region', { name: send.result }).waitFor()
    },
  },
  { name: 'Send without devices', at: 'send', scene: { devices: [] } },
  { name: 'Log', at: 'log' },
  { name: 'Log with its chart', at: 'log', go: (page, words) => press(page, words.log.chart) },
  {
    name: 'Log with a warning',
    at: 'log',
    scene: { warnings: [{ deviceId: 'Front desk', messageId: 'm239', recipients: 20, at: noon }] },
  },
  { name: 'Log without anything', at: 'log', scene: { rows: 0 } },
  {
    name: 'Log with nothing found',
    at: 'log',
    go: async (page, { log }) => {
      await page.getByRole('searchbox').fill('xyzzy')
      await page.getByText(log.nothing).waitFor()
    },
  },
  { name: 'a message’s story', at: 'log', go: (page) => page.getByRole('row').nth(6).click() },
  { name: 'API', at: 'api' },
  {
    name: 'API that does not run',
    at: 'api',
    scene: {
      api: portTaken,
    },
  },
  { name: 'creating a key', at: 'api', go: (page, words) => press(page, words.api.create) },
  {
    name: 'a new key',
    at: 'api',
    go: async (page, { api }) => {
      await press(page, api.create)
      await page.getByLabel(api.key.name).fill('Till')
      await press(page, api.key.submit)
      await page.getByText(api.key.secretText).waitFor()
    },
  },
  { name: 'Sandbox', at: 'sandbox' },
  { name: 'Sandbox that does not run', at: 'sandbox', scene: { sandbox: false } },
  { name: 'Settings', at: 'settings' },
  {
    name: 'Settings in a browser, some fixed',
    at: 'settings',
    scene: { desktop: false, overridden: ['api.port', 'pace'] },
  },
  {
    name: 'the question before opening to the network',
    at: 'settings',
    go: async (page, { settings }) => {
      await page.getByRole('switch', { name: settings.fields.lan.name }).click({ force: true })
      await page.getByText(settings.ask.lan.text).waitFor()
    },
  },
  {
    name: 'licences',
    at: 'settings',
    go: async (page, { settings }) => {
      await press(page, settings.about.licences)
      await page.getByText('react 19.3.1').click()
    },
  },
  {
    name: 'paused, with the disk full',
    at: 'devices',
    scene: { status: { paused: true, outbox: 3, storage: 'full' } },
  },
]

/** Ways of showing a place, one after the other, and the rules for each: another theme changes nothing but colours. */
const looks = [
  { theme: 'light', language: 'en', rules: 'all' },
  { theme: 'dark', language: 'en', rules: 'of_colours' },
  { theme: 'dark', language: 'id', rules: 'all' },
] as const
type Look = (typeof looks)[number]

describe('axe', () => {
  test.each(places)('finds nothing wrong with $name, whatever the theme and language', async (place) => {
    const [{ theme, language }] = looks
    const opened = await open(scenario({ ...place.scene, theme, language }), {
      at: place.at,
      // What fades in would be measured half faded.
      reducedMotion: 'reduce',
    })
    await place.go?.(opened.page, en)
    for (const look of looks) {
      await show(opened.page, look)
      expect({ ...look, found: await violationsOn(opened.page, look) }).toEqual({ ...look, found: [] })
    }
    expect(opened.complaints).toEqual([])
    await opened.close()
  })
})

async function show(page: Page, { theme, language }: Look): Promise<void> {
  await page.evaluate(
    ([themeName, languageName]) =>
      Promise.all([
        window.kurir?.call('settings.set', { name: 'window.theme', value: themeName }),
        window.kurir?.call('settings.set', { name: 'window.language', value: languageName }),
      ]),
    [theme, language] as const,
  )
  await page.locator(`html[data-mantine-color-scheme="${theme}"][lang="${language}"]`).waitFor()
  await settled(page)
}

async function violationsOn(page: Page, { rules }: Look) {
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
  const { violations } = await (rules === 'all' ? axe : axe.withRules(colourRules)).analyze()
  return violations.map(({ id: rule, nodes }) => ({
    rule,
    nodes: nodes.map(({ html, any }) => [html.slice(0, 160), any[0]?.message]),
  }))
}

const colourRules = ['color-contrast', 'link-in-text-block']

/** What moves has come to rest, and what was asked for is there. */
async function settled(page: Page): Promise<void> {
  await expectPage(page.getByRole('status', { name: /Loading|Memuat/ })).toHaveCount(0)
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
}
