import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { backupContent } from '../../src-main/app/backup-content.ts'
import { migrations } from '../../src-main/app/migrations.ts'
import { writeBackup } from '../../src-main/storage/backup/backup.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import { openBridge, valueOf } from '../support/bridge.ts'
import { runProgram, startProgram, temporaryFolder, type Program } from '../support/program.ts'
import { watchHealth } from '../support/watchdog.ts'
import { quiet } from '../storage/support.ts'

/** What a machine that is busy with other tests is given, too. */
const slack = 3

/** A backup of another PC with its key; then changed by whoever hands it over. */
async function makeBackup(settings: object, change = ''): Promise<{ backup: string; key: string }> {
  const program = await startProgram({ args: ['--new-key', 'theirs'] })
  await program.stop()
  const database = openDatabase({
    file: join(program.folder, 'data', 'kurir.sqlite'),
    migrations,
    log: quiet,
  })
  const backup = join(program.folder, 'backup')
  await writeBackup({ database, file: backup, settings, version: '1', content: backupContent })
  await database.close()
  const file = new DatabaseSync(backup)
  file.exec(change)
  file.close()
  return { backup, key: String(program.ready.apiKey) }
}

async function codeOfCall({ ready }: Program, key: string): Promise<unknown> {
  const answer = await fetch(`${ready.api}/info-devices?api_key=${key}`)
  return ((await answer.json()) as { code?: string }).code
}

test('--restore takes over log and settings, names what would open Kurir, and brings that where it is told to', async () => {
  const { backup, key } = await makeBackup({
    'api.allowedOrigins': ['https://evil.example'],
    'pace.perHour': 321,
  })
  const folder = temporaryFolder()
  const words = ['--headless', '--data-dir', join(folder, 'data'), '--restore', backup]
  const settings = () => JSON.parse(readFileSync(join(folder, 'data', 'settings.json'), 'utf8')) as unknown

  const plain = runProgram(words)
  expect(await plain.ended(), plain.output()).toBe(0)
  expect(plain.output()).toContain('1 API keys that this PC does not have')
  expect(plain.output()).toContain(`“theirs” …${key.slice(-4)}`)
  expect(plain.output()).toContain('api.allowedOrigins: ["https://evil.example"] (here [])')
  expect(plain.output()).toContain('--restore-include keys,access')
  const first = await startProgram({ folder })
  expect(await codeOfCall(first, key)).toBe('key_unknown')
  await first.stop()
  expect(settings()).toEqual({ 'pace.perHour': 321 })

  const all = runProgram([...words, '--restore-include', 'keys,access'])
  expect(await all.ended(), all.output()).toBe(0)
  expect(all.output()).not.toContain('Not brought')
  const second = await startProgram({ folder })
  expect(await codeOfCall(second, key)).toBeUndefined()
  await second.stop()
  expect(settings()).toEqual({ 'api.allowedOrigins': ['https://evil.example'], 'pace.perHour': 321 })
})

test('a backup is restored of a PC whose operator had texts masked for a while', async () => {
  const program = await startProgram()
  onTestFinished(() => program.kill())
  const bridge = await openBridge(String(program.ready.window))
  onTestFinished(() => bridge.close())
  const file = join(program.folder, 'data', 'kurir.sqlite')
  for (const [value, mark] of [
    ['masked', 1],
    ['yes', 0],
  ] as const) {
    valueOf(await bridge.call('settings.set', { name: 'log.keepTexts', value }))
    await expect.poll(() => markOf(file, 'keeping texts'), { timeout: 20_000 }).toBe(mark)
  }
  await program.stop()
  const database = openDatabase({ file, migrations, log: quiet })
  const backup = join(program.folder, 'backup')
  await writeBackup({ database, file: backup, settings: {}, version: '1', content: backupContent })
  await database.close()

  const words = ['--headless', '--data-dir', join(temporaryFolder(), 'data'), '--restore', backup]
  const run = runProgram(words)
  expect(await run.ended(), run.output()).toBe(0)
})

function markOf(file: string, name: string): unknown {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database.prepare('SELECT value FROM message_marks WHERE name = ?').get(name)?.['value']
  } finally {
    database.close()
  }
}

test.each([
  [['--restore', 'no such file'], '--restore: '],
  [['--restore-include', 'keys'], '--restore-include needs --restore'],
  [['--restore', 'x', '--restore-include', 'everything'], 'takes keys, access or keys,access'],
  [['--restore', 'x', '--export-diagnostics', 'y'], 'give one'],
])('%j is refused with what is wrong', async (words, sentence) => {
  const run = runProgram(['--headless', '--data-dir', join(temporaryFolder(), 'data'), ...words])
  expect(await run.ended()).toBe(1)
  expect(run.output()).toContain(sentence)
  expect(run.output()).toContain('option_invalid')
})

const view = `ALTER TABLE messages RENAME TO x; CREATE VIEW messages AS
  WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS sequence FROM r`
const steps = `WITH RECURSIVE r(n) AS (SELECT 100000 UNION ALL SELECT n + 1 FROM r WHERE n < 2000000)
  INSERT INTO migrations SELECT n, 'x', 1 FROM r`

test('a running program refuses backups that were made to hang it, answers all the while, and restores a good one', async () => {
  const program = await startProgram()
  onTestFinished(() => program.kill())
  const bridge = await openBridge(String(program.ready.window))
  onTestFinished(() => bridge.close())
  const good = readFileSync((await makeBackup({})).backup)
  for (const change of [view, steps]) {
    const bad = readFileSync((await makeBackup({}, change)).backup)
    const uploadId = await bridge.upload(bad)
    const watch = watchHealth(program.ready.api)
    const refused = await bridge.call('program.prepareRestore', { uploadId })
    const { p99, max } = await watch.stop()
    expect(refused).toMatchObject({ ok: false, error: { code: 'backup_invalid' } })
    expect(p99).toBeLessThan(250 * slack)
    expect(max).toBeLessThan(1_000 * slack)
    expect(rssOf(program)).toBeLessThan(600 * 1_048_576)
  }
  const uploadId = await bridge.upload(good)
  const prepared = valueOf(await bridge.call('program.prepareRestore', { uploadId }))
  expect(prepared.newKeys.map(({ name }) => name)).toEqual(['theirs'])
  expect(await bridge.call('program.cancelRestore', { restoreId: prepared.restoreId })).toEqual({
    ok: true,
    value: null,
  })
})

test('SIGTERM ends the program while it reads a backup that takes long', async () => {
  const messages = `
    INSERT INTO requests (number, recipients, device_id, fingerprint, queue, created_at, kept) VALUES (1, 1, 'd', x'00', 0, 1, 'no');
    WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 400000)
      INSERT INTO messages (sequence, request, id, device_id, recipient, kind, state, via, created_at, changed_at)
      SELECT n, 1, 'ID ' || n, 'd', '1', 'text', 2, 'api', 1, 1 FROM r`
  const { backup } = await makeBackup({}, messages)
  const program = await startProgram()
  onTestFinished(() => program.kill())
  const bridge = await openBridge(String(program.ready.window))
  const uploadId = await bridge.upload(readFileSync(backup))
  void bridge.call('program.prepareRestore', { uploadId })
  // Answered behind it, on the same socket.
  await bridge.call('program.status', {})
  const since = performance.now()
  expect(await program.stop()).toBe(0)
  expect(performance.now() - since).toBeLessThan(8_000)
})

function rssOf({ process }: Program): number {
  const status = readFileSync(`/proc/${process.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024
}
