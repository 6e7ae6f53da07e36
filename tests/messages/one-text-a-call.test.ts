import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { messageMigrations, Messages } from '../../src-main/messages/messages.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import { memorySettings, Fixture, ScriptedMedia, silentLog, until } from './messages-fixture.ts'
import { ScriptedDevices } from './scripted-devices.ts'

let fixture: Fixture | null = null

afterEach(async () => {
  await fixture?.stop()
  fixture = null
})

const numbers = (count: number) =>
  Array.from({ length: count }, (_, index) => String(6_281_230_000_000 + index))

function bytesOf({ database }: Fixture): number {
  const pages = database.statement<{ page_count: number }>('PRAGMA page_count').get()?.page_count ?? 0
  return pages * (database.statement<{ page_size: number }>('PRAGMA page_size').get()?.page_size ?? 0)
}

test('the text of a call to 256 is on the disk once, and every message shows it', async () => {
  fixture = await new Fixture().start()
  fixture.messages.pause()
  const text = '🙏'.repeat(65_000)
  const before = bytesOf(fixture)
  const recipients = numbers(256)
  const { results } = await fixture.send(text, { recipients, queue: true })
  expect(results).toHaveLength(256)
  // The text, WhatsApp's form of it, and 256 rows; it was 68 MB.
  expect(bytesOf(fixture) - before).toBeLessThan(1_000_000)
  expect(fixture.messages.list({ limit: 300 }).every((message) => message.text === text)).toBe(true)
  expect(fixture.messages.get(results[200]?.message?.id ?? '')?.text).toBe(text)
})

test('a search finds every message of a call by its text, before and after it is indexed, and by its own number', async () => {
  fixture = await new Fixture().start()
  await fixture.send('Tagihan bulan Desember', { recipients: numbers(12) })
  const found = (search: string) => fixture?.messages.list({ search, limit: 50 }).length
  expect([found('desember'), found('6281230000005'), found('januari')]).toEqual([12, 1, 0])
  await fixture.messages.indexed()
  expect([found('desember'), found('6281230000005'), found('januari')]).toEqual([12, 1, 0])
})

test('when less is to be kept, no message of a call to many is found by its words any more', async () => {
  fixture = await new Fixture().start()
  await fixture.send('Tagihan rahasia bulan Desember', { recipients: numbers(120) })
  await fixture.send('Kabar rahasia lain', { recipients: numbers(3) })
  await fixture.messages.indexed()
  fixture.settings.set('log.keepTexts', 'no')
  await fixture.messages.sweep()
  expect(fixture.messages.list({ limit: 200 }).every(({ text }) => text === null)).toBe(true)
  expect(
    fixture.database
      .statement(`SELECT rowid FROM messages_search WHERE messages_search MATCH 'rahasia'`)
      .all(),
  ).toEqual([])
  expect(fixture.messages.list({ search: '6281230000002', limit: 5 })).toHaveLength(2)
})

/** The form of the version before: 30 is its last step. */
const before = messageMigrations.filter(({ number }) => number <= 30)

test('a database of the version before keeps its texts, file names, states, index and what waits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-one-text-'))
  const file = join(folder, 'kurir.sqlite')
  const old = openDatabase({ file, migrations: before, log: silentLog })
  const request = old.statement(
    `INSERT INTO requests (number, recipients, device_id, key_id, fingerprint, queue, created_at, told_at, encoded, parameters)
     VALUES (?, ?, 'device-1', 'key-1', ?, 1, ?, ?, ?, '{"sender":"6285500000000"}')`,
  )
  const row = old.statement(
    `INSERT INTO messages (sequence, request, id, device_id, recipient, kind, text, kept, file_name, state, via, key_name,
       created_at, changed_at, story) VALUES (?, ?, ?, 'device-1', ?, ?, ?, ?, ?, ?, 'api', 'till', ?, ?, '')`,
  )
  const at = Date.now()
  await old.write(() => {
    request.run(1, 3, Buffer.from('a'), at, at, null)
    for (let number = 1; number <= 3; number++) {
      row.run(
        number,
        1,
        `A${number}`,
        `628123${number}000000`,
        'text',
        'Tagihan Desember',
        'yes',
        null,
        3,
        at,
        at,
      )
    }
    // The log's retention has taken the first row of this one.
    request.run(4, 2, Buffer.from('b'), at, at, null)
    row.run(5, 4, 'B5', '6281230000005', 'document', 'Nota', 'yes', 'nota.pdf', 2, at, at)
    // A sweep that hides texts was broken off inside of this one.
    request.run(6, 2, Buffer.from('c'), at, at, null)
    row.run(6, 6, 'C6', '6281230000006', 'text', 'Kod…ia', 'masked', null, 2, at, at)
    row.run(7, 6, 'C7', '6281230000007', 'text', 'Kode rahasia', 'yes', null, 2, at, at)
    request.run(8, 1, Buffer.from('d'), at, null, Buffer.from('waits'))
    row.run(8, 8, 'D8', '6281230000008', 'text', 'waits', 'yes', null, 0, at, at)
  })
  await old.close()

  const database = openDatabase({ file, migrations: messageMigrations, log: silentLog })
  const devices = new ScriptedDevices()
  devices.add({ id: 'device-1', lastConnectedAt: at })
  const messages = new Messages({
    database,
    devices,
    media: new ScriptedMedia(),
    settings: memorySettings(),
    log: silentLog,
  })
  try {
    const shown = messages
      .list({ limit: 10 })
      .map(({ sequence, text, fileName, kind, state }) => [sequence, text, fileName, kind, state])
    expect(shown).toEqual([
      [8, 'waits', null, 'text', 'queued'],
      [7, 'Kod…ia', null, 'text', 'sent'],
      [6, 'Kod…ia', null, 'text', 'sent'],
      [5, 'Nota', 'nota.pdf', 'document', 'sent'],
      [3, 'Tagihan Desember', null, 'text', 'delivered'],
      [2, 'Tagihan Desember', null, 'text', 'delivered'],
      [1, 'Tagihan Desember', null, 'text', 'delivered'],
    ])
    await messages.start()
    await until(() => messages.get('D8')?.state === 'sent')
    expect(devices.texts()).toEqual(['waits'])
    await messages.indexed()
    expect(messages.list({ search: 'desember', limit: 10 })).toHaveLength(3)
    const next = await messages.resend('A1')
    expect(next).toMatchObject({ sequence: 9, text: 'Tagihan Desember' })
    expect(
      database.statement('SELECT name FROM sqlite_schema WHERE name LIKE ? ORDER BY name').all('%_text'),
    ).toEqual([])
  } finally {
    await messages.stop()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
