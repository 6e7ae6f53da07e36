import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backupContent } from '../../src-main/app/backup-content.ts'
import { Keys } from '../../src-main/keys/keys.ts'
import { migrations } from '../../src-main/app/migrations.ts'
import type { IsolatedProcess } from '../../src-main/lib/processes/isolated-process.ts'
import { startNodeProcess } from '../../src-main/lib/processes/node-process.ts'
import { writeBackup } from '../../src-main/storage/backup/backup.ts'
import { openDatabase, type Database, type Row } from '../../src-main/storage/database/database.ts'
import { finishRestore } from '../../src-main/storage/backup/finish-restore.ts'
import { Restores, type RestoresOptions } from '../../src-main/storage/backup/restores.ts'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import { Settings } from '../../src-main/storage/settings/settings.ts'
import { confStore } from '../../src-main/storage/settings/settings-store.ts'
import { utilityProcess } from '../electron-fake/utility-process.ts'
import { folder, quiet } from './support.ts'

const allRights = ['send', 'read', 'manage'] as const

function open(path: string): Database {
  return openDatabase({ file: join(path, 'kurir.sqlite'), migrations, log: quiet })
}

async function withKey(path: string, name: string): Promise<{ secret: string; rows: Row[] }> {
  const database = open(path)
  const keys = new Keys({ database, cipher: cipherWith(Buffer.alloc(32, 1)), log: quiet })
  const { secret } = await keys.create({
    name,
    devices: { all: true },
    rights: [...allRights],
    expiresAt: null,
  })
  const rows = database.statement('SELECT * FROM api_keys').all()
  await database.close()
  return { secret, rows }
}

/** A backup with one message and one key, as Kurir writes it, then changed by whoever hands it to the operator. */
async function backupFrom(
  change: string,
  settings: object = {},
): Promise<{ backup: string; secret: string }> {
  const path = folder()
  const { secret } = await withKey(path, 'theirs')
  const database = open(path)
  await database.write(() => {
    database
      .statement(
        `INSERT INTO requests (number, recipients, device_id, fingerprint, queue, created_at, kept)
         VALUES (1, 1, 'd', x'00', 0, 1000, 'yes')`,
      )
      .run()
    database
      .statement(
        `INSERT INTO messages (sequence, request, id, device_id, recipient, kind, state, via, created_at, changed_at)
         VALUES (1, 1, 'ID 1', 'd', '6285500000500', 'text', 2, 'api', 1000, 1000)`,
      )
      .run()
  })
  const backup = join(path, 'backup')
  await writeBackup({ database, file: backup, settings, version: '1', content: backupContent })
  await database.close()
  const file = new DatabaseSync(backup)
  file.exec(change)
  file.close()
  return { backup, secret }
}

function restoresOf(path: string, options: Partial<RestoresOptions> = {}): Restores {
  const restores = new Restores({
    folder: path,
    migrations,
    content: backupContent,
    credentials: () => [],
    settings: () => ({ values: {}, secrets: {} }),
    ...options,
  })
  onTestFinished(() => restores.stop())
  return restores
}

const openingSettings = {
  'api.lan': true,
  'api.allowedOrigins': ['https://evil.example'],
  'media.trustedHosts': ['10.0.0.0/8', '169.254.169.254'],
  'api.port': 3999,
}
const evilTrigger = `CREATE TRIGGER evil AFTER INSERT ON messages BEGIN UPDATE messages SET recipient = '6281999999999'; END`

const manyMessages = `
  WITH RECURSIVE r(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM r WHERE n < 400000)
    INSERT INTO messages (sequence, request, id, device_id, recipient, kind, state, via, created_at, changed_at)
    SELECT n, 1, 'ID ' || n, 'd', '1', 'text', 2, 'api', 1, 1 FROM r`

