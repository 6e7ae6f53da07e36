import { afterEach, expect, test } from 'vitest'
import { fillLog } from '../bench/rows.ts'
import { SearchTable } from '../../src-main/messages/search-table.ts'
import { device, Rig } from './rig.ts'

const rows = 25_000

let rig: Rig
afterEach(() => rig.stop())

/** The parts that a search has to look through. */
function parts(): number {
  const row = rig.database
    .statement<{ parts: number }>('SELECT count(DISTINCT segid) AS parts FROM messages_search_idx')
    .get()
  return row?.parts ?? 0
}

test(
  'a long index is merged into one part, bit by bit, and finds what it found',
  { timeout: 60_000 },
  async () => {
    rig = new Rig()
    await fillLog(rig.database, [device], rows)
    await rig.restart()
    const search = (words: string): number[] =>
      rig.messages.list({ search: words, limit: 50 }).map(({ sequence }) => sequence)
    const before = [search('INV-777'), search('Budi'), search('Budi Rendang')]
    expect(parts()).toBeGreaterThan(1)
    await rig.messages.indexed()
    expect(parts()).toBe(1)
    expect([search('INV-777'), search('Budi'), search('Budi Rendang')]).toEqual(before)
    expect(before[0]).toContain(777)

    // A little more is not worth writing all of it again.
    await rig.send('struk')
    await rig.messages.indexed()
    expect(parts()).toBeGreaterThan(1)
    expect(search('struk')).toHaveLength(1)
  },
)

test(
  'rows that come while the index is merged do not make the merge begin anew',
  { timeout: 60_000 },
  async () => {
    rig = new Rig()
    await fillLog(rig.database, [device], rows)
    const table = new SearchTable(rig.database)
    const merge = (step: number): Promise<boolean> =>
      rig.database.write(() => {
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
  rig = await new Rig().start()
  await rig.send('struk')
  rig.pass(10_000 * 24 * 3_600_000)
  await Promise.all([rig.messages.indexed(), rig.messages.sweep()])
  expect(rig.messages.range()).toBeNull()
  expect(rig.database.statement('SELECT rowid FROM messages_search').all()).toEqual([])
})
