import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApplication, type Application } from '../../src-main/app/app.ts'
import { headlessCapabilities } from '../../src-main/headless/headless-capabilities.ts'
import { startIpc } from '../../src-main/ipc/handlers.ts'
import { confStore } from '../../src-main/storage/settings/settings-store.ts'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kurir-aside-')), 'data')
  mkdirSync(folder, { mode: 0o700 })
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

function start(): Promise<Application> {
  return startApplication({
    dataFolder: folder,
    shell: 'headless',
    dataKey: () => Promise.resolve(randomBytes(32)),
    settingsStore: confStore,
    settingOverrides: { 'api.port': '0' },
    sandbox: false,
    whatsappUrl: null,
    extraCertificates: [],
    version: '0.0.0',
    idle: true,
  })
}

/** What a window asks for when it opens. */
async function notices(application: Application): Promise<unknown> {
  const ipc = await startIpc(application, headlessCapabilities({ customWhatsApp: false, restart: () => {} }))
  const answers = [await ipc.answer('program.notices', {}), await ipc.answer('program.notices', {})]
  await ipc.stop()
  expect(answers[1]).toEqual(answers[0])
  return answers[0]
}

test('every window is told of a database and of settings that were set aside, and where they are', async () => {
  writeFileSync(join(folder, 'kurir.sqlite'), randomBytes(8_192))
  writeFileSync(join(folder, 'settings.json'), '{ "pace": ')
  await using parts = new AsyncDisposableStack()
  const application = await start()
  parts.defer(() => application.stop())
  expect(await notices(application)).toEqual({
    ok: true,
    value: [
      { name: 'database_set_aside', detail: expect.stringMatching(/kurir\.damaged-.*\.sqlite$/) as string },
      { name: 'settings_set_aside', detail: expect.stringMatching(/settings\.damaged-.*\.json$/) as string },
    ],
  })
})

test('nothing is told where all is whole', async () => {
  await using parts = new AsyncDisposableStack()
  const application = await start()
  parts.defer(() => application.stop())
  expect(await notices(application)).toEqual({ ok: true, value: [] })
})
