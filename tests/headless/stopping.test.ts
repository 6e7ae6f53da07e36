import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { eventually, runProgram, startProgram, temporaryFolder } from '../support/program.ts'

/** A recipient whose messages are never acknowledged. */
const silent = '6285500000300'
/** What callers and messages in flight are given, five seconds, but not one after the other. */
const timeoutMs = 8_000

test('SIGTERM answers who waits for a message that is never acknowledged, and ends in time', async () => {
  const program = await startProgram({ args: ['--sandbox'] })
  const { api, apiKey, sandbox } = program.ready
  const call = `${api}/send-message?api_key=${apiKey}&sender=${sandbox?.sender}&number=${silent}&message=Halo`
  const answered = fetch(call).then((response) => response.json())
  await eventually(async () => {
    const { queue } = (await (await fetch(`${api}/health`)).json()) as { queue: number }
    return queue === 1
  })
  const since = performance.now()
  expect(await program.stop()).toBe(0)
  expect(performance.now() - since).toBeLessThan(timeoutMs)
  expect(await answered).toMatchObject({ status: false, code: 'not_confirmed' })
})

test('SIGTERM while the program still starts, its port open already, is a stop in order', async () => {
  const folder = temporaryFolder()
  const port = await freePort()
  const words = ['--headless', '--sandbox', '--data-dir', join(folder, 'data'), '--port', String(port)]
  const run = runProgram([...words, '--ready-file', join(folder, 'ready.json')])
  await eventually(() => fetch(`http://127.0.0.1:${port}/health`).then(Boolean, () => false), 30_000)
  run.process.kill('SIGTERM')
  expect(await run.ended()).toBe(0)
  expect(run.output()).not.toContain('cannot')
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('SIGHUP, as a terminal gives it that is closed, is a stop in order', async () => {
  const program = await startProgram({ args: ['--sandbox'] })
  program.process.kill('SIGHUP')
  await once(program.process, 'close')
  expect(program.process.signalCode).toBeNull()
  expect(program.process.exitCode).toBe(0)
})
