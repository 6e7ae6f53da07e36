import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { shapesOf } from '../../scripts/stanza-shapes.ts'
import { StanzaTrace } from '../../src-main/devices/trace/stanza-trace.ts'
import { pairedDevice, sendText, silentLog, startFixture } from '../devices/devices-fixture.ts'
import { temporaryFolder } from '../support/program.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const fixture = z.array(
  z.object({ direction: z.enum(['in', 'out']), shape: z.string(), source: z.string().optional() }),
)

/** What the sandbox sent in a session of its own. */
let sandbox: Set<string>
beforeAll(async () => {
  const file = join(temporaryFolder(), 'sandbox.jsonl')
  const trace = new StanzaTrace(file, { version: '1', log: silentLog })
  const started = await startFixture({ trace })
  const { id } = await pairedDevice(started)
  const person = '6281234567890@s.whatsapp.net'
  await sendText(started.devices, id, person, 'one')
  await sendText(started.devices, id, started.sandbox.groups[0]?.jid ?? '', 'two')
  await sendText(started.devices, id, started.sandbox.newsletter.jid, 'three')
  started.sandbox.fault({ kind: 'ack-error', code: 463 })
  await sendText(started.devices, id, person, 'four')
  await started.sandbox.write('6281234567890', '6285500000000', 'five')
  const shapes = (): Set<string> =>
    new Set(
      shapesOf(readFileSync(file, 'utf8'))
        .filter(({ direction }) => direction === 'in')
        .map(({ shape }) => shape),
    )
  await vi.waitFor(() => {
    const all = [...shapes()].join('\n')
    if (!/^message\[/m.test(all) || !all.includes('type=read')) throw new Error('not yet')
  }, 10_000)
  sandbox = shapes()
  await started.stop()
  trace.close()
}, 60_000)

it.each(readdirSync(fixtures))('the sandbox sends every shape that WhatsApp sent: %s', (name) => {
  const wanted = fixture.parse(JSON.parse(readFileSync(join(fixtures, name), 'utf8')))
  const missing = wanted.filter(({ direction, shape }) => direction === 'in' && !sandbox.has(shape))
  expect(missing, [...sandbox].join('\n')).toEqual([])
})
