import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram, startProgram, temporaryFolder } from '../support/program.ts'

const preload = join(import.meta.dirname, '..', 'support', 'held-files.mjs')
const held = (milliseconds: number, code: string) => ({
  NODE_OPTIONS: `--import=${preload}`,
  HELD_MS: String(milliseconds),
  HELD_CODE: code,
})

test.each(['EPERM', 'EBUSY', 'EACCES'])(
  'a first start goes on while an antivirus program holds each new file for half a second (%s)',
  async (code) => {
    const program = await startProgram({ args: ['--sandbox'], environment: held(500, code) })
    try {
      expect(existsSync(join(program.folder, 'data', 'data.key'))).toBe(true)
      const { api, apiKey, sandbox } = program.ready
      const number = '6285500000501'
      const call = `${api}/send-message?api_key=${apiKey}&sender=${sandbox?.sender}&number=${number}&message=Halo`
      expect(await (await fetch(call)).json()).toMatchObject({ status: true })
    } finally {
      expect(await program.stop()).toBe(0)
    }
  },
)

test('a file that stays held ends the start after two seconds, not sooner', async () => {
  const folder = temporaryFolder()
  const since = performance.now()
  const run = runProgram(
    ['--headless', '--data-dir', join(folder, 'data'), '--port', '0'],
    held(60_000, 'EPERM'),
  )
  expect(await run.ended()).not.toBe(0)
  expect(performance.now() - since).toBeGreaterThan(2_000)
  expect(run.output()).toContain('EPERM')
})
