import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import type { Database } from '../../src-main/storage/database/database.ts'
import { folder, notes, texts } from './support.ts'

const note = (database: Database, text: string): void =>
  void database.statement('INSERT INTO notes (text) VALUES (?)').run(text)

it('a change that nobody waits for is committed with the next that somebody waits for', async () => {
  const file = join(folder(), 'notes.sqlite')
  const database = notes(file)
  const order: string[] = []
  const along = database.writeDeferred(() => note(database, 'along')).then(() => order.push('along'))
  await database.write(() => note(database, 'now')).then(() => order.push('now'))
  await along
  expect(order).toEqual(['along', 'now'])
})

it('a change that nobody waits for is committed by itself before long', async () => {
  const file = join(folder(), 'notes.sqlite')
  const database = notes(file)
  const elsewhere = new DatabaseSync(file, { readOnly: true })
  const along = database.writeDeferred(() => note(database, 'along'))
  expect(texts(database)).toEqual(['along'])
  await along
  expect(elsewhere.prepare('SELECT count(*) AS rows FROM notes').get()).toMatchObject({ rows: 1 })
  elsewhere.close()
})

it('a change that nobody waits for is kept when the database is closed', async () => {
  const file = join(folder(), 'notes.sqlite')
  const database = notes(file)
  void database.writeDeferred(() => note(database, 'along'))
  await database.close()
  await expect(database.writeDeferred(() => note(database, 'late'))).rejects.toMatchObject({
    code: 'shutting_down',
  })
  expect(texts(notes(file))).toEqual(['along'])
})
