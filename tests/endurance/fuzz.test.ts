import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { complaintAbout, someRequests } from '../api/fuzz.ts'
import { startReal, type RealApplication } from '../api/real-application.ts'

const rounds = 50
const requestsARound = 2_000
const atOnce = 16
/** What is still growing after the first rounds have filled every bounded cache. */
const maxGrowth = 48 * 1024 * 1024
const warmRounds = 10

let real: RealApplication
beforeAll(async () => {
  real = await startReal()
})
afterAll(() => real.stop())

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heap(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

it(
  'answers 100,000 made-up requests as documented, in memory that does not grow',
  { timeout: 7_200_000 },
  async () => {
    const seed = Date.now() % 2 ** 31
    const complaints: string[] = []
    let warm = 0
    for (let round = 0; round < rounds && complaints.length < 20; round += 1) {
      const waiting = someRequests(requestsARound, seed + round)
      const worker = async () => {
        for (let wanted = waiting.pop(); wanted !== undefined; wanted = waiting.pop()) {
          const complaint = await complaintAbout(real, wanted)
          if (complaint === null) continue
          complaints.push(
            `seed ${String(seed + round)}: ${complaint}\n${JSON.stringify(wanted).slice(0, 2_000)}`,
          )
        }
      }
      await Promise.all(Array.from({ length: atOnce }, worker))
      if (round === warmRounds - 1) warm = heap()
    }
    const after = heap()
    console.log({ requests: rounds * requestsARound, complaints: complaints.length, seed, warm, after })
    expect(complaints).toEqual([])
    expect(after - warm).toBeLessThan(maxGrowth)
  },
)
