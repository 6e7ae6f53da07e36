import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLog } from '../../src-main/lib/logging/open-log.ts'
import type { Logger } from '../../src-main/lib/logging/logger.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { StorageHealth } from '../../src-main/storage/database/database.ts'
import { notesMigrations } from './notes-migrations.ts'
import { add, folder, notes, quiet, smallDisk, texts } from './support.ts'

/** Fills a disk to its last page; answers how to make room again. */
function fill(disk: string): () => void {
  const file = join(disk, 'filler')
  for (const bytes of [1024 * 1024, 4096]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' })
    } catch {
      // As much as there was room for is there.
    }
  }
  return () => rmSync(file)
}

describe('a full disk', () => {
  it('is said plainly, loses nothing that was told, and is over when there is space', async ({ skip }) => {
    const disk = smallDisk(8 * 1024)
    if (disk === null) {
      skip('this user cannot mount a disk')
      return
    }
    const database = notes(join(disk, 'notes.sqlite'))
    const heard: StorageHealth[] = []
    database.onHealth.add((health) => heard.push(health))
    await add(database, 'before')
    const makeRoom = fill(disk)

    const long = 'x'.repeat(100_000)
    const group = [add(database, `one ${long}`), add(database, `two ${long}`)]
    const outcomes = await Promise.allSettled(group)
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'Failure', code: 'storage_full' } })
    }
    expect(database.health).toBe('full')
    expect(texts(database)).toEqual(['before'])

    makeRoom()
    await expect.poll(() => database.health).toBe('ok')
    expect(heard).toEqual(['full', 'ok'])
    await add(database, 'after')
    expect(texts(database)).toEqual(['before', 'after'])
  })

  it('fills between a first and a second write without undoing the first', async ({ skip }) => {
    const disk = smallDisk(4 * 1024)
    if (disk === null) {
      skip('this user cannot mount a disk')
      return
    }
    const database = notes(join(disk, 'notes.sqlite'))
    const kept: string[] = []
    for (let count = 0; database.health === 'ok'; count++) {
      const text = `${count} ${'x'.repeat(20_000)}`
      await add(database, text).then(
        () => kept.push(text),
        () => null,
      )
    }
    await database.close()
    expect(kept.length).toBeGreaterThan(10)
    const again = notes(join(disk, 'notes.sqlite'))
    expect(again.quarantine).toBeNull()
    expect(texts(again)).toEqual(kept)
  })

  it('answers everybody who waits, with the log on the same disk', async ({ skip }) => {
    const disk = smallDisk(8 * 1024)
    if (disk === null) {
      skip('this user cannot mount a disk')
      return
    }
    const kept = openLog(disk, 'info')
    onTestFinished(() => kept.close())
    const file = join(disk, 'notes.sqlite')
    const database = openDatabase({ file, migrations: notesMigrations, log: kept.log })
    onTestFinished(() => database.close())
    await add(database, 'before')
    const makeRoom = fill(disk)
    // The last page of the log has room for some lines still.
    for (let count = 0; count < 100; count++) kept.log.info({ count }, 'a request')

    const group = ['one', 'two'].map((text) => add(database, text + 'x'.repeat(100_000)))
    for (const outcome of await Promise.allSettled(group)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'Failure', code: 'storage_full' } })
    }
    expect(database.health).toBe('full')

    makeRoom()
    await expect.poll(() => database.health).toBe('ok')
    kept.log.info('there is room')
    const written = readFileSync(join(disk, 'kurir.log'), 'utf8')
    expect(written).toContain('"health":"full"')
    expect(written).toContain('there is room')
  })
})

it('a database is known to be unwell before that is logged', async () => {
  const told: StorageHealth[] = []
  const error = () => void told.push(database.health)
  const log = { error } as unknown as Logger
  const file = join(folder(), 'notes.sqlite')
  const database = openDatabase({ file, migrations: notesMigrations, log })
  onTestFinished(() => database.close())
  database.statement('PRAGMA query_only = ON').all()
  await expect(add(database, 'lost')).rejects.toMatchObject({ code: 'storage_unavailable' })
  await expect(add(database, 'lost')).rejects.toMatchObject({ code: 'storage_unavailable' })
  expect(told).toEqual(['read_only'])
})

describe('a database that turns read-only', () => {
  it('refuses writes, goes on reading, and recovers by itself', async () => {
    const database = notes(join(folder(), 'notes.sqlite'))
    const heard: StorageHealth[] = []
    database.onHealth.add((health) => heard.push(health))
    await add(database, 'before')
    database.statement('PRAGMA query_only = ON').all()
    await expect(add(database, 'lost')).rejects.toMatchObject({ code: 'storage_unavailable' })
    expect(database.health).toBe('read_only')
    expect(texts(database)).toEqual(['before'])

    database.statement('PRAGMA query_only = OFF').all()
    await expect.poll(() => database.health).toBe('ok')
    expect(heard).toEqual(['read_only', 'ok'])
    await add(database, 'after')
  })
})

describe('a database that cannot be opened', () => {
  const steps = { migrations: notesMigrations, log: quiet }

  const harms: [string, string, (disk: string) => void][] = [
    ['on a full disk', 'storage_full', fill],
    ['on a write-protected disk', 'storage_unavailable', protect],
  ]
  it.for(harms)(
    '%s is refused, stays where it is, and opens again later',
    async ([, code, harm], { skip }) => {
      const disk = smallDisk(1024)
      if (disk === null) {
        skip('this user cannot mount a disk')
        return
      }
      const file = join(disk, 'notes.sqlite')
      const database = notes(file)
      await add(database, 'before')
      await database.close()
      harm(disk)
      expect(() => openDatabase({ file, ...steps })).toThrow(
        expect.objectContaining({ name: 'Failure', code }),
      )
      execFileSync('mount', ['-o', 'remount,rw', disk])
      rmSync(join(disk, 'filler'), { force: true })
      expect(readdirSync(disk).filter((name) => name.includes('damaged'))).toEqual([])
      expect(texts(notes(file))).toEqual(['before'])
    },
  )

  it('because another program holds it is refused with that reason', async () => {
    const file = join(folder(), 'notes.sqlite')
    const database = notes(file)
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    await expect(add(database, 'one')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining('Another program'),
    })
    other.exec('ROLLBACK')
    other.close()
    await add(database, 'two')
    expect(texts(database)).toEqual(['two'])
  })
})

function protect(disk: string): void {
  execFileSync('mount', ['-o', 'remount,ro', disk])
}
