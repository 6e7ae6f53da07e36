import { afterEach, expect, test } from 'vitest'
import { fillLog } from '../bench/rows.ts'
import { SearchTable } from '../../src-main/messages/store/search-table.ts'
import { device, Fixture } from './messages-fixture.ts'

const rows = 25_000

let fixture: Fixture
afterEach(() => fixture.stop())

/** The parts that a search has to look through. */
function parts(): number {
  const row = fixture.database
    .statement<{ parts: number }>('SELECT count(DISTINCT segid) AS parts FROM messages_search_idx')
    .get()
  return row?.parts ?? 0
}

test(
  'a long index is merged into one part, bit by bit, and finds what it found',
  { timeout: 60_000 },
  async () => {
    fixture = new Fixture()
    await fillLog(fixture.database, [device], rows)
    await fixture.restart()
    const search = (words: string): number[] =>
      fixture.messages.list({ search: words, limit: 50 }).map(({ sequence }) => sequence)
    const before = [search('INV-777'), search('Budi'), search('Budi Rendang')]
    expect(parts()).toBeGreaterThan(1)
    await fixture.messages.indexed()
    expect(parts()).toBe(1)
    expect([search('INV-777'), search('Budi'), search('Budi Rendang')]).toEqual(before)
    expect(before[0]).toContain(777)

    // A little more is not worth writing all of it again.
    await fixture.send('struk')
    await fixture.messages.indexed()
    expect(parts()).toBeGreaterThan(1)
    expect(search('struk')).toHaveLength(1)
  },
)

test(
  'rows that come while the index is merged do not make the merge begin anew',
  { timeout: 60_000 },
  async () => {
    fixture = new Fixture()
    await fillLog(fixture.database, [device], rows)
    const table = new SearchTable(fixture.database)
    const merge = (step: number): Promise<boolean> =>
      fixture.database.write(() => {
        const row = { sequence: rows + step, recipient: '6281234567890', text: 'struk', fileName: null }
        if (step % 20 === 0) table.add(row)
        return table.merge(step === 1)
      })
    let steps = 1
    while (steps < 2_000 && (await merge(steps))) steps++
    expect(steps).toBeLessThan(2_000)
  },
)

test('what is removed while it is being indexed is not left in the index', async () => {
  fixture = await new Fixture().start()
  await fixture.send('struk')
  fixture.pass(10_000 * 24 * 3_600_000)
  await Promise.all([fixture.messages.indexed(), fixture.messages.sweep()])
  expect(fixture.messages.range()).toBeNull()
  expect(fixture.database.statement('SELECT rowid FROM messages_search').all()).toEqual([])
})
