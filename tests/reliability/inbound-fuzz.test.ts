import { afterAll, beforeAll, expect, it } from 'vitest'
import { undecodable } from '../devices/undecodable-frames.ts'
import { eventually } from '../support/program.ts'
import { bystander, fuzzStanzas, startFuzzedProgram, victim } from './inbound-fuzz.ts'
import type { FuzzedProgram } from './inbound-fuzz.ts'

let fuzzed: FuzzedProgram
beforeAll(async () => {
  fuzzed = await startFuzzedProgram()
})
afterAll(() => fuzzed.stop())

it('a frame that nobody can read ends neither the program nor the other device', async () => {
  const { sandbox, program } = fuzzed
  // A fifth in a row would make it pause for a quarter of an hour.
  for (const { plain, raw } of undecodable.filter((_, index) => [0, 4, 7, 8].includes(index))) {
    await eventually(() => sandbox.isConnected(victim))
    if (plain !== undefined) sandbox.sendPlain(victim, plain())
    if (raw !== undefined) sandbox.sendRaw(victim, raw())
    await eventually(() => !sandbox.isConnected(victim))
    expect(sandbox.isConnected(bystander)).toBe(true)
  }
  await eventually(() => sandbox.isConnected(victim))
  expect(program.process.exitCode).toBeNull()
  expect(JSON.parse(await fuzzed.send(bystander))).toMatchObject({ status: true })
  expect(JSON.parse(await fuzzed.send(victim))).toMatchObject({ status: true })
}, 120_000)

it('300 made-up stanzas and message contents end neither the program nor the other device', async () => {
  const seed = Date.now() % 2 ** 31
  console.log({ seed })
  const { sandbox } = fuzzed
  await fuzzStanzas(fuzzed, seed, 300)
  await eventually(() => sandbox.isConnected(victim), 120_000)
  expect(sandbox.isConnected(bystander)).toBe(true)
  expect(JSON.parse(await fuzzed.send(bystander))).toMatchObject({ status: true })
}, 240_000)
