import { expect } from 'vitest'
import type { Program } from '../support/program.ts'
import { maxHealthMs, type FuzzResult } from './file-fuzz.ts'

/** Every answer was a planned one, the program runs, was never busy for more than a second, and took no 300 MB. */
export function expectUndisturbed(program: Program, result: FuzzResult): void {
  expect(result.complaints).toEqual([])
  expect(program.process.exitCode).toBeNull()
  expect(program.process.signalCode).toBeNull()
  expect(result.maxHealthMs).toBeLessThan(maxHealthMs())
  expect(result.grownMiB).toBeLessThan(300)
}
