import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Device, DeviceState } from '../../src-main/devices/device.ts'
import { english } from '../../src-main/desktop/texts/en.ts'
import { indonesian } from '../../src-main/desktop/texts/id.ts'
import { textsFor } from '../../src-main/desktop/texts/texts.ts'
import { overallState, overallStates, trayView, type TrayFacts } from '../../src-main/desktop/tray-state.ts'
import { connected, connecting, pairing, someDevice, waiting } from './some-device.ts'

function facts(states: readonly DeviceState[], rest: Partial<TrayFacts> = {}): TrayFacts {
  const devices: Device[] = states.map((state, index) => someDevice(state, { id: `d${index}` }))
  return { devices, apiRunning: true, storageOk: true, paused: false, finishing: false, ...rest }
}

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
    const tray = join(import.meta.dirname, '../../resources/tray')
    for (const look of ['-light', '-dark', 'Template']) {
      expect(existsSync(join(tray, `${state}${look}.png`))).toBe(true)
      expect(existsSync(join(tray, `${state}${look}@2x.png`))).toBe(true)
    }
  })
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
