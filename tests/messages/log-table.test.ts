import { afterAll, beforeAll, expect, test } from 'vitest'
import { LogTable } from '../../src-main/messages/store/log-table.ts'
import type { Filter } from '../../src-main/messages/store/log-table.ts'
import { messageMigrations } from '../../src-main/messages/messages.ts'
import type { Message, MessageState } from '../../src-main/messages/message.ts'
import { SearchTable } from '../../src-main/messages/store/search-table.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Database } from '../../src-main/storage/database/database.ts'
import { silentLog } from './messages-fixture.ts'

const rows = 20_000
const index = { available: true, indexed: rows }
let database: Database
let log: LogTable
let all: Message[]

/** Many more than are looked at one by one: devices and keys of all sizes, most rows read, none sent or played. */
beforeAll(async () => {
  database = openDatabase({ file: ':memory:', migrations: messageMigrations, log: silentLog })
  const search = new SearchTable(database)
  await search.create(silentLog)
  await database.write(() => {
    database
      .statement(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
         INSERT INTO messages (sequence, request, id, device_id, recipient, kind, state, via, key_name,
           created_at, changed_at)
         SELECT i, i, 'id' || i, 'device-' || (i % 3 = 0), '628' || i, 'text',
           CASE WHEN i % 5 = 1 AND i % 3 = 1 THEN 6 WHEN i % 4000 = 0 THEN 7 WHEN i = 300 THEN 0 ELSE 3 + (i % 2) END,
           'api', CASE WHEN i < 7000 THEN 'old' WHEN i % 1999 = 0 THEN 'rare' WHEN i % 5 < 4 THEN 'till' END, i, i FROM n`,
      )
      .run()
    database
      .statement(
        `INSERT INTO requests (number, recipients, device_id, fingerprint, queue, created_at, text, kept)
         SELECT sequence, 1, device_id, x'00', 0, created_at,
           CASE WHEN sequence % 3 = 1 THEN 'kopi susu' ELSE 'teh' END
             || CASE WHEN sequence % 9000 = 0 THEN ' langka' ELSE '' END,
           'yes' FROM messages`,
      )
      .run()
    for (const row of search.rowsAbove(0, rows)) search.add(row)
  })
  log = new LogTable(database)
  all = log.page({}, Number.MAX_SAFE_INTEGER, rows, index)
})
afterAll(() => database.close())

const states: (MessageState[] | null)[] = [
  null,
  [],
  ['queued', 'sending'],
  ['sent', 'delivered', 'read', 'played'],
  ['failed', 'expired'],
  ['delivered'],
  ['sent'],
]
const filters: Filter[] = states.flatMap((states) =>
  [null, 'device-0', 'device-1', 'nobody'].flatMap((deviceId) =>
    [null, 'till', 'old', 'rare'].flatMap((keyName) =>
      [null, 'kopi', 'langka', 'nothing'].map((search) => ({ states, deviceId, keyName, search })),
    ),
  ),
)

test('every filter, in all combinations, shows the newest rows that fit, from anywhere in the log', () => {
  for (const filter of filters) {
    const fitting = all.filter((message) => fits(message, filter))
    for (const [before, from, to] of [
      [rows + 1, null, null],
      [rows / 2, null, null],
      [rows, 2_000, 17_500],
    ] as const) {
      const shown = log.page({ ...filter, from, to }, before, 30, index).map(({ sequence }) => sequence)
      const expected = fitting
        .map(({ sequence }) => sequence)
        .filter((sequence) => sequence < Math.min(before, to ?? before) && sequence >= (from ?? 0))
      expect(shown, JSON.stringify({ filter, before, from })).toEqual(expected.slice(0, 30))
    }
  }
})

test.each([
  { deviceId: 'device-0', states: ['queued', 'sending'] },
  { keyName: 'till', states: ['queued', 'sending'] },
  { deviceId: 'device-0', keyName: 'till', states: ['queued', 'sending'] },
] satisfies Filter[])(
  'what few rows fit is told without reading the many of a device or key: %o',
  (filter) => {
    const through = database.statement('SELECT sum(length(recipient)) FROM messages')
    const whole = fastest(() => through.all())
    expect(fastest(() => log.page(filter, Number.MAX_SAFE_INTEGER, 30, index))).toBeLessThan(whole)
  },
)

function fits({ deviceId, keyName, state, text }: Message, filter: Filter): boolean {
  return (
    (filter.deviceId == null || deviceId === filter.deviceId) &&
    (filter.keyName == null || keyName === filter.keyName) &&
    (filter.states == null || filter.states.includes(state)) &&
    (filter.search == null || (text ?? '').includes(filter.search))
  )
}

function fastest(work: () => unknown): number {
  const times = Array.from({ length: 7 }, () => {
    const began = performance.now()
    work()
    return performance.now() - began
  })
  return Math.min(...times)
}
