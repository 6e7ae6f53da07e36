import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, startProgram, type Program } from '../support/program.ts'
import { smallDisk } from '../storage/support.ts'

const sender = '6285500000000'
const number = '6285500000517'

/** The whole program with its data folder, and so its log, on a disk that fills. */
test('a full disk ends nothing: callers are told, and it goes on when there is room', async ({ skip }) => {
  const disk = smallDisk(24 * 1024)
  if (disk === null) {
    skip('this user cannot mount a disk')
    return
  }
  const program = await startProgram({ folder: disk, args: ['--sandbox'] })
  expect(await send(program, 'before')).toMatchObject({ status: true })

  const filler = join(disk, 'filler')
  fill(filler)
  const refused = new Set<unknown>()
  for (let count = 0; count < 50; count++) refused.add((await send(program, 'x'.repeat(8_000))).code)
  expect(refused).toContain('storage_full')
  expect(refused).not.toContain('internal_error')
  expect(program.process.exitCode).toBeNull()

  rmSync(filler)
  await eventually(async () => (await send(program, 'after')).status === true, 15_000)
  const log = readFileSync(join(disk, 'data', 'kurir.log'), 'utf8')
  expect(log).toContain('"health":"full"')
  expect(log).toContain('"result":"storage_full"')
  expect(await program.stop()).toBe(0)
}, 60_000)

/** To its last page. */
function fill(file: string): void {
  for (const bytes of [1024 * 1024, 4096]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' })
    } catch {
      // As much as there was room for is there.
    }
  }
}

async function send({ ready }: Program, message: string): Promise<{ status?: boolean; code?: string }> {
  const answer = await fetch(`${ready.api}/send-message`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ api_key: ready.apiKey, sender, number, message }),
  })
  return (await answer.json()) as { status?: boolean; code?: string }
}
