import { once } from 'node:events'
import {
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { finishRestore } from '../../src-main/storage/backup/finish-restore.ts'
import { writeBackup } from '../../src-main/storage/backup/backup.ts'
import type { BackupContent } from '../../src-main/storage/backup/backup.ts'
import { openDataFolder } from '../../src-main/storage/data-folder/data-folder.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Database, Migration } from '../../src-main/storage/database/database.ts'
import { Restores } from '../../src-main/storage/backup/restores.ts'
import { confStore } from '../../src-main/storage/settings/settings-store.ts'
import { Settings } from '../../src-main/storage/settings/settings.ts'
import { notesMigrations } from './notes-migrations.ts'
import { stageRestore } from './stage-restore.ts'
import { add, folder, program, quiet, smallDisk, texts } from './support.ts'

const migrations: readonly Migration[] = [
  ...notesMigrations,
  { number: 2, name: 'secrets', sql: 'CREATE TABLE secrets (secret TEXT NOT NULL) STRICT' },
]
const content: BackupContent = {
  leaveOut: ['secrets'],
  counted: { notes: 'notes' },
  afterwards: [`UPDATE notes SET text = text || ', ended' WHERE text LIKE 'unfinished%'`],
  credentials: null,
}

function open(path: string): Database {
  return openDatabase({ file: join(path, 'kurir.sqlite'), migrations, log: quiet })
}

/** A folder with a database that has notes and a secret, and a backup of it. */
async function backedUp(): Promise<{ path: string; backup: string }> {
  const path = folder()
  const database = open(path)
  await add(database, 'one')
  await add(database, 'unfinished')
  await database.write(() => database.statement(`INSERT INTO secrets VALUES ('ratchet-0123456789')`).run())
  const backup = join(path, 'kurir.backup')
  await writeBackup({ database, file: backup, settings: { 'pace.perHour': 7 }, version: '1.2.3', content })
  await database.close()
  return { path, backup }
}

/** A database with a write-ahead log that holds part of its content. */
async function leftByPowerCut(file: string): Promise<void> {
  const writer = program('ledger-writer.ts', file)
  await once(writer.stdout, 'data')
  writer.kill('SIGKILL')
  await once(writer, 'close')
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
}

/** The notes of a database, read from a copy: looking would move its write-ahead log into it. */
function notesOf(file: string, copies: string): unknown[] {
  const copy = join(copies, 'copy.sqlite')
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix)
  const database = new DatabaseSync(copy)
  const rows = database.prepare('SELECT text FROM notes ORDER BY id').all()
  database.close()
  return rows
}

