import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, runProgram, temporaryFolder } from '../support/program.ts'

test('the program starts and goes on where nobody reads what it prints any more', async () => {
  const folder = temporaryFolder()
  const readyFile = join(folder, 'ready.json')
  const words = ['--headless', '--data-dir', join(folder, 'data'), '--port', '0', '--ready-file', readyFile]
  const run = runProgram(words)
  run.process.stdout?.destroy()
  run.process.stderr?.destroy()
  await eventually(() => existsSync(readyFile) || run.process.exitCode !== null)
  expect(run.process.exitCode).toBeNull()
  run.process.kill('SIGTERM')
  expect(await run.ended()).toBe(0)
})