describe('a backup with somebody else’s key, settings and trigger', () => {
  it('brings log and other settings alone, unless the operator says more; this PC’s own stay', async () => {
    const { backup, secret } = await backupFrom(evilTrigger, {
      ...openingSettings,
      'network.proxy': 'http://evil:pw@203.0.113.1:8080',
      'pace.perHour': 7,
    })
    const path = folder()
    const own = await withKey(path, 'ours')
    const mine = { 'api.port': 3300, 'pace.perHour': 9, 'network.proxy': 'http://kasir@10.0.0.1:8080' }
    const restores = restoresOf(path, {
      credentials: () => own.rows,
      settings: () => ({ values: mine, secrets: { 'network.proxy.secret': 'AAAA' } }),
    })
    const prepared = await restores.prepare(backup)
    expect(prepared.newKeys).toEqual([
      { name: 'theirs', lastFour: secret.slice(-4), devices: 'all', rights: [...allRights] },
    ])
    expect(prepared.access.map(({ name, value, now }) => [name, value, now])).toEqual([
      ['api.port', 3999, 3300],
      ['api.lan', true, false],
      ['api.allowedOrigins', openingSettings['api.allowedOrigins'], []],
      ['media.trustedHosts', openingSettings['media.trustedHosts'], []],
      ['network.proxy', 'http://evil@203.0.113.1:8080', 'http://kasir@10.0.0.1:8080'],
    ])
    const counts = await restores.finish(prepared.id, { keys: false, access: false })
    expect(counts).toEqual({ messages: 1, keys: 0, devices: 0 })

    finishRestore(path)
    const database = open(path)
    onTestFinished(() => database.close())
    const keys = new Keys({ database, cipher: cipherWith(Buffer.alloc(32, 1)), log: quiet })
    expect(keys.authenticate(own.secret, '::1').name).toBe('ours')
    expect(() => keys.authenticate(secret, '::1')).toThrow(expect.objectContaining({ code: 'key_unknown' }))
    expect(database.statement(`SELECT name FROM sqlite_schema WHERE name = 'evil'`).all()).toEqual([])
    expect(new Settings(confStore(path)).kept()).toEqual({ ...mine, 'pace.perHour': 7 })
    expect(confStore(path).get('network.proxy.secret')).toBe('AAAA')
  })

  it('brings both where the operator says so, and the trigger never', async () => {
    const { backup, secret } = await backupFrom(evilTrigger, openingSettings)
    const path = folder()
    const own = await withKey(path, 'Theirs')
    const restores = restoresOf(path, { credentials: () => own.rows })
    const { id } = await restores.prepare(backup)
    await restores.finish(id, { keys: true, access: true })
    finishRestore(path)
    const database = open(path)
    onTestFinished(() => database.close())
    const keys = new Keys({ database, cipher: cipherWith(Buffer.alloc(32, 1)), log: quiet })
    // Both have the same name, in other letters.
    expect(keys.authenticate(own.secret, '::1').name).toBe('Theirs')
    expect(keys.authenticate(secret, '::1').name).toBe('theirs (2)')
    expect(new Settings(confStore(path)).kept()).toEqual(openingSettings)
    await database.write(() =>
      database
        .statement(
          `INSERT INTO messages (sequence, request, id, device_id, recipient, kind, state, via, created_at, changed_at)
           VALUES (2, 1, 'ID 2', 'd', '6285500000501', 'text', 2, 'api', 1000, 1000)`,
        )
        .run(),
    )
    const recipients = database.statement('SELECT recipient FROM messages ORDER BY sequence').all()
    expect(recipients.map(({ recipient }) => recipient)).toEqual(['6285500000500', '6285500000501'])
  })

  it('does not widen a key that this PC has', async () => {
    const path = folder()
    const { rows } = await withKey(path, 'ours')
    const narrow = rows.map((row) => ({ ...row, rights: '["read"]' }))
    const database = open(path)
    const backup = join(path, 'backup')
    await writeBackup({ database, file: backup, settings: {}, version: '1', content: backupContent })
    await database.close()
    const restores = restoresOf(path, { credentials: () => narrow })
    const { id, newKeys } = await restores.prepare(backup)
    expect(newKeys).toEqual([])
    expect(await restores.finish(id, { keys: true, access: true })).toMatchObject({ keys: 1 })
    finishRestore(path)
    const restored = open(path)
    onTestFinished(() => restored.close())
    expect(restored.statement('SELECT rights FROM api_keys').all()).toEqual([{ rights: '["read"]' }])
  })

  it('is not kept from starting by a key that cannot be read', async () => {
    const { backup } = await backupFrom(`UPDATE api_keys SET devices = '{'`)
    const restores = restoresOf(folder())
    expect((await restores.prepare(backup)).newKeys).toEqual([])
  })
})

