import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { shapesOf } from '../../scripts/stanza-shapes.ts'
import { startProgram, temporaryFolder } from '../support/program.ts'

test('--trace-stanzas writes a new file for its owner alone, without the number that a message went to', async () => {
  const file = join(temporaryFolder(), 'evening.jsonl')
  const program = await startProgram({ args: ['--sandbox', '--trace-stanzas', file] })
  const { api, apiKey = '', sandbox } = program.ready
  const values = {
    api_key: apiKey,
    sender: sandbox?.sender ?? '',
    number: '6285500000500',
    message: 'Halo dari kasir',
  }
  const answer = await fetch(`${api}/send-message?${new URLSearchParams(values).toString()}`)
  expect(await answer.json()).toMatchObject({ status: true })
  expect(await program.stop()).toBe(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const content = readFileSync(file, 'utf8')
  const shapes = shapesOf(content).map(({ direction, shape }) => `${direction} ${shape}`)
  expect(shapes.join('\n')).toMatch(/^out message\[.*type=text\]/m)
  expect(shapes.join('\n')).toMatch(/^in ack\[class=message/m)
  for (const secret of ['5500000500', 'Halo dari', (sandbox?.sender ?? '').slice(2)]) {
    expect(content.includes(secret), secret).toBe(false)
  }
}, 90_000)
