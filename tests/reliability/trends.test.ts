import { expect, it } from 'vitest'
import type { CallerOutcome } from './caller.ts'
import type { Observed } from './observer.ts'
import { trendsOf, type Trend } from './trends.ts'

const second = 1_000
const span = { from: 600 * second, to: 3_600 * second, windows: 30 }

/** An hour of a program whose heap swings by 40 MB between collections, and gains so many MB an hour. */
function seen(gains: number): Observed {
  const seconds = Array.from({ length: 3_600 }, (_, index) => index)
  const swing = (at: number): number => ((at * 7) % 40) * 1e6
  const left = (at: number): number => 60e6 + (at / 3_600) * gains * 1e6
  return {
    samples: seconds.map((at) => ({
      at: at * second,
      rss: 300e6 + swing(at),
      heap: left(at) + swing(at),
      external: 0,
      // Not in every window, and never quite the same.
      ...(at % 100 === 0 ? { collected: left(at) + ((at * 13) % 3) * 1e6 } : {}),
      timers: 20 + (at % 5),
      sockets: 20,
    })),
    descriptors: seconds.map((at) => ({ at: at * second, value: 50 + ((at * 13) % 7) })),
    wal: seconds.map((at) => ({ at: at * second, value: (at % 300) * 1e4 })),
  }
}

function rising(trends: Trend[]): string[] {
  return trends.filter(({ rises }) => rises).map(({ name }) => name)
}

it('sees a heap that gains 20 MB an hour, below a swing of twice that', () => {
  const trends = trendsOf(seen(20), [], span)
  expect(rising(trends)).toEqual(['heap'])
  expect(trends.find(({ name }) => name === 'heap')?.perHour).toBeCloseTo(20, 0)
})

it('says how many windows a figure was seen in: of none, nothing is known', () => {
  const { samples, ...rest } = seen(20)
  const uncollected = samples.filter(({ collected }) => collected === undefined)
  const heap = trendsOf({ samples: uncollected, ...rest }, [], span).find(({ name }) => name === 'heap')
  expect(heap).toMatchObject({ windows: 0, rises: false })
})

it('takes swings for no growth, nor what is negligible', () => {
  expect(rising(trendsOf(seen(0), [], span))).toEqual([])
  expect(rising(trendsOf(seen(4), [], span))).toEqual([])
})

it('sees answers that become slower, and leaves the warm-up out', () => {
  const call = (at: number, tookMs: number): CallerOutcome => {
    return { text: '', number: '', answers: [], attempts: 1, askedAt: at * second, tookMs }
  }
  const times = (of: (at: number) => number): CallerOutcome[] =>
    Array.from({ length: 3_600 }, (_, at) => call(at, of(at) + (at % 10)))
  expect(
    rising(
      trendsOf(
        seen(0),
        times((at) => 20 + at / 60),
        span,
      ),
    ),
  ).toEqual(['p50', 'p99'])
  expect(
    rising(
      trendsOf(
        seen(0),
        times((at) => (at < 600 ? 1 : 60)),
        span,
      ),
    ),
  ).toEqual([])
})
