/**
 * `npm run screenshots`: draws every page, both themes and languages, and the states that matter, into
 * docs/screenshots/. They come from the double, so that they are the same at every run; the guide and the
 * README show them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import sharp from 'sharp'
import type { Browser, Page } from 'playwright'
import { launchBrowser, openDouble, serveBuiltWindow } from './browser.ts'
import { connected, device, noon, scenario, type Scenario } from './scenario.ts'

const folder = resolve(import.meta.dirname, process.argv[2] ?? '../../docs/screenshots')
const languages = ['en', 'id'] as const
const themes = ['light', 'dark'] as const

/** One picture: where, in what state, and what is done before it is taken. */
interface Shot {
  name: string
  at: 'devices' | 'send' | 'log' | 'api' | 'sandbox' | 'settings'
  scene?: Partial<Scenario>
  act?: (page: Page) => Promise<void>
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
        device('Front desk', { name: 'stopped', reason: 'logged_out' }),
        device('Warehouse', { name: 'stopped', reason: 'passkey_required' }, { paired: false }),
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
    act: (page) => page.getByRole('article').getByRole('button').last().click(),
  },
  {
    name: 'pairing-code',
    at: 'devices',
    scene: { devices: [pairing] },
    act: async (page) => {
      await page.getByRole('article').getByRole('button').last().click()
      await page.getByRole('dialog').getByRole('button').last().click()
    },
  },
  {
    name: 'add-device',
    at: 'devices',
    act: (page) => page.getByRole('banner').or(page.locator('header')).getByRole('button').click(),
  },
  { name: 'send', at: 'send', act: writeMessage },
  { name: 'log', at: 'log' },
  { name: 'log-chart', at: 'log', act: (page) => page.locator('header').getByRole('button').first().click() },
  { name: 'log-story', at: 'log', act: (page) => page.getByRole('row').nth(5).click() },
  { name: 'log-empty', at: 'log', scene: { rows: 0 } },
  { name: 'api', at: 'api' },
  {
    name: 'api-create-key',
    at: 'api',
    act: (page) =>
      page
        .locator('section header button, section button')
        .first()
        .click()
        .then(() => undefined),
  },
  {
    name: 'api-port-taken',
    at: 'api',
    scene: {
      api: {
        state: 'failed',
        addresses: [],
        port: 3210,
        lan: false,
        failure: { code: 'port_taken', reason: 'taken' },
        takenBy: 'node (pid 4711)',
        freePort: 3211,
      },
    },
  },
  { name: 'sandbox', at: 'sandbox' },
  { name: 'settings', at: 'settings' },
  { name: 'narrow', at: 'log', size: { width: 900, height: 600 } },
]

async function writeMessage(page: Page): Promise<void> {
  await page.locator('input[inputmode="tel"]').fill('0812 3456 7890, 0857 1122 331')
  await page
    .locator('textarea')
    .first()
    .fill(
      'Halo *Bu Sari*,\n\nPesanan _1042_ siap diambil:\n- 2 kopi susu\n- 1 roti bakar\n\n> Total Rp 48.000',
    )
  await page.getByRole('listitem').filter({ hasText: '+62' }).first().waitFor()
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
  const { page, complaints, close } = await openDouble(browser, served, scene, { at: shot.at, viewport })
  await shot.act?.(page)
  // Dialogs fade in; what is debounced (the numbers) has been answered by then.
  await page.waitForTimeout(shot.at === 'send' ? 1_300 : 450)
  const name = `${shot.name}-${language}-${theme}.png`
  const picture = await sharp(await page.screenshot())
    .png({ palette: true, quality: 90, effort: 10 })
    .toBuffer()
  writeFileSync(resolve(folder, name), picture)
  console.log(name, `${Math.round(picture.length / 1024)} KiB`, ...complaints)
  await close()
}
