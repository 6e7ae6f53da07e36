import { expect, test } from 'vitest'
import { mixedLoad } from '../reliability/mixed-load.ts'

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
  console.log(JSON.stringify(result))
  console.table(
    result.trends.map(({ interval: [low, high], ...trend }) => ({ ...trend, low, high })),
    ['name', 'unit', 'mean', 'perHour', 'low', 'high', 'negligible', 'rises'],
  )
  expect(result.disagreements).toEqual({
    lost: nobody,
    twice: nobody,
    neverTold: nobody,
    rowsThatDisagree: nobody,
    refusedAndReceived: nobody,
  })
  expect(result.devicesAway).toBe(0)
  expect(result.reports).toEqual([])
  expect(result.trends.filter(({ rises }) => rises)).toEqual([])
})
