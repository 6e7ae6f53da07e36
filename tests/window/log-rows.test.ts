import { describe, expect, test } from 'vitest'
import type { Message } from '../../src-preload/contract.ts'
import { requestSchemas } from '../../src-main/ipc/schemas.ts'
import { anything, filterFor } from '../../src-renderer/pages/log/filter.ts'
import { LogRows, type LogSource } from '../../src-renderer/pages/log/rows/log-rows.ts'
import {
  segmentAt,
  segmentsBetween,
  segmentSize,
  startsOf,
} from '../../src-renderer/pages/log/rows/segments.ts'

const whole = filterFor(anything)

function message(sequence: number, changes: Partial<Message> = {}): Message {
  return {
    id: `m${sequence}`,
    sequence,
    requestId: 'r',
    deviceId: 'd',
    recipient: '62',
    kind: 'text',
    text: '',
    fileName: null,
    state: 'sent',
    failure: null,
    progress: null,
    via: 'api',
    keyName: null,
    createdAt: sequence,
    changedAt: sequence,
    ...changes,
  }
}

/** Answers as the log that it was last made. */
function changing(first: LogSource): LogSource & { become: (next: LogSource) => void } {
  let now = first
  return {
    list: (request) => now.list(request),
    range: () => now.range(),
    become: (next) => {
      now = next
    },
  }
}

const unanswered: LogSource = {
  list: () => Promise.reject(new Error('no')),
  range: () => Promise.reject(new Error('no')),
}

