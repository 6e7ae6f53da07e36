import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, runProgram, startProgram } from '../support/program.ts'

test('--pair leaves the link of a phone that is paired already alone', async () => {
  const first = await startProgram({ args: ['--sandbox'] })
  expect(await first.stop()).toBe(0)

  const data = join(first.folder, 'data')
  const again = runProgram(['--headless', '--port', '0', '--data-dir', data, '--pair', '085500000000'])
  expect(await again.ended()).toBe(1)
  expect(again.output()).toContain('(device_connected)')

  const next = await startProgram({ folder: first.folder })
  const connected = await eventually(async () => {
    const health = (await (await fetch(`${next.ready.api}/health`)).json()) as { devices: object }
    return 'connected' in health.devices && health.devices.connected === 1
  })
  expect(connected).toBe(true)
  expect(await next.stop()).toBe(0)
})

test('--pair says in words why a phone could not be paired', async () => {
  const program = await startProgram({
    args: ['--whatsapp-url', 'ws://127.0.0.1:1/ws/chat', '--pair', '081234567890'],
  })
  const line = await eventually(() => /^The phone could not be paired.*$/m.exec(program.output()))
  expect(line[0]).toContain('WhatsApp cannot be reached')
  expect(await program.stop()).toBe(0)
})
