import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProgram, temporaryFolder } from '../support/program.ts'

test('a damaged database is told of at the console, and a start after that says nothing of it', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'data'), { mode: 0o700 })
  writeFileSync(join(folder, 'data', 'kurir.sqlite'), randomBytes(8_192))
  const program = await startProgram({ folder })
  expect(program.output()).toMatch(
    /^Warning: the database was damaged, set aside as .*kurir\.damaged-.*\.sqlite/m,
  )
  expect(await program.stop()).toBe(0)
  const next = await startProgram({ folder })
  expect(next.output()).not.toContain('Warning')
  expect(await next.stop()).toBe(0)
})

test('a practice WhatsApp that has lost its memory is paired with anew in the same start', async () => {
  const program = await startProgram({ args: ['--sandbox'] })
  expect(await program.stop()).toBe(0)
  rmSync(join(program.folder, 'data', 'sandbox.sqlite'))
  const next = await startProgram({ folder: program.folder, args: ['--sandbox'] })
  try {
    const health = await fetch(`${next.ready.api}/health`)
    expect(await health.json()).toMatchObject({ devices: { connected: 1 } })
    expect(next.ready.apiKey).toBe(program.ready.apiKey)
  } finally {
    expect(await next.stop()).toBe(0)
  }
})