/** A log of these sequences, which notes what it was asked. */
function sourceOf(sequences: number[]): LogSource & { asked: (number | null)[] } {
  const newestFirst = sequences.toSorted((one, other) => other - one)
  const asked: (number | null)[] = []
  return {
    asked,
    list: async ({ before, limit }) => {
      asked.push(before)
      return newestFirst
        .filter((sequence) => before === null || sequence < before)
        .slice(0, limit)
        .map((sequence) => message(sequence))
    },
    range: async () => {
      const [newest] = newestFirst
      const oldest = newestFirst.at(-1)
      return newest === undefined || oldest === undefined ? null : { newest, oldest }
    },
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const settle = () => new Promise<void>((done) => setTimeout(done, 5))

async function rowsOf(source: LogSource, filter = whole): Promise<LogRows> {
  const rows = new LogRows(filter, source, () => undefined)
  await settle()
  return rows
}

describe('segments', () => {
  test('cover every sequence once', () => {
    const segments = segmentsBetween(1_050, 3)
    expect(startsOf(segments).at(-1)).toBe(1_048)
    expect(segments[0]).toEqual({ before: 1_051, after: 950, count: 100 })
    expect(segments.at(-1)?.after).toBe(2)
  })

  test('are found by row', () => {
    const starts = startsOf(segmentsBetween(250, 1))
    expect([0, 99, 100, 249, 250, -1].map((row) => segmentAt(starts, row))).toEqual([0, 0, 1, 2, -1, -1])
  })
})

describe('the rows of the log', () => {
  test('are as many as there are sequences, before they are loaded', async () => {
    const rows = await rowsOf(sourceOf(range(1, 1_000_000)))
    expect(rows.count).toBe(1_000_000)
    expect(rows.at(0)?.sequence).toBe(1_000_000)
    expect(rows.at(500_000)).toBeNull()
  })

  test('are loaded where they are looked at, and only there', async () => {
    const source = sourceOf(range(1, 1_000_000))
    const rows = await rowsOf(source)
    rows.ensure(999_980, 999_999)
    await settle()
    expect(rows.at(999_999)?.sequence).toBe(1)
    expect(source.asked).toHaveLength(2)
  })

  test('are forgotten far away, and loaded again when looked at again', async () => {
    const source = sourceOf(range(1, 100_000))
    const rows = await rowsOf(source)
    for (let row = 0; row < 100_000; row += 2_000) {
      rows.ensure(row, row + 20)
      await settle()
    }
    expect(rows.at(0)).toBeNull()
    rows.ensure(0, 20)
    await settle()
    expect(rows.at(0)?.sequence).toBe(100_000)
  })

  test('close up where sequences are missing', async () => {
    const rows = await rowsOf(sourceOf([...range(1, 120), ...range(181, 300)]))
    rows.ensure(0, 300)
    await settle()
    rows.ensure(0, 300)
    await settle()
    expect(rows.count).toBe(240)
    expect(rows.at(120)?.sequence).toBe(120)
  })

  test('come in at the top without moving what is below', async () => {
    const rows = await rowsOf(sourceOf(range(1, 500)))
    const third = rows.at(2)
    rows.apply(
      new Map([
        [`m501`, message(501)],
        ['m502', message(502)],
      ]),
    )
    expect(rows.prepended).toBe(2)
    expect(rows.at(0)?.sequence).toBe(502)
    expect(rows.at(4)).toBe(third)
  })

  test('move on where they are', async () => {
    const rows = await rowsOf(sourceOf(range(1, 500)))
    rows.apply(new Map([['m499', message(499, { state: 'read' })]]))
    expect(rows.at(1)?.state).toBe('read')
    expect(rows.prepended).toBe(0)
  })

  test('of a filter go on below as they are scrolled', async () => {
    const filter = { ...whole, deviceId: 'd' }
    const rows = await rowsOf(sourceOf(range(1, 250)), filter)
    expect(rows.count).toBe(100)
    rows.ensure(80, 99)
    await settle()
    rows.ensure(180, 199)
    await settle()
    expect(rows.count).toBe(250)
    expect(rows.at(249)?.sequence).toBe(1)
  })

  test('of a filter let in only what fits it', async () => {
    const rows = await rowsOf(sourceOf(range(1, 5)), { ...whole, states: ['failed'] })
    rows.apply(
      new Map([
        ['m6', message(6)],
        ['m7', message(7, { state: 'failed' })],
      ]),
    )
    expect(rows.at(0)?.sequence).toBe(7)
    expect(rows.prepended).toBe(1)
  })

  test('of a filter take in at its place what fits it late', async () => {
    const rows = await rowsOf(sourceOf([2, 4, 6]), { ...whole, states: ['failed'] })
    rows.apply(
      new Map([
        ['m3', message(3, { state: 'failed' })],
        ['m5', message(5)],
        ['m1', message(1, { state: 'failed' })],
      ]),
    )
    expect(range(0, 5).map((row) => rows.at(row)?.sequence)).toEqual([6, 4, 3, 2, 1, undefined])
    expect(rows.count).toBe(5)
    expect(rows.prepended).toBe(0)
    rows.apply(new Map([['m3', message(3, { state: 'failed' })]]))
    expect(rows.count).toBe(5)
  })

  test('of a filter take in what fits it late between what was loaded piece by piece', async () => {
    const even = range(1, 125).map((half) => half * 2)
    const rows = await rowsOf(sourceOf(even), { ...whole, deviceId: 'd' })
    rows.ensure(80, 99)
    await settle()
    expect(rows.count).toBe(125)
    // The last of the first hundred is 52.
    rows.apply(new Map([['m51', message(51)]]))
    expect(rows.count).toBe(126)
    expect([99, 100, 101].map((row) => rows.at(row)?.sequence)).toEqual([52, 51, 50])
  })

  test('that came hundreds at once are all there again after they were forgotten', async () => {
    const before = sourceOf(range(1, 5_000))
    const after = sourceOf(range(1, 5_500))
    let grown = false
    const rows = await rowsOf({ ...before, list: (request) => (grown ? after : before).list(request) })
    grown = true
    rows.apply(new Map(range(5_001, 5_500).map((sequence) => [`m${sequence}`, message(sequence)])))
    for (let row = 600; row < 5_400; row += 100) {
      rows.ensure(row, row + 20)
      await settle()
    }
    expect(rows.at(0)).toBeNull()
    for (let turn = 0; turn < 3; turn += 1) {
      rows.ensure(0, 499)
      await settle()
    }
    expect(rows.count).toBe(5_500)
    expect(range(0, 499).map((row) => rows.at(row)?.sequence)).toEqual(range(5_001, 5_500).toReversed())
  })

  test('of a search are all there when hundreds of them come at once', async () => {
    const source = changing(sourceOf(range(1, 50)))
    const rows = await rowsOf(source, { ...whole, search: 'promo' })
    source.become(sourceOf(range(1, 550)))
    rows.apply(new Map(range(51, 550).map((sequence) => [`m${sequence}`, message(sequence)])))
    // They are asked for once a moment.
    await expect.poll(() => rows.count).toBe(550)
    expect(range(0, 549).map((row) => rows.at(row)?.sequence)).toEqual(range(1, 550).toReversed())
  })

  test('of a search that found nothing come a page at a time, however many it finds then', async () => {
    const source = changing(sourceOf([]))
    const rows = await rowsOf(source, { ...whole, search: 'promo' })
    expect(rows.count).toBe(0)
    source.become(sourceOf(range(1, 5_000)))
    rows.apply(new Map([['m5000', message(5_000)]]))
    await expect.poll(() => rows.count).toBe(segmentSize)
    rows.ensure(80, 99)
    await expect.poll(() => rows.count).toBe(2 * segmentSize)
  })

  test('of a search take in at its place what fits it late', async () => {
    const before = sourceOf([2, 6])
    const after = sourceOf([2, 4, 6])
    let failed = false
    const source = {
      ...before,
      list: (request) => (failed ? after : before).list(request),
    } satisfies LogSource
    const rows = await rowsOf(source, { ...whole, search: 'promo', states: ['sent'] })
    failed = true
    rows.apply(new Map([['m4', message(4)]]))
    await expect.poll(() => rows.count).toBe(3)
    expect(range(0, 3).map((row) => rows.at(row)?.sequence)).toEqual([6, 4, 2, undefined])
  })

  test('come once, however often another try was pressed', async () => {
    const source = changing(unanswered)
    const rows = await rowsOf(source)
    source.become(sourceOf(range(1, 5)))
    rows.retry()
    rows.retry()
    await settle()
    expect(rows.count).toBe(5)
  })

  test('say when they cannot be had, and come after another try', async () => {
    const source = changing(unanswered)
    const rows = await rowsOf(source)
    expect(rows.state).toBe('failed')
    source.become(sourceOf(range(1, 5)))
    rows.retry()
    await settle()
    expect(rows.count).toBe(5)
  })
})

test('a year that is still being typed is asked for as any other', () => {
  for (const year of ['0002', '0020', '0202', '1969']) {
    const filter = filterFor({ ...anything, time: 'range', fromDay: `${year}-11-22`, toDay: `${year}-11-23` })
    const request = { filter, before: null, limit: segmentSize }
    expect(requestSchemas['messages.list'].safeParse(request)).toMatchObject({ success: true })
  }
})
