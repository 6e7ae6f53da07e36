import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import type { Device, DeviceState } from '../../src-main/devices/device.ts'
import { english } from '../../src-main/desktop/i18n/en.ts'
import { indonesian } from '../../src-main/desktop/i18n/id.ts'
import { textsFor } from '../../src-main/desktop/i18n/texts.ts'
import {
  overallState,
  overallStates,
  trayView,
  type TrayFacts,
} from '../../src-main/desktop/tray/tray-state.ts'
import { connected, connecting, pairing, someDevice, waiting } from './some-device.ts'

vi.mock('electron', () => ({}))
const { trayPicture } = await import('../../src-main/desktop/tray/tray.ts')

function facts(states: readonly DeviceState[], rest: Partial<TrayFacts> = {}): TrayFacts {
  const devices: Device[] = states.map((state, index) => someDevice(state, { id: `d${index}` }))
  return { devices, apiRunning: true, storageOk: true, paused: false, finishing: false, ...rest }
}

const tray = join(import.meta.dirname, '../../resources/tray')

describe('the overall state', () => {
  const stoppedByOperator: DeviceState = { name: 'stopped', reason: 'by_operator' }
  const banned: DeviceState = { name: 'stopped', reason: 'banned' }
  test.each<[string, TrayFacts, string]>([
    ['no devices at all', facts([]), 'none'],
    ['all connected', facts([connected, connected]), 'all'],
    ['one of two connected', facts([connected, waiting]), 'some'],
    ['none connected', facts([connecting, pairing]), 'none'],
    ['one that the operator stopped is not counted', facts([connected, stoppedByOperator]), 'all'],
    ['one that needs the operator', facts([connected, banned]), 'attention'],
    ['a full disk needs the operator', facts([connected], { storageOk: false }), 'attention'],
    ['a stopped API outweighs everything', facts([connected, banned], { apiRunning: false }), 'api-stopped'],
    [
      'a pairing that nobody finished asks for nothing',
      facts([connected, { name: 'unpaired', reason: null }]),
      'some',
    ],
  ])('%s', (_, given, state) => {
    expect(overallState(given)).toBe(state)
  })

  test.each(overallStates)('has pictures of %s for each bar, twice as fine too', (state) => {
    for (const platform of ['linux', 'darwin'] as const) {
      const name = trayPicture(state, platform, false)
      expect(existsSync(join(tray, name))).toBe(true)
      expect(existsSync(join(tray, name.replace('.png', '@2x.png')))).toBe(true)
    }
  })

  test.each(overallStates)(
    'C3: has an icon of %s in every size that Windows scales to, for each bar',
    (state) => {
      for (const isBarDark of [true, false]) {
        const ico = readFileSync(join(tray, trayPicture(state, 'win32', isBarDark)))
        const count = ico.readUInt16LE(4)
        expect(Array.from({ length: count }, (_, index) => ico.readUInt8(6 + 16 * index))).toEqual([
          16, 20, 24, 32,
        ])
      }
    },
  )

  test.each(overallStates)(
    'B9: on Linux the picture of %s is seen on a black and on a white bar',
    async (state) => {
      const names = [true, false].map((isBarDark) => trayPicture(state, 'linux', isBarDark))
      expect(new Set(names).size).toBe(1)
      const [name = ''] = names
      for (const bar of [0, 255]) {
        const background = { r: bar, g: bar, b: bar }
        const pixels = await sharp(join(tray, name)).flatten({ background }).greyscale().raw().toBuffer()
        // Of 16 × 16: a plane's stroke at least, of a brightness that is plainly another.
        expect(pixels.filter((value) => Math.abs(value - bar) > 128).length).toBeGreaterThan(25)
      }
    },
  )
})

describe('what it shows', () => {
  test('tells how many are connected, and that sending is paused', () => {
    const view = trayView(facts([connected, waiting], { paused: true }), english)
    expect(view.tooltip).toBe('Kurir: 1 of 2 devices are connected. Sending is paused.')
  })

  test('lists each device with its state, then what can be done', () => {
    const { menu } = trayView(facts([connected, waiting]), english)
    expect(menu.map((item) => ('label' in item ? item.label : '—'))).toEqual([
      'Kasir: connected',
      'Kasir: not connected, trying again',
      '—',
      'Open Kurir',
      'Copy API address',
      'Pause sending',
      'Settings',
      '—',
      'Quit',
    ])
  })

  test('offers to resume while sending is paused, and no address while the API does not run', () => {
    const { menu } = trayView(facts([], { paused: true, apiRunning: false }), english)
    expect(menu).toContainEqual({
      kind: 'command',
      command: 'resume',
      label: 'Resume sending',
      enabled: true,
    })
    expect(menu).toContainEqual({
      kind: 'command',
      command: 'copyAddress',
      label: 'Copy API address',
      enabled: false,
    })
  })

  test('never shows a number', () => {
    expect(JSON.stringify(trayView(facts([connected]), indonesian))).not.toMatch(/\d{6}/)
  })
})

describe('the language', () => {
  test.each([
    ['system', 'id-ID', indonesian],
    ['system', 'in', indonesian],
    ['system', 'de-DE', english],
    ['id', 'en-US', indonesian],
    ['en', 'id-ID', english],
  ] as const)('%s on a system that speaks %s', (setting, system, texts) => {
    expect(textsFor(setting, system)).toBe(texts)
  })
})