describe('a backup that was made to do harm is refused', () => {
  it.each([
    [
      'with an endless view in place of a table',
      `ALTER TABLE messages RENAME TO x; CREATE VIEW messages AS
         WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS sequence FROM r`,
    ],
    [
      'with a virtual table in place of a table',
      'DROP TABLE contacts; CREATE VIRTUAL TABLE contacts USING fts5(device_id)',
    ],
    [
      'with a generated column in place of a column',
      `DROP TABLE daily_counts; CREATE TABLE daily_counts (day INTEGER, device_id TEXT, failed INTEGER, sent AS (day + 1));
       INSERT INTO daily_counts VALUES (1, 'd', 1)`,
    ],
    ['without a table', 'DROP TABLE devices'],
    [
      'with a number that no program can count on from',
      'UPDATE requests SET number = 9223372036854775807; UPDATE messages SET request = 9223372036854775807',
    ],
    ['with a value of 17 MiB', `UPDATE requests SET text = printf('%.*c', 17 * 1048576, 'a')`],
    [
      'with a default that makes gigabytes of some rows',
      `ALTER TABLE requests RENAME COLUMN text TO other;
       WITH RECURSIVE r(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM r WHERE n < 20000)
         INSERT INTO requests (number, recipients, device_id, fingerprint, queue, created_at, kept)
         SELECT n, 1, 'd', x'00', 0, 1, 'yes' FROM r;
       ALTER TABLE requests ADD COLUMN text TEXT DEFAULT '${'x'.repeat(100_000)}'`,
    ],
    ['with settings that are none', `UPDATE kurir_backup SET value = '[]' WHERE name = 'settings'`],
  ])('%s', async (_, change) => {
    const { backup } = await backupFrom(change)
    const path = folder()
    await expect(restoresOf(path).prepare(backup)).rejects.toMatchObject({ code: 'backup_invalid' })
    expect(readdirSync(path)).toEqual([])
  })

  it('with millions of steps, at once, while this thread goes on', async () => {
    const { backup } = await backupFrom(
      `WITH RECURSIVE r(n) AS (SELECT 100000 UNION ALL SELECT n + 1 FROM r WHERE n < 2000000)
       INSERT INTO migrations SELECT n, 'x', 1 FROM r`,
    )
    const delay = monitorEventLoopDelay({ resolution: 10 })
    delay.enable()
    await expect(restoresOf(folder()).prepare(backup)).rejects.toMatchObject({ code: 'backup_invalid' })
    delay.disable()
    expect(delay.max / 1e6).toBeLessThan(250)
  })
})

describe('a backup that is read for ever', () => {
  const endless = join(import.meta.dirname, 'endless-process.ts')

  it('is given up at the deadline, its process gone, and delays no other restore', async () => {
    const { backup } = await backupFrom('')
    const path = folder()
    const ended: string[] = []
    const files = [endless]
    const restores = restoresOf(path, {
      deadlineMs: () => 10_000,
      startProcess: (file, options): IsolatedProcess => {
        const started = startNodeProcess(files.shift() ?? file, options)
        started.onExit(() => ended.push(file))
        return started
      },
    })
    const outcome = restores.prepare(backup).catch((error: unknown) => error)
    let isFirstDone = false
    void outcome.then(() => (isFirstDone = true))
    const { id } = await restores.prepare(backup)
    expect(await restores.finish(id, { keys: false, access: false })).toMatchObject({ messages: 1 })
    expect(isFirstDone).toBe(false)
    expect(await outcome).toMatchObject({
      code: 'backup_invalid',
      message: expect.stringContaining('too long') as string,
    })
    expect(ended).toHaveLength(2)
    expect(readdirSync(path).toSorted()).toEqual(['restored-settings.json', 'restored.sqlite'])
  })

  it('ends with the program, its process too', async () => {
    const { backup } = await backupFrom('')
    const path = folder()
    const gone = Promise.withResolvers<void>()
    const restores = restoresOf(path, {
      startProcess: (_file, options) => {
        const running = startNodeProcess(endless, options)
        running.onExit(() => gone.resolve())
        return running
      },
    })
    const outcome = restores.prepare(backup).catch((error: unknown) => error)
    await restores.stop()
    await gone.promise
    expect(await outcome).toMatchObject({ code: 'shutting_down' })
    expect(readdirSync(path)).toEqual([])
  })

  it('is given up by its own process where the program is gone, also while SQLite has the thread', async () => {
    const { backup } = await backupFrom(manyMessages)
    const job = {
      backup,
      target: join(folder(), 'target'),
      migrations,
      leaveOut: [],
      counted: {},
      afterwards: [],
      credentials: null,
    }
    const child = fork(join(import.meta.dirname, '../../src-main/storage/backup/rebuild-process.ts'), [], {
      serialization: 'advanced',
    })
    child.send({ job, deadlineMs: 300 })
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect([code, signal]).toEqual([null, 'SIGKILL'])
  })
})

