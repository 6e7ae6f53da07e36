import { afterAll, beforeAll, expect, it } from 'vitest'
import { complaintAbout, someRequests } from './fuzz.ts'
import { startReal, type RealApplication } from './real-application.ts'

const atOnce = 16

let real: RealApplication
beforeAll(async () => {
  real = await startReal()
})
afterAll(() => real.stop())

it('answers 2,000 made-up requests as documented, whatever is in them', { timeout: 180_000 }, async () => {
  // The same ones each time; the endurance run makes up others.
  const seed = 650_757_053
  const waiting = someRequests(2_000, seed)
  const complaints: string[] = []
  const worker = async () => {
    for (let wanted = waiting.pop(); wanted !== undefined; wanted = waiting.pop()) {
      const complaint = await complaintAbout(real, wanted)
      if (complaint !== null)
        complaints.push(`seed ${String(seed)}: ${complaint}\n${JSON.stringify(wanted).slice(0, 2_000)}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  expect(complaints).toEqual([])
  expect((await fetch(`${real.url}/health`)).status).toBe(200)
})
