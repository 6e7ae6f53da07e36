import { expect, test } from 'vitest'
import { mixedLoad, type MixedLoadResult } from '../reliability/mixed-load.ts'

const minutes = Number(process.env['KURIR_LOAD_MINUTES'] ?? 60)
const seconds = minutes * 60
const warmUpSeconds = seconds / 4
const nobody: string[] = []

test(`${minutes} minutes of mixed load over 20 devices: the ledgers agree, and nothing rises`, async () => {
  const result = await mixedLoad({
    seconds,
    warmUpSeconds,
    devices: 20,
    perSecond: 20,
    faultEverySeconds: 6,
    restartEverySeconds: 120,
    windows: Math.min(30, Math.max(8, Math.round((seconds - warmUpSeconds) / 30))),
  })
  print(result)
  expect(result.disagreements).toEqual({
    lost: nobody,
    twice: nobody,
    neverTold: nobody,
    rowsThatDisagree: nobody,
    refusedAndReceived: nobody,
  })
  expect(result.devicesAway).toBe(0)
  expect(result.reports).toEqual([])
  // What was seen in a few windows only has no slope that anything could be said of.
  const judged = result.trends.filter(({ name }) => isJudged(name))
  expect(judged.filter((trend) => trend.windows < 5)).toEqual([])
  expect(judged.filter(({ rises }) => rises)).toEqual([])
})

/**
 * Descriptors are seen on Linux alone. In less than three quarters of an hour the warm-up does not fill what
 * remembers contacts, so that memory rightly grows.
 */
function isJudged(name: string): boolean {
  if (name === 'descriptors') return process.platform === 'linux'
  return (name !== 'heap' && name !== 'RSS') || minutes >= 45
}

/** Everything that docs/reliability.md has a place for, in its form. */
function print(result: MixedLoadResult): void {
  const { disagreements, trends, atRest, ...rest } = result
  const counts = Object.entries(disagreements).map(([name, found]) => [name, found.length] as const)
  const whole = { minutes, ...rest, ...Object.fromEntries(counts) }
  const lines = Object.entries(whole).map(([name, value]) => `| ${name} | ${JSON.stringify(value)} |`)
  const slopes = trends.map(
    ({ name, unit, mean, first, last, windows, perHour, interval, negligible, rises }) =>
      `| ${name} ${unit} | ${mean} | ${first} | ${last} | ${windows} | ${perHour} | ` +
      `${interval.join(' … ')} | ${negligible} | ${rises ? 'yes' : 'no'} |`,
  )
  const found = Object.values(disagreements).flat()
  console.log(
    [
      '',
      ...lines,
      '',
      '| | mean | first | last | windows | slope an hour | 95 % interval | negligible | rises |',
    ]
      .concat(slopes, '', `at rest, before: ${JSON.stringify(atRest.before)}`)
      .concat(`at rest, after: ${JSON.stringify(atRest.after)}`, found)
      .join('\n'),
  )
}