it('a backup is read in Electron’s utility process as well', async () => {
  const { backup } = await backupFrom('')
  const restores = restoresOf(folder(), {
    startProcess: (file) => {
      const child = utilityProcess.fork(file)
      return {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process's port, no window
        send: (message) => child.postMessage(message as object),
        onMessage: (listener) => void child.on('message', listener),
        onExit: (listener) => void child.once('exit', listener),
        kill: () => void child.kill('SIGKILL'),
      }
    },
  })
  expect((await restores.prepare(backup)).counts).toMatchObject({ messages: 1 })
})

it('a backup of an earlier version is brought on to the form of this one', async () => {
  const numbers = migrations.map(({ number }) => number).toSorted((a, b) => a - b)
  const older = migrations.filter(
    ({ number }) => [10, 20, 30].includes(number) || [11, 12, 13, 14].includes(number),
  )
  const path = folder()
  const database = openDatabase({ file: join(path, 'kurir.sqlite'), migrations: older, log: quiet })
  await database.write(() => {
    database
      .statement(`INSERT INTO devices (id, kind, name, added_at) VALUES ('d', 'whatsapp', 'Kasir', 5)`)
      .run()
    // The texts were in the messages' rows.
    database
      .statement(
        `INSERT INTO requests (number, recipients, device_id, fingerprint, queue, created_at) VALUES (1, 1, 'd', x'00', 0, 5)`,
      )
      .run()
    database
      .statement(
        `INSERT INTO messages (sequence, request, id, device_id, recipient, kind, state, via, created_at, changed_at, text)
         VALUES (1, 1, 'ID 1', 'd', '6285500000500', 'text', 2, 'api', 5, 5, 'Halo')`,
      )
      .run()
  })
  const backup = join(path, 'backup')
  const content = { ...backupContent, leaveOut: [] }
  await writeBackup({ database, file: backup, settings: {}, version: '0', content })
  await database.close()

  const there = folder()
  const restores = restoresOf(there)
  const { id, counts } = await restores.prepare(backup)
  expect(counts).toMatchObject({ devices: 1 })
  await restores.finish(id, { keys: false, access: false })
  finishRestore(there)
  const restored = open(there)
  onTestFinished(() => restored.close())
  expect(restored.statement('SELECT id, name, paired_at, makes_tokens FROM devices').all()).toEqual([
    { id: 'd', name: 'Kasir', paired_at: null, makes_tokens: 0 },
  ])
  expect(restored.statement('SELECT number, text FROM requests').all()).toEqual([{ number: 1, text: 'Halo' }])
  const applied = restored.statement('SELECT number FROM migrations ORDER BY number').all()
  expect(applied.map(({ number }) => number)).toEqual(numbers)
})

it('a backup of a version that wrote down “nothing to sweep” as the largest number there is can be restored', async () => {
  const path = folder()
  const older = migrations.filter(({ number }) => number < 32)
  const database = openDatabase({ file: join(path, 'kurir.sqlite'), migrations: older, log: quiet })
  await database.write(() => {
    database.statement('INSERT INTO message_marks VALUES (?, ?)').run('swept texts', Number.MAX_SAFE_INTEGER)
    database.statement('INSERT INTO message_marks VALUES (?, ?)').run('removed', 7)
  })
  const backup = join(path, 'backup')
  await writeBackup({ database, file: backup, settings: {}, version: '0', content: backupContent })
  await database.close()

  const there = folder()
  const restores = restoresOf(there)
  await restores.finish((await restores.prepare(backup)).id, { keys: false, access: false })
  finishRestore(there)
  const restored = open(there)
  onTestFinished(() => restored.close())
  expect(restored.statement('SELECT * FROM message_marks').all()).toEqual([{ name: 'removed', value: 7 }])
})
