import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Program } from '../support/program.ts'
import { expectUndisturbed } from '../reliability/expect-undisturbed.ts'
import { fuzzFiles, sendsWholeFile, startForFuzzing } from '../reliability/file-fuzz.ts'
import { fuzzMediaServer } from '../reliability/media-server-fuzz.ts'
import { fuzzRequests } from '../reliability/request-fuzz.ts'

let program: Program
beforeEach(async () => {
  program = await startForFuzzing()
})
afterEach(async () => {
  await program.stop()
})

/** Of each kind. */
const files = Number(process.env['KURIR_FUZZ_FILES'] ?? 2_000)
const seed = Date.now() % 2 ** 31

it('200,000 raw requests, 20,000 of them without a key, are answered or cut off', async () => {
  const result = await fuzzRequests(program, seed, { http: 150_000, multipart: 50_000, keylessEvery: 10 })
  console.log('requests', { seed, ...result })
  expectUndisturbed(program, result)
  expect(await sendsWholeFile(program, 'pdf')).toBe(true)
})

it('2,000 answers of a file server that make no sense become a file or a reason', async () => {
  const result = await fuzzMediaServer(program, seed, 2_000)
  console.log('file server', { seed, ...result })
  expectUndisturbed(program, result)
  expect(await sendsWholeFile(program, 'pdf')).toBe(true)
})

it(`${files} mutated files of each kind are taken or refused in words`, async () => {
  const result = await fuzzFiles(program, seed, files)
  console.log('files', { seed, ...result })
  expectUndisturbed(program, result)
  expect(await sendsWholeFile(program, 'pdf')).toBe(true)
})
