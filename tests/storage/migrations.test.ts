import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { migrations } from '../../src-main/app/migrations.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Migration } from '../../src-main/storage/database/database.ts'
import { add, folder, notes, quiet, texts } from './support.ts'
import { notesMigrations } from './notes-migrations.ts'

const wordsMigration: Migration = { number: 2, name: 'words', sql: 'CREATE TABLE words (word TEXT) STRICT' }

function open(file: string, steps: readonly Migration[]) {
  return openDatabase({ file, migrations: steps, log: quiet })
}

describe('migrations', () => {
  it('make the whole database of this version', async () => {
    const database = open(':memory:', migrations)
    const tables = database.statement(`SELECT name FROM sqlite_schema WHERE name = 'api_keys'`).all()
    expect(tables).toHaveLength(1)
    await database.close()
  })

  it('add to a database what it does not have, and keep what it has', async () => {
    const file = join(folder(), 'notes.sqlite')
    const older = notes(file)
    await add(older, 'kept')
    await older.close()
    const newer = open(file, [wordsMigration, ...notesMigrations])
    expect(texts(newer)).toEqual(['kept'])
    expect(newer.statement('SELECT * FROM words').all()).toEqual([])
    await newer.close()
  })

  it('are applied in the order of their numbers, however they are listed', async () => {
    const later = { number: 9, name: 'later', sql: 'ALTER TABLE words ADD COLUMN language TEXT' }
    const database = open(':memory:', [later, ...notesMigrations, wordsMigration])
    expect(database.statement('SELECT language FROM words').all()).toEqual([])
    await database.close()
  })

  it('refuse a file from a newer version, and leave it as it is', async () => {
    const file = join(folder(), 'notes.sqlite')
    await open(file, [...notesMigrations, wordsMigration]).close()
    expect(() => open(file, notesMigrations)).toThrow(
      expect.objectContaining({ code: 'database_newer', message: expect.stringContaining('newer version') }),
    )
    await open(file, [...notesMigrations, wordsMigration]).close()
  })

  it('are undone whole where one of their statements fails', async () => {
    const file = join(folder(), 'notes.sqlite')
    const broken = {
      number: 2,
      name: 'broken',
      sql: 'CREATE TABLE words (word TEXT) STRICT; CREATE NONSENSE',
    }
    expect(() => open(file, [...notesMigrations, broken])).toThrow('NONSENSE')
    const mended = open(file, [...notesMigrations, wordsMigration])
    expect(mended.statement('SELECT * FROM words').all()).toEqual([])
    await mended.close()
  })

  it('never share a number', () => {
    expect(() => open(':memory:', [...notesMigrations, ...notesMigrations])).toThrow('same number')
  })
})
