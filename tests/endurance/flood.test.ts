import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Caller } from '../bench/caller.ts'
import { startChild } from '../bench/child.ts'
import { percentile, rounded } from '../bench/statistics.ts'
import { startProgram, type Program } from '../support/program.ts'

const connections = 32
const calls = 200
/** What a valid caller's 99th percentile may come to, in milliseconds. */
const most = 100

/** Messages of a valid caller, one after the other with pauses as a till makes them: how long each took, in ms. */
async function sell({ ready }: Program, caller: Caller, what: string): Promise<number[]> {
  const took: number[] = []
  for (let index = 0; index < calls; index++) {
    const body = JSON.stringify({
      sender: '6285500000000',
      number: '6285500000500',
      message: `${what} ${index}`,
    })
    const headers = { 'X-API-Key': ready.apiKey ?? '', 'Content-Type': 'application/json' }
    const began = performance.now()
    const { status } = await caller.post('/send-message', headers, body)
    took.push(performance.now() - began)
    expect(status).toBe(200)
    await pause(25)
  }
  return took
}

it(`a program that floods with a wrong key leaves a valid caller answers within ${most} ms`, async () => {
  const program = await startProgram({ args: ['--sandbox'] })
  const port = Number(new URL(program.ready.api).port)
  const caller = new Caller(port)
  await sell(program, caller, 'warm')
  const quiet = await sell(program, caller, 'quiet')
  const file = join(import.meta.dirname, 'processes', 'flooder.ts')
  const { child } = await startChild<null>(file, { port, connections })
  await pause(1_000)
  const began = performance.now()
  const before = await child.ask<number>({})
  const flooded = await sell(program, caller, 'flooded')
  const after = await child.ask<number>({})
  const rate = ((after - before) * 1_000) / (performance.now() - began)
  await child.stop()
  caller.close()
  await program.stop()
  const say = (times: number[]): string =>
    `p50 ${rounded(percentile(times, 50))} ms, p99 ${rounded(percentile(times, 99))} ms`
  console.log(`quiet: ${say(quiet)}; flooded with ${Math.round(rate)} requests/s: ${say(flooded)}`)
  expect(rate).toBeGreaterThan(1_000)
  expect(percentile(flooded, 99)).toBeLessThan(most)
})
