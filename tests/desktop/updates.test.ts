import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { updatesFor } from '../../src-main/desktop/updates/updates.ts'
import type { Logger } from '../../src-main/lib/logging/logger.ts'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import { Settings } from '../../src-main/storage/settings/settings.ts'

/** In place of electron-updater: counts how often it was asked, and has nothing new unless told otherwise. */
const updater = vi.hoisted(() => ({ current: null as unknown as FakeUpdater }))

vi.mock('electron-updater', () => ({
  default: {
    get autoUpdater() {
      return updater.current
    },
  },
}))

class FakeUpdater extends EventEmitter {
  autoInstallOnAppQuit = true
  asked = 0
  installed = 0
  active = true
  download: Promise<unknown> | null = null
  readonly proxies: unknown[] = []
  readonly netSession = {
    setProxy: async (config: unknown) => {
      this.proxies.push(config)
    },
  }

  async checkForUpdates() {
    this.asked += 1
    if (!this.active) return null
    this.emit(this.download === null ? 'update-not-available' : 'update-available', { version: '9.0.0' })
    return { downloadPromise: this.download }
  }

  quitAndInstall() {
    this.installed += 1
  }
}

const app = { isPackaged: true } as Parameters<typeof updatesFor>[0]
/** A program that has nothing to finish. */
const atOnce = (end: () => void): void => end()
const log = { warn: () => undefined } as unknown as Logger
const minute = 60_000
const day = 24 * 60 * minute
let folder = ''
let settings: Settings

beforeEach(() => {
  vi.useFakeTimers()
  folder = mkdtempSync(join(tmpdir(), 'kurir-updates-'))
  writeFileSync(join(folder, 'app-update.yml'), '')
  Object.defineProperty(process, 'resourcesPath', { value: folder, configurable: true })
  updater.current = new FakeUpdater()
  const kept = new Map<string, unknown>()
  settings = new Settings({
    get: (name) => kept.get(name),
    set: (name, value) => void kept.set(name, value),
    delete: (name) => void kept.delete(name),
  })
})

afterEach(() => {
  vi.useRealTimers()
  Reflect.deleteProperty(process, 'resourcesPath')
  rmSync(folder, { recursive: true })
})

test('nothing is looked for where the operator does not want it, and nothing put in place at the end', async () => {
  const updates = updatesFor(app, settings, log, atOnce, 'win32')
  await vi.advanceTimersByTimeAsync(3 * day)
  expect(updater.current.asked).toBe(0)
  await updates.check()
  expect(updater.current).toMatchObject({ asked: 1, autoInstallOnAppQuit: false })
})

test('new versions are looked for soon after the start and every day, and put in place at the end', async () => {
  settings.set('updates.automatic', true)
  updatesFor(app, settings, log, atOnce, 'win32')
  await vi.advanceTimersByTimeAsync(2 * minute)
  expect(updater.current).toMatchObject({ asked: 1, autoInstallOnAppQuit: true })
  await vi.advanceTimersByTimeAsync(day)
  expect(updater.current.asked).toBe(2)
})

test('switching it on looks at once, and switching it off ends it', async () => {
  updatesFor(app, settings, log, atOnce, 'win32')
  settings.set('updates.automatic', true)
  await vi.advanceTimersByTimeAsync(0)
  expect(updater.current).toMatchObject({ asked: 1, autoInstallOnAppQuit: true })
  settings.set('updates.automatic', false)
  await vi.advanceTimersByTimeAsync(3 * day)
  expect(updater.current).toMatchObject({ asked: 1, autoInstallOnAppQuit: false })
})

test('without a source nothing is ever looked for', async () => {
  rmSync(join(folder, 'app-update.yml'))
  settings.set('updates.automatic', true)
  updatesFor(app, settings, log, atOnce, 'win32')
  await vi.advanceTimersByTimeAsync(3 * day)
  expect(updater.current.asked).toBe(0)
})

test('a download that fails is said, not left to end the program', async () => {
  const updates = updatesFor(app, settings, log, atOnce, 'win32')
  const download = Promise.withResolvers<never>()
  updater.current.download = download.promise
  expect(await updates.check()).toMatchObject({ state: 'available', version: '9.0.0' })
  download.reject(new Error('the line was cut'))
  await vi.advanceTimersByTimeAsync(0)
  expect(updates.status()).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('cut') as string,
  })
})

test('a version that is ready stays so, and a restart is left to its installer', async () => {
  settings.set('updates.automatic', true)
  const updates = updatesFor(app, settings, log, atOnce, 'win32')
  expect(updates.restart()).toBe(false)
  await updates.check()
  updater.current.emit('update-downloaded', { version: '9.0.0' })
  const { asked } = updater.current
  await vi.advanceTimersByTimeAsync(3 * day)
  expect(updater.current.asked).toBe(asked)
  expect(updates.status()).toMatchObject({ state: 'ready', version: '9.0.0' })
  expect(updates.restart()).toBe(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(updater.current.installed).toBe(1)
})

test('a restart installs nothing where the operator does not want that', async () => {
  const updates = updatesFor(app, settings, log, atOnce, 'win32')
  await updates.check()
  updater.current.emit('update-downloaded', { version: '9.0.0' })
  expect(updates.restart()).toBe(false)
})

test('a program that cannot be put in place is looked for again', async () => {
  settings.set('updates.automatic', true)
  updater.current.active = false
  const updates = updatesFor(app, settings, log, atOnce, 'win32')
  await vi.advanceTimersByTimeAsync(2 * minute)
  expect(updates.status().state).toBe('none')
  await vi.advanceTimersByTimeAsync(day)
  expect(updater.current.asked).toBe(2)
})

test('B10: a new version is put in place once all is finished, as its installer ends whatever still runs', async () => {
  const finished = Promise.withResolvers<void>()
  const updates = updatesFor(app, settings, log, (end) => void finished.promise.then(end), 'win32')
  await updates.check()
  updater.current.emit('update-downloaded', { version: '9.0.0' })
  updates.install()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(updater.current.installed).toBe(0)
  finished.resolve()
  await vi.advanceTimersByTimeAsync(0)
  expect(updater.current.installed).toBe(1)
})

test('B12: updates take the proxy of the setting, and log in to that one alone', async () => {
  settings.sealSecretsWith(cipherWith(Buffer.alloc(32)))
  const updates = updatesFor(app, settings, log, atOnce, 'win32')
  for (const proxy of ['system', 'none', 'http://kasir:rahasia@10.0.0.1:3128']) {
    settings.set('network.proxy', proxy)
    await updates.check()
  }
  expect(updater.current.proxies).toEqual([
    { mode: 'system' },
    { mode: 'direct' },
    { mode: 'fixed_servers', proxyRules: 'http://10.0.0.1:3128' },
  ])
  const answers: unknown[][] = []
  const ask = (info: object) =>
    updater.current.emit('login', info, (...answer: unknown[]) => void answers.push(answer))
  ask({ isProxy: true, host: '10.0.0.1', port: 3128 })
  ask({ isProxy: false, host: '10.0.0.1', port: 3128 })
  ask({ isProxy: true, host: '10.0.0.2', port: 3128 })
  expect(answers).toEqual([
    ['kasir', 'rahasia'],
    ['', ''],
    ['', ''],
  ])
})

test('on Linux, where nothing checks who made a package, no updates are looked for', () => {
  const linux = updatesFor(app, settings, log, atOnce, 'linux')
  expect(linux.status().state).toBe('off')
})
