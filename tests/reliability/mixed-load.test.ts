import { expect, test } from 'vitest'
import { mixedLoad } from './mixed-load.ts'

test('a minute of mixed load over 20 devices: the three ledgers agree, and nothing is left behind', async () => {
  const result = await mixedLoad({
    seconds: 40,
    warmUpSeconds: 10,
    devices: 20,
    perSecond: 12,
    faultEverySeconds: 1.5,
    restartEverySeconds: 12,
    windows: 6,
  })
  console.log(JSON.stringify(result, null, 1))
  const nobody: string[] = []
  expect(result.disagreements).toEqual({
    lost: nobody,
    twice: nobody,
    neverTold: nobody,
    rowsThatDisagree: nobody,
    refusedAndReceived: nobody,
  })
  expect(result.devicesAway).toBe(0)
  expect(result.reports).toEqual([])
  expect(result.answered).toBeGreaterThan(100)
  expect(result.restarts).toBeGreaterThanOrEqual(1)
  const { before, after } = result.atRest
  // A connection or a timer that stays behind at each of the many reconnects would be dozens.
  expect(after.sockets - before.sockets).toBeLessThan(15)
  expect(after.timers - before.timers).toBeLessThan(15)
}, 240_000)
