import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lidOf } from '../../src-main/sandbox/accounts/sandbox-numbers.ts'
import { runProgram, startProgram, temporaryFolder, type Program } from '../support/program.ts'
import { openWindowBridge } from '../support/window-bridge.ts'

// Diagnostics are sent to strangers: whatever was told to the program must not be in them.

const sender = '6285500000000'
const reached = '6285500000517'
const absent = '6285500000117'
const refused = '6285500000217'
const text = 'Kwitansi rahasia nomor tujuh'
const deviceName = 'Kasir Bu Melati'
const keyName = 'aplikasi-gudang-melati'

test.each(['info', 'trace'])('hold no number, text, name or key, with the log at %s', async (level) => {
  const folder = temporaryFolder()
  const setting = ['--setting', `diagnostics.logLevel=${level}`]
  const program = await startProgram({ folder, args: ['--sandbox', '--new-key', keyName, ...setting] })
  const key = String(program.ready.apiKey)
  await rename(program, deviceName)
  const codes = []
  for (const number of [reached, absent, refused]) codes.push((await send(program, number)).code)
  expect(codes).toEqual([undefined, 'not_on_whatsapp', 'contact_locked'])
  await fetch(`${program.ready.api}/send-message?api_key=kurir_wrong&number=${reached}&message=${text}`)
  expect(await program.stop()).toBe(0)

  const file = join(folder, 'diagnostics.json')
  const words = ['--data-dir', join(folder, 'data'), '--export-diagnostics', file, ...setting]
  const run = runProgram(['--headless', ...words])
  expect(await run.ended(), run.output()).toBe(0)
  expect(run.output()).toContain(file)

  const written = readFileSync(file, 'utf8')
  const { devices, recentLog, keys } = JSON.parse(written) as Record<string, unknown[]>
  expect(devices).toMatchObject([{ kind: 'sandbox', paired: true }])
  expect(recentLog?.length).toBeGreaterThan(1)
  expect(keys).toMatchObject({ count: 1 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const numbers = [sender, reached, absent, refused]
  const secrets = [text, encodeURIComponent(text), deviceName, keyName, key, key.slice(-12)]
  for (const told of [...numbers, ...numbers.map(lidOf), ...secrets]) expect(written).not.toContain(told)
})

async function send({ ready }: Program, number: string): Promise<{ code?: string }> {
  const answer = await fetch(`${ready.api}/send-message`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ api_key: ready.apiKey, sender, number, message: text, footer: deviceName }),
  })
  return (await answer.json()) as { code?: string }
}

/** Gives the one device a name, as the operator's window does. */
async function rename({ ready }: Program, name: string): Promise<void> {
  const bridge = await openWindowBridge(String(ready.window))
  const [device] = (await bridge.call('devices.list', {})) as { id: string }[]
  await bridge.call('devices.rename', { id: device?.id, name })
  bridge.close()
}
