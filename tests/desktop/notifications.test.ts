import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { english } from '../../src-main/desktop/i18n/en.ts'
import type { Logger } from '../../src-main/lib/logging/logger.ts'
import type { Application } from '../../src-main/app/app.ts'
import type { Page } from '../../src-preload/contract.ts'
import { connected, connecting, someDevice, waiting } from './some-device.ts'

/** What was shown, and what a click on it or a refusal of the system does; in place of the system's notifications. */
const shown = vi.hoisted(
  () => [] as { title: string; body: string; click: () => void; fail: (reason: string) => void }[],
)

vi.mock('electron', () => ({
  Notification: class {
    static isSupported = (): boolean => true
    readonly #options: { title: string; body: string }
    #click: () => void = () => undefined
    #failed: (event: unknown, reason: string) => void = () => undefined

    constructor(options: { title: string; body: string }) {
      this.#options = options
    }

    on(event: string, listener: () => void): void {
      if (event === 'click') this.#click = listener
      if (event === 'failed') this.#failed = listener
    }

    show(): void {
      const fail = (reason: string): void => this.#failed({}, reason)
      shown.push({ ...this.#options, click: () => this.#click(), fail })
    }
  },
}))

const { Notifications, watchForNotifications } =
  await import('../../src-main/desktop/system/notifications.ts')

const logged: unknown[] = []
const opened: [Page, string | null][] = []
let wanted = true

function notifications(): InstanceType<typeof Notifications> {
  return new Notifications({
    texts: () => english,
    wanted: () => wanted,
    log: { warn: (...words: unknown[]) => void logged.push(words) } as unknown as Logger,
    open: (page, id) => void opened.push([page, id]),
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  shown.length = 0
  opened.length = 0
  wanted = true
})

afterEach(() => vi.useRealTimers())

function titles(): string[] {
  return shown.map(({ title }) => title)
}

test('a device that is back within a minute is not spoken of', () => {
  const told = notifications()
  told.deviceChanged(someDevice(connected))
  told.deviceChanged(someDevice(waiting))
  vi.advanceTimersByTime(59_000)
  told.deviceChanged(someDevice(connected))
  vi.advanceTimersByTime(600_000)
  expect(titles()).toEqual([])
})

test('a device that is away for a minute is told of once, however often it tries', () => {
  const told = notifications()
  told.deviceChanged(someDevice(connected))
  for (let seconds = 0; seconds < 600; seconds += 5) {
    told.deviceChanged(someDevice(seconds % 10 === 0 ? waiting : connecting))
    vi.advanceTimersByTime(5_000)
  }
  expect(titles()).toEqual(['Kasir has lost its connection'])
})

test('the next time that it drops is another', () => {
  const told = notifications()
  for (const state of [connected, waiting]) told.deviceChanged(someDevice(state))
  vi.advanceTimersByTime(61_000)
  for (const state of [connected, waiting]) told.deviceChanged(someDevice(state))
  vi.advanceTimersByTime(61_000)
  expect(titles()).toHaveLength(2)
})

test('a logged-out device is told of at once, and no longer waited for', () => {
  const told = notifications()
  told.deviceChanged(someDevice(connected))
  told.deviceChanged(someDevice(waiting))
  told.deviceChanged(someDevice({ name: 'stopped', reason: 'logged_out' }))
  vi.advanceTimersByTime(600_000)
  expect(titles()).toEqual(['Kasir was logged out'])
})

test('a device that was removed is not waited for', () => {
  const told = notifications()
  told.deviceChanged(someDevice(connected))
  told.deviceChanged(someDevice(waiting))
  told.deviceRemoved('d1')
  vi.advanceTimersByTime(600_000)
  expect(titles()).toEqual([])
})

test('a taken port and a full disk are told when they begin', () => {
  const told = notifications()
  const failed = { state: 'failed' } as Parameters<typeof told.apiChanged>[0]
  const running = { state: 'running', port: 1, addresses: [] } as Parameters<typeof told.apiChanged>[0]
  for (const status of [running, failed, failed, running, failed]) told.apiChanged(status)
  for (const health of ['ok', 'full', 'full', 'ok', 'read_only'] as const) told.storageChanged(health)
  expect(titles()).toEqual(['The API cannot start', 'The API cannot start', 'The disk is full'])
})

test('a database and settings that were set aside at the start are told of', () => {
  const unheard = { add: () => () => undefined }
  const application = {
    devices: { onChange: unheard, onRemoved: unheard, list: () => [] },
    api: { onChange: unheard, status: { state: 'stopped' } },
    database: { onHealth: unheard, health: 'ok', quarantine: '/data/kurir.damaged.sqlite' },
    settings: { get: () => true, quarantine: '/data/settings.damaged.json' },
  } as unknown as Application
  watchForNotifications(
    application,
    () => english,
    (page, id) => void opened.push([page, id]),
  )
  expect(titles()).toEqual(['The database was damaged', 'The settings were damaged'])
  for (const { click } of shown) click()
  expect(opened).toEqual([
    ['log', null],
    ['settings', null],
  ])
})

test('a click opens the place', () => {
  const told = notifications()
  told.deviceChanged(someDevice(connected))
  told.deviceChanged(someDevice({ name: 'stopped', reason: 'banned' }))
  told.notify('diskFull')
  for (const { click } of shown) click()
  expect(opened).toEqual([
    ['devices', 'd1'],
    ['settings', null],
  ])
})

test('nothing is shown where the operator wants none', () => {
  wanted = false
  const told = notifications()
  told.notify('diskFull')
  expect(titles()).toEqual([])
})

test('C6: a notification that the system refuses, as macOS does of unsigned programs, is in the log', () => {
  notifications().notify('diskFull')
  shown[0]?.fail('Notifications are not allowed for this application')
  expect(logged).toEqual([
    [
      { note: 'diskFull', reason: 'Notifications are not allowed for this application' },
      'the system did not show a notification',
    ],
  ])
})

test('no number is ever in one', () => {
  const told = notifications()
  const named = { name: 'Kasir 0812-3456-7890' }
  told.deviceChanged(someDevice(connected, named))
  told.deviceChanged(someDevice({ name: 'stopped', reason: 'banned' }, named))
  expect(JSON.stringify(shown)).not.toMatch(/\d{4}/)
  expect(titles()).toEqual(['A device has stopped'])
})
