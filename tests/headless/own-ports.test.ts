import { expect, test } from 'vitest'
import { startProgram } from '../support/program.ts'

test('no url leads to a port of the program itself, its window among them, whatever is trusted', async () => {
  const program = await startProgram({
    args: ['--sandbox', '--setting', 'media.trustedHosts=localhost,127.0.0.0/8'],
  })
  const { api, apiKey = '', sandbox, window } = program.ready
  for (const own of [api, sandbox?.control, window]) {
    const { port } = new URL(own ?? '')
    const values = { api_key: apiKey, sender: sandbox?.sender ?? '', number: '6285500000500' }
    const file = { media_type: 'document', url: `http://127.0.0.1:${port}/` }
    const answer = await fetch(`${api}/send-media?${new URLSearchParams({ ...values, ...file }).toString()}`)
    expect(await answer.json()).toMatchObject({ status: false, code: 'media_address_refused' })
  }
  expect(await program.stop()).toBe(0)
})
