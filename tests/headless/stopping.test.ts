import { expect, test } from 'vitest'
import { eventually, startProgram } from '../harness/program.ts'

/** A recipient whose messages are never acknowledged. */
const silent = '6285500000300'
/** What callers and messages in flight are given, five seconds, but not one after the other. */
const patience = 8_000

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
  expect(performance.now() - since).toBeLessThan(patience)
  expect(await answered).toMatchObject({ status: false, code: 'not_confirmed' })
})