/** A database and its journal as a kill amid a large change leaves them. */
function leaveJournal(file: string): void {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA cache_size = 1; CREATE TABLE large (text TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
    INSERT INTO large SELECT hex(zeroblob(2000)) FROM n;
    BEGIN; UPDATE large SET text = text || 'x'`)
  const journal = readFileSync(`${file}-journal`)
  const content = readFileSync(file)
  database.close()
  writeFileSync(file, content)
  writeFileSync(`${file}-journal`, journal)
}

describe('a backup', () => {
  it('is one private file without what is left out, not even where it was deleted', async () => {
    const { path, backup } = await backedUp()
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(path, 'kurir.sqlite')).includes('ratchet-0123456789')).toBe(true)
    expect(readFileSync(backup).includes('ratchet-0123456789')).toBe(false)
    expect(readdirSync(path).filter((name) => name.startsWith('kurir.backup'))).toEqual(['kurir.backup'])
  })

  it('is made while work goes on, and has what was committed before it', async () => {
    const path = folder()
    const database = open(path)
    const long = 'x'.repeat(2_000)
    await Promise.all(Array.from({ length: 3_000 }, (_, index) => add(database, `${index} ${long}`)))
    const backup = join(path, 'kurir.backup')
    const work = { goesOn: true }
    const made = writeBackup({ database, file: backup, settings: {}, version: '1', content }).finally(() => {
      work.goesOn = false
    })
    let written = 0
    while (work.goesOn) await add(database, `meanwhile ${written++}`)
    await made
    expect(written).toBeGreaterThan(10)
    expect(database.health).toBe('ok')
    await database.close()

    const other = folder()
    const { notes: count } = await stageRestore({ backup, folder: other, migrations, content })
    expect(count).toBeGreaterThanOrEqual(3_000)
  })

  it('leaves nothing behind where it cannot be written', async () => {
    const path = folder()
    const database = open(path)
    const file = join(path, 'no such folder', 'kurir.backup')
    await expect(writeBackup({ database, file, settings: {}, version: '1', content })).rejects.toThrow()
    expect(database.health).toBe('ok')
    await add(database, 'goes on')
    await database.close()
  })
})

describe('a restore', () => {
  it('puts log and settings in place on another computer at its next start', async () => {
    const { backup } = await backedUp()
    const other = folder()
    expect(await stageRestore({ backup, folder: other, migrations, content })).toEqual({ notes: 2 })

    const opened = await openDataFolder(other, 'headless')
    expect(opened.replaced).toBeNull()
    const database = open(other)
    expect(texts(database)).toEqual(['one', 'unfinished, ended'])
    expect(database.statement('SELECT * FROM secrets').all()).toEqual([])
    expect(new Settings(confStore(other)).get('pace.perHour')).toBe(7)
    await database.close()
    await opened.release()
  })

  it('takes one after the other where two are asked for at once', async () => {
    const [first, second] = [await backedUp(), await backedUp()]
    const other = folder()
    const restores = new Restores({
      folder: other,
      migrations,
      content,
      credentials: () => [],
      settings: () => ({ values: {}, secrets: {} }),
    })
    const outcomes = [first, second].map(async ({ backup }) => {
      const { id } = await restores.prepare(backup)
      return restores.finish(id, { keys: true, access: true })
    })
    expect(await Promise.all(outcomes)).toEqual([{ notes: 2 }, { notes: 2 }])
    const opened = await openDataFolder(other, 'headless')
    const database = open(other)
    expect(texts(database)).toEqual(['one', 'unfinished, ended'])
    await database.close()
    await opened.release()
  })

  it('changes nothing before that start, and keeps what it replaces with its write-ahead log', async () => {
    const { backup } = await backedUp()
    const path = folder()
    const file = join(path, 'kurir.sqlite')
    const writer = program('ledger-writer.ts', file)
    await once(writer.stdout, 'data')
    writer.kill('SIGKILL')
    await once(writer, 'close')
    writeFileSync(join(path, 'settings.json'), '{"pace":"off"}')
    const [before, log] = [readFileSync(file), readFileSync(`${file}-wal`)]

    await stageRestore({ backup, folder: path, migrations, content })
    expect(readFileSync(file).equals(before)).toBe(true)
    const opened = await openDataFolder(path, 'headless')
    expect(readFileSync(opened.replaced ?? '').equals(before)).toBe(true)
    expect(readFileSync(`${opened.replaced}-wal`).equals(log)).toBe(true)
    expect(existsSync(`${file}-wal`)).toBe(false)
    expect(readdirSync(path).filter((name) => /^settings\.replaced-.*\.json$/.test(name))).toHaveLength(1)
    const database = open(path)
    expect(texts(database)).toEqual(['one', 'unfinished, ended'])
    await database.close()
    await opened.release()
    const again = await openDataFolder(path, 'headless')
    expect(again.replaced).toBeNull()
    await again.release()
  })

  it.each([
    ['before anything was moved', []],
    ['when the database was moved', ['']],
    ['when its write-ahead log was moved too', ['', '-wal']],
    ['when all was moved', ['', '-wal', '-shm']],
  ])('that was killed %s comes out right at the next start', async (_, moved) => {
    const { backup } = await backedUp()
    const path = folder()
    const file = join(path, 'kurir.sqlite')
    await leftByPowerCut(file)
    const before = notesOf(file, folder())
    await stageRestore({ backup, folder: path, migrations, content })

    // As far as the first start came: the names are those that a whole one gives.
    const whole = folder()
    cpSync(path, whole, { recursive: true, preserveTimestamps: true })
    const kept = basename(finishRestore(whole) ?? '')
    for (const suffix of moved) renameSync(file + suffix, join(path, kept + suffix))

    expect(finishRestore(path)).toBe(join(path, kept))
    expect(finishRestore(path)).toBeNull()
    const database = open(path)
    expect(texts(database)).toEqual(['one', 'unfinished, ended'])
    await database.close()
    expect(notesOf(join(path, kept), folder())).toEqual(before)
  })

  it('never takes a write-ahead log that is left of another database for its own', async () => {
    const { backup } = await backedUp()
    const path = folder()
    const file = join(path, 'kurir.sqlite')
    await leftByPowerCut(file)
    await stageRestore({ backup, folder: path, migrations, content })
    rmSync(file)
    expect(finishRestore(path)).toBeNull()
    const database = open(path)
    expect(texts(database)).toEqual(['one', 'unfinished, ended'])
    await database.close()
    expect(readdirSync(path).filter((name) => /^kurir\.replaced-.*-wal$/.test(name))).toHaveLength(1)
  })

  it('is laid ready whole, also where a kill left the journal of another that was being laid ready', async () => {
    const { backup } = await backedUp()
    const path = folder()
    leaveJournal(join(path, 'restored.sqlite.unfinished'))
    expect(await stageRestore({ backup, folder: path, migrations, content })).toEqual({ notes: 2 })
    expect(readdirSync(path).toSorted()).toEqual(['restored-settings.json', 'restored.sqlite'])
    finishRestore(path)
    const database = open(path)
    expect(texts(database)).toEqual(['one', 'unfinished, ended'])
    await database.close()
  })

  it('refuses what is no backup, and a damaged one, and leaves nothing behind', async () => {
    const { path, backup } = await backedUp()
    const other = folder()
    const damaged = join(path, 'damaged')
    const bytes = readFileSync(backup)
    writeFileSync(damaged, bytes.fill(0xa5, 4096, bytes.length))
    const text = join(path, 'text')
    writeFileSync(text, 'a shopping list')
    const plainCopy = join(path, 'plain copy')
    copyFileSync(join(path, 'kurir.sqlite'), plainCopy)
    for (const file of [damaged, text, plainCopy]) {
      const refusal = stageRestore({ backup: file, folder: other, migrations, content })
      await expect(refusal, file).rejects.toMatchObject({ name: 'Failure', code: 'backup_invalid' })
    }
    expect(readdirSync(other)).toEqual([])
  })

  it('says that the disk is full where that is why it cannot be laid ready, and leaves it no fuller', async ({
    skip,
  }) => {
    const disk = smallDisk(16)
    if (disk === null) {
      skip('this user cannot mount a disk')
      return
    }
    const { backup } = await backedUp()
    const staging = stageRestore({ backup, folder: disk, migrations, content })
    await expect(staging).rejects.toMatchObject({ name: 'Failure', code: 'storage_full' })
    expect(readdirSync(disk)).toEqual([])
  })

  it('refuses a backup of a newer version, and takes one of an older', async () => {
    const { backup } = await backedUp()
    const other = folder()
    const newer = stageRestore({ backup, folder: other, migrations: notesMigrations, content })
    await expect(newer).rejects.toMatchObject({ code: 'database_newer' })
    const later = { number: 3, name: 'later', sql: 'CREATE TABLE later (x TEXT) STRICT' }
    const taken = stageRestore({
      backup,
      folder: other,
      migrations: [...migrations, later],
      content: { ...content, leaveOut: ['secrets', 'later'] },
    })
    await expect(taken).resolves.toEqual({ notes: 2 })
  })
})
