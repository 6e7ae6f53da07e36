import { expect, test } from 'vitest'
import { crashRun } from './crash-run.ts'

test('ten kills amid sends: nothing lost, nothing under two ids, no row that disagrees', async () => {
  const result = await crashRun({ messages: 150, kills: 10, callers: 6, faults: ['drop'], receipts: false })
  console.log(JSON.stringify(result))
  expect(result.disagreements).toEqual({ lost: [], twice: [], neverTold: [], rowsThatDisagree: [] })
  expect(result.kills).toBe(10)
  expect(result.answered).toBeGreaterThanOrEqual(150)
  // Messages whose acknowledgement was cut off did go out again, and were shown once.
  expect(result.repeatedReceptions).toBeGreaterThan(0)
}, 180_000)
