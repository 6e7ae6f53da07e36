import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { shapesOf } from '../../scripts/stanza-shapes.ts'
import { StanzaTrace } from '../../src-main/devices/trace/stanza-trace.ts'
import { pairedDevice, sendText, silentLog, startRig } from '../devices/rig.ts'
import { temporaryFolder } from '../harness/program.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const fixture = z.array(
  z.object({ direction: z.enum(['in', 'out']), shape: z.string(), source: z.string().optional() }),
)

/** What the sandbox sent in a session of its own. */
let sandbox: Set<string>
beforeAll(async () => {
  const file = join(temporaryFolder(), 'sandbox.jsonl')
  const trace = new StanzaTrace(file, { version: '1', log: silentLog })
  const rig = await startRig({ trace })
  const { id } = await pairedDevice(rig)
  const person = '6281234567890@s.whatsapp.net'
  await sendText(rig.devices, id, person, 'one')
  await sendText(rig.devices, id, rig.sandbox.groups[0]?.jid ?? '', 'two')
  await sendText(rig.devices, id, rig.sandbox.newsletter.jid, 'three')
  rig.sandbox.fault({ kind: 'ack-error', code: 463 })
  await sendText(rig.devices, id, person, 'four')
  await rig.sandbox.write('6281234567890', '6285500000000', 'five')
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
  await rig.stop()
  trace.close()
}, 60_000)

it.each(readdirSync(fixtures))('the sandbox sends every shape that WhatsApp sent: %s', (name) => {
  const wanted = fixture.parse(JSON.parse(readFileSync(join(fixtures, name), 'utf8')))
  const missing = wanted.filter(({ direction, shape }) => direction === 'in' && !sandbox.has(shape))
  expect(missing, [...sandbox].join('\n')).toEqual([])
})
