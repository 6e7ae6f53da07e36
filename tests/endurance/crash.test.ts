import { expect, test } from 'vitest'
import { crashRun } from '../reliability/crash-run.ts'

const allAgree = { lost: [], twice: [], neverTold: [], rowsThatDisagree: [] }

test('200 kills over 2,000 messages: nothing lost, nothing under two ids, no row that disagrees', async () => {
  const result = await crashRun({ messages: 2_000, kills: 200, callers: 12, faults: [], receipts: false })
  console.log(JSON.stringify(result))
  expect(result.disagreements).toEqual(allAgree)
  expect(result.kills).toBeGreaterThanOrEqual(200)
})

test('the same with lines dropped, silence, refused acknowledgements and stream errors between', async () => {
  const result = await crashRun({
    messages: 500,
    kills: 40,
    callers: 12,
    faults: ['drop', 'silence', 'ack-error', 'close'],
    receipts: true,
  })
  console.log(JSON.stringify(result))
  expect(result.disagreements).toEqual(allAgree)
})
