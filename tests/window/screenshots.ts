/**
 * `npm run screenshots`: draws every page, both themes and languages, and the states that matter, into
 * docs/screenshots/. They come from the double, so that they are the same at every run; the guide and the
 * README show them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import sharp from 'sharp'
import type { Browser, Page } from 'playwright'
import { en, type Words } from '../../src-renderer/i18n/en.ts'
import { id } from '../../src-renderer/i18n/id.ts'
import { launchBrowser, serveBuiltWindow } from './browser.ts'
import { makeDoubleWindow } from './mock-window.ts'
import { press } from './helpers.ts'
import { connected, device, noon, portTaken, scenario, type Scenario } from './scenario.ts'

const folder = resolve(import.meta.dirname, process.argv[2] ?? '../../docs/screenshots')
const languages = ['en', 'id'] as const
const themes = ['light', 'dark'] as const

/** One picture: where, in what state, and what is done before it is taken. */
interface Shot {
  name: string
  at: 'devices' | 'send' | 'log' | 'api' | 'sandbox' | 'settings'
  scene?: Partial<Scenario>
  act?: (page: Page, words: Words) => Promise<void>
  size?: { width: number; height: number }
}

const pairing = device(
  'Front desk',
  {
    name: 'pairing',
    qr: {
      text: `https://wa.me/settings/linked_devices#2@${'kL9xQv'.repeat(14)},${'aB3d'.repeat(11)},${'Zz9y'.repeat(11)},${'Q1w2'.repeat(11)},1`,
      expiresAt: noon + 17_000,
    },
    code: { text: 'K7MQ2XPD', expiresAt: noon + 160_000 },
  },
  { paired: false },
)

const shots: Shot[] = [
  { name: 'devices', at: 'devices' },
  {
    name: 'devices-first-run',
    at: 'devices',
    scene: { devices: [], rows: 0, firstRunDone: false, keys: false },
  },
  {
    name: 'devices-troubles',
    at: 'devices',
    scene: {
      devices: [
        device('Front desk', { name: 'unpaired', reason: 'logged_out' }, { paired: false }),
        device('Warehouse', { name: 'unpaired', reason: 'passkey_required' }, { paired: false }),
        device('Branch', { name: 'waiting', attempt: 7, reason: 'unreachable', nextTryAt: noon + 41_000 }),
        device('Evening', connected, { timeLock: { until: noon + 7_200_000 } }),
        device('New', { name: 'unpaired', reason: null }, { paired: false, number: null }),
        device('Old', { name: 'stopped', reason: 'replaced' }),
      ],
    },
  },
  {
    name: 'pairing-qr',
    at: 'devices',
    scene: { devices: [pairing] },
    act: (page, { devices }) => press(page, devices.showCode),
  },
  {
    name: 'pairing-code',
    at: 'devices',
    scene: { devices: [pairing] },
    act: async (page, { devices, pairing }) => {
      await press(page, devices.showCode)
      await press(page, pairing.useCode)
    },
  },
  {
    name: 'add-device',
    at: 'devices',
    act: (page, { devices }) => press(page, devices.add),
  },
  { name: 'send', at: 'send', act: writeMessage },
  { name: 'log', at: 'log' },
  { name: 'log-chart', at: 'log', act: (page, { log }) => press(page, log.chart) },
  { name: 'log-story', at: 'log', act: (page) => page.getByRole('row').nth(5).click() },
  {
    name: 'log-same-text',
    at: 'log',
    scene: { warnings: [{ deviceId: 'Front desk', messageId: 'm239', recipients: 20, at: noon - 240_000 }] },
  },
  { name: 'log-empty', at: 'log', scene: { rows: 0 } },
  { name: 'api', at: 'api' },
  {
    name: 'api-create-key',
    at: 'api',
    act: (page, { api }) => press(page, api.create),
  },
  {
    name: 'api-port-taken',
    at: 'api',
    scene: {
      api: portTaken,
    },
  },
  { name: 'sandbox', at: 'sandbox' },
  { name: 'settings', at: 'settings' },
  { name: 'narrow', at: 'log', size: { width: 900, height: 600 } },
]

async function writeMessage(page: Page, { send }: Words): Promise<void> {
  await page.getByLabel(send.recipient).fill('0812 3456 7890, 0857 1122 331')
  await page
    .getByLabel(send.message, { exact: true })
    .fill(
      'Halo *Bu Sari*,\n\nPesanan _1042_ siap diambil:\n- 2 kopi susu\n- 1 roti bakar\n\n> Total Rp 48.000',
    )
  await page.getByText(send.lookUp.no).waitFor()
}

const browser = await launchBrowser()
const served = await serveBuiltWindow()
mkdirSync(folder, { recursive: true })
const only = process.argv[3]
try {
  for (const shot of shots.filter(({ name }) => only === undefined || name.startsWith(only)))
    for (const language of languages) for (const theme of themes) await take(browser, shot, language, theme)
} finally {
  await browser.close()
  await served.stop()
}

async function take(
  browser: Browser,
  shot: Shot,
  language: (typeof languages)[number],
  theme: (typeof themes)[number],
): Promise<void> {
  const scene = scenario({ ...shot.scene, language, theme })
  const viewport = shot.size ?? { width: 1200, height: 800 }
  const window = await makeDoubleWindow(browser, served, { viewport })
  await window.show(scene, shot.at)
  const { page, complaints } = window
  await shot.act?.(page, language === 'id' ? id : en)
  // Dialogs fade in.
  await page.waitForTimeout(400)
  const name = `${shot.name}-${language}-${theme}.png`
  const picture = await sharp(await page.screenshot())
    // Dithering draws flat dark surfaces in stripes of other colours.
    .png({ palette: true, quality: 100, dither: 0, effort: 10 })
    .toBuffer()
  writeFileSync(resolve(folder, name), picture)
  console.log(name, `${Math.round(picture.length / 1024)} KiB`, ...complaints)
  await window.close()
}
