import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Program } from '../support/program.ts'
import { fuzzFiles, sendsWholeFile, startForFuzzing } from './file-fuzz.ts'
import { expectUndisturbed } from './expect-undisturbed.ts'
import { fuzzMediaServer } from './media-server-fuzz.ts'
import { fuzzRequests } from './request-fuzz.ts'

// The short forms; tests/endurance/outside-fuzz.test.ts has the long ones.

let program: Program
beforeAll(async () => {
  program = await startForFuzzing()
}, 60_000)
afterAll(() => program.stop())

const seed = 20_261_130
it('20 mutated files of each kind are taken or refused in words', { timeout: 180_000 }, async () => {
  const result = await fuzzFiles(program, seed, 20)
  expectUndisturbed(program, result)
  // Were all refused at the door, nothing would have been looked into.
  expect(result.codes['sent']).toBeGreaterThan(5)
  expect(result.codes['media_unreadable']).toBeGreaterThan(5)
  expect(await sendsWholeFile(program, 'pdf')).toBe(true)
})

it(
  '150 answers of a file server that make no sense become a file or a reason',
  { timeout: 180_000 },
  async () => {
    const result = await fuzzMediaServer(program, seed, 150)
    expectUndisturbed(program, result)
    expect(result.codes['media_unreachable']).toBeGreaterThan(20)
  },
)

it('2,000 requests with faults in every place are answered or cut off', { timeout: 180_000 }, async () => {
  const result = await fuzzRequests(program, seed, { http: 1_500, multipart: 500, keylessEvery: 10 })
  expectUndisturbed(program, result)
  expect(result.codes['400']).toBeGreaterThan(200)
  expect(await sendsWholeFile(program, 'pdf')).toBe(true)
})
