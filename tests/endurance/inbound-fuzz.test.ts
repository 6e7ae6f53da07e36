import { afterAll, beforeAll, expect, it } from 'vitest'
import { pairedDevice, sendText, startFixture } from '../devices/devices-fixture.ts'
import { eventually } from '../support/program.ts'
import {
  bystander,
  fuzzFrames,
  fuzzStanzas,
  startFuzzedProgram,
  victim,
} from '../reliability/inbound-fuzz.ts'
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

it('5,000 damaged frames end nothing but the connection that they came on', async () => {
  const fixture = await startFixture()
  const { id } = await pairedDevice(fixture, victim)
  const other = await pairedDevice(fixture, bystander)
  for (let round = 0; round < 10; round++) {
    const seed = (Date.now() + round) % 2 ** 31
    console.log({ seed })
    await fuzzFrames(fixture, { id, number: victim }, seed, 500)
    const { outcome } = await sendText(
      fixture.devices,
      other.id,
      '6281234567890@s.whatsapp.net',
      'still here',
    )
    expect(outcome.result).toBe('acknowledged')
  }
  expect(fixture.devices.history(other.id, { limit: 100 }).map(({ reason }) => reason)).toEqual([null])
  await fixture.stop()
})
