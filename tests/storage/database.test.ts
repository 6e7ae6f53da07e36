import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { array, assert, asyncProperty, boolean, integer, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import { add, folder, notes, quiet, texts } from './support.ts'
import { notesMigrations } from './notes-migrations.ts'

describe('a database', () => {
  it('keeps its rows over a close, in a file that only its user can read', async () => {
    const file = join(folder(), 'notes.sqlite')
    const first = notes(file)
    await add(first, 'one')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600)
    await first.close()
    expect(texts(notes(file))).toEqual(['one'])
  })

  it('syncs every commit in a write-ahead log', () => {
    const database = notes(join(folder(), 'notes.sqlite'))
    expect(database.statement('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    expect(database.statement('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 })
  })

  it('shows what was written at once to who reads here, and only after the commit to who reads elsewhere', async () => {
    const file = join(folder(), 'notes.sqlite')
    const database = notes(file)
    const elsewhere = new DatabaseSync(file, { readOnly: true })
    const count = elsewhere.prepare('SELECT count(*) AS rows FROM notes')
    const written = add(database, 'one')
    expect(texts(database)).toEqual(['one'])
    expect(count.get()).toMatchObject({ rows: 0 })
    await written
    expect(count.get()).toMatchObject({ rows: 1 })
    elsewhere.close()
  })

  it('prepares the same text once', () => {
    const database = notes(':memory:')
    expect(database.statement('SELECT 1')).toBe(database.statement('SELECT 1'))
  })

  it('lets rows be changed inside a write only', () => {
    const database = notes(':memory:')
    const insert = database.statement('INSERT INTO notes (text) VALUES (?)')
    expect(() => insert.run('one')).toThrow('inside Database.write only')
  })

  it('refuses work that is not done when it returns', async () => {
    const database = notes(':memory:')
    const insert = database.statement('INSERT INTO notes (text) VALUES (?)')
    await expect(database.write(async () => insert.run('one'))).rejects.toThrow('when it returns')
    expect(texts(database)).toEqual([])
  })

  it('refuses a write inside another, whole', async () => {
    const database = notes(':memory:')
    await expect(database.write(() => void add(database, 'one'))).rejects.toThrow('inside another write')
    expect(texts(database)).toEqual([])
  })

  it('commits what is open when it is closed, and takes nothing after that', async () => {
    const file = join(folder(), 'notes.sqlite')
    const database = notes(file)
    const last = add(database, 'last')
    const closed = database.close()
    await expect(add(database, 'late')).rejects.toMatchObject({ code: 'shutting_down' })
    await Promise.all([last, closed])
    expect(texts(notes(file))).toEqual(['last'])
  })

  it('keeps the write-ahead log bounded while it is written without a pause', async () => {
    const file = join(folder(), 'notes.sqlite')
    const database = notes(file)
    const long = 'x'.repeat(20_000)
    for (let round = 0; round < 25; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => add(database, `${round} ${index} ${long}`)))
    }
    expect(statSync(file).size).toBeGreaterThan(25 * 1024 * 1024)
    expect(statSync(`${file}-wal`).size).toBeLessThan(24 * 1024 * 1024)
  }, 60_000)
})

describe('writes that share a commit', () => {
  it('undo only their own changes when one of them throws', async () => {
    const database = notes(join(folder(), 'notes.sqlite'))
    const outcomes = await Promise.allSettled([
      add(database, 'one'),
      database.write(() => {
        database.statement('INSERT INTO notes (text) VALUES (?)').run('half')
        throw new Error('changed its mind')
      }),
      add(database, 'one'),
      add(database, 'two'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(texts(database)).toEqual(['one', 'two'])
  })

  it('are whole or absent, whichever of them throw, in every order', async () => {
    const write = record({
      rows: integer({ min: 1, max: 4 }),
      throws: boolean(),
      pause: boolean(),
    })
    await assert(
      asyncProperty(array(write, { maxLength: 12 }), async (writes) => {
        const database = openDatabase({ file: ':memory:', migrations: notesMigrations, log: quiet })
        const insert = database.statement('INSERT INTO notes (text) VALUES (?)')
        const outcomes: Promise<'kept' | 'undone'>[] = []
        const expected: string[] = []
        for (const [index, { rows, throws, pause }] of writes.entries()) {
          const own = Array.from({ length: rows }, (_, row) => `${index}.${row}`)
          const written = database.write(() => {
            for (const text of own) insert.run(text)
            if (throws) throw new Error('no')
          })
          const outcome = written.then(
            () => 'kept' as const,
            () => 'undone' as const,
          )
          outcomes.push(outcome)
          if (!throws) expected.push(...own)
          if (pause) await outcome
        }
        expect(await Promise.all(outcomes)).toEqual(writes.map(({ throws }) => (throws ? 'undone' : 'kept')))
        expect(texts(database)).toEqual(expected)
        await database.close()
      }),
      { numRuns: 200 },
    )
  })

  it('all fail together, and leave nothing, when the commit fails', async () => {
    const file = join(folder(), 'notes.sqlite')
    const deferred = {
      number: 2,
      name: 'a rule that is looked at when committing',
      sql: `CREATE TABLE owned (note INTEGER NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED) STRICT`,
    }
    const database = openDatabase({ file, migrations: [...notesMigrations, deferred], log: quiet })
    const outcomes = await Promise.allSettled([
      add(database, 'one'),
      database.write(() => database.statement('INSERT INTO owned (note) VALUES (99)').run()),
      add(database, 'two'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(texts(database)).toEqual([])
    await add(database, 'after')
    expect(texts(database)).toEqual(['after'])
    await database.close()
  })
})
