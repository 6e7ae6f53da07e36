import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../harness/program.ts'
import { bystander, fuzzStanzas, startFuzzedProgram, victim } from '../reliability/inbound-fuzz.ts'
import type { FuzzedProgram } from '../reliability/inbound-fuzz.ts'

let fuzzed: FuzzedProgram
beforeAll(async () => {
  fuzzed = await startFuzzedProgram()
})
afterAll(() => fuzzed.stop())

it('20,000 made-up stanzas and message contents end neither the program nor the other device', async () => {
  for (let round = 0; round < 20; round++) {
    const seed = (Date.now() + round) % 2 ** 31
    console.log({ seed })
    await fuzzStanzas(fuzzed, seed, 1_000)
    expect(fuzzed.sandbox.isConnected(bystander)).toBe(true)
    expect(JSON.parse(await fuzzed.send(bystander))).toMatchObject({ status: true })
  }
  await eventually(() => fuzzed.sandbox.isConnected(victim), 120_000)
})
