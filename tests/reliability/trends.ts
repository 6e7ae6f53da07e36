import { fitLine } from './least-squares.ts'
import { median, percentile, rounded } from '../bench/statistics.ts'
import type { CallerOutcome } from './caller.ts'
import type { Observed, Point } from './observer.ts'

/** How one figure went over a run, in its unit per hour. */
export interface Trend {
  name: string
  unit: string
  mean: number
  /** Of the windows in which it was seen, the first one's and the last one's value. */
  first: number
  last: number
  windows: number
  perHour: number
  /** The 95 % confidence interval of that. */
  interval: [low: number, high: number]
  /** A slope below it is none, however sure it is. */
  negligible: number
  /** Whether it surely rises, by more than is negligible. */
  rises: boolean
}

/** The part of a run that is judged, in milliseconds since the epoch, and how many points it gives. */
export interface Span {
  from: number
  to: number
  windows: number
}

interface Figure {
  name: string
  unit: string
  points: Point[]
  /** What stands for the values of one window. */
  of: (values: number[]) => number
  negligible: number
  /** Up to this level a rise is none. */
  allowed?: number
}

const million = 1e6
/**
 * The heap is taken as V8's own collections leave it: what the next one would find is no growth. The rest is
 * taken in the middle of each window, but for the times of answers (p99), and the log on disk (highest), whose file keeps
 * the size of its busiest moment: storage/database/open-connection.ts lets it have 40 MiB.
 */
export function trendsOf(seen: Observed, outcome: readonly CallerOutcome[], span: Span): Trend[] {
  const { samples } = seen
  const collections = samples.flatMap(({ at, collected: value }) =>
    value === undefined ? [] : [{ at, value }],
  )
  const figures: Figure[] = [
    { name: 'RSS', unit: 'MB', points: sampled(({ rss }) => rss / million), of: median, negligible: 16 },
    { name: 'heap', unit: 'MB', points: inMillions(collections), of: lowest, negligible: 8 },
    { name: 'timers', unit: '', points: sampled(({ timers }) => timers), of: median, negligible: 3 },
    { name: 'sockets', unit: '', points: sampled(({ sockets }) => sockets), of: median, negligible: 3 },
    { name: 'descriptors', unit: '', points: seen.descriptors, of: median, negligible: 3 },
    { name: 'WAL', unit: 'MB', points: inMillions(seen.wal), of: highest, negligible: 1, allowed: 42 },
    { name: 'p50', unit: 'ms', points: timesOf(outcome), of: median, negligible: 3 },
    {
      name: 'p99',
      unit: 'ms',
      points: timesOf(outcome),
      of: (values) => percentile(values, 99),
      negligible: 15,
    },
  ]
  return figures.map((figure) => trendOf(figure, span))

  function sampled(value: (sample: (typeof samples)[number]) => number): Point[] {
    return samples.map((sample) => ({ at: sample.at, value: value(sample) }))
  }
}

const hour = 3_600_000

function trendOf(
  { name, unit, points, of, negligible, allowed = 0 }: Figure,
  { from, to, windows }: Span,
): Trend {
  const width = (to - from) / windows
  const within = points.filter(({ at }) => at >= from && at < to)
  const byWindow = Map.groupBy(within, ({ at }) => Math.floor((at - from) / width))
  const summed = Array.from(byWindow, ([window, inside]) => ({
    x: ((window + 0.5) * width) / hour,
    y: of(inside.map(({ value }) => value)),
  })).toSorted((one, other) => one.x - other.x)
  const { slope, low, high, mean } = fitLine(summed)
  return {
    name,
    unit,
    mean: rounded(mean),
    first: rounded(summed[0]?.y ?? Number.NaN),
    last: rounded(summed.at(-1)?.y ?? Number.NaN),
    windows: summed.length,
    perHour: rounded(slope),
    interval: [rounded(low), rounded(high)],
    negligible,
    rises: low > 0 && slope > negligible && mean > allowed,
  }
}

function inMillions(points: Point[]): Point[] {
  return points.map(({ at, value }) => ({ at, value: value / million }))
}

function timesOf(outcome: readonly CallerOutcome[]): Point[] {
  return outcome.map(({ askedAt, tookMs }) => ({ at: askedAt, value: tookMs }))
}

function lowest(values: number[]): number {
  return Math.min(...values)
}

function highest(values: number[]): number {
  return Math.max(...values)
}
