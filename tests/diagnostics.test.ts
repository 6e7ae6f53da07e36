import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startApplication } from '../src-main/app/app.ts'
import { diagnosticsOf } from '../src-main/app/diagnostics.ts'
import { confStore } from '../src-main/storage/settings/settings-store.ts'

it('diagnostics have the latest lines of the log, also where it was begun anew a moment ago', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'kurir-diagnostics-'))
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }))
  const file = join(dataFolder, 'kurir.log')
  const filling = JSON.stringify({ msg: 'x'.repeat(8 * 1024 * 1024) })
  const earlier = Array.from({ length: 300 }, (_, index) => JSON.stringify({ msg: `earlier ${index}` }))
  writeFileSync(file, `${[filling, ...earlier].join('\n')}\n`)

  const application = await startApplication({
    dataFolder,
    shell: 'headless',
    dataKey: () => Promise.resolve(randomBytes(32)),
    settingsStore: confStore,
    settingOverrides: { 'api.port': '0' },
    sandbox: false,
    whatsappUrl: null,
    extraCertificates: [],
    version: '0.0.0-test',
    idle: true,
  })
  onTestFinished(() => application.stop())
  expect(existsSync(`${file}.1`)).toBe(true)
  application.log.info('the last')

  const { recentLog } = (await diagnosticsOf(application)) as { recentLog: string[] }
  const told = recentLog.map((line) => (JSON.parse(line) as { msg: string }).msg)
  expect(told).toHaveLength(200)
  expect(told).toEqual(expect.arrayContaining(['earlier 299', 'starting', 'the last']))
  expect(told.at(-1)).toBe('the last')
  expect(told.indexOf('starting')).toBeGreaterThan(told.indexOf('earlier 299'))
})
