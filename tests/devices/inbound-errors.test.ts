import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeviceEvent } from '../../src-main/devices/device.ts'
import { fuzzFrames } from '../reliability/inbound-fuzz.ts'
import { listLog } from './list-log.ts'
import { pairedDevice, sendText, startFixture, until, inState } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'
import { nestedDeep, undecodable } from './undecodable-frames.ts'

const number = '6285500000000'
const otherNumber = '6285500000001'
const recipient = '6281234567890@s.whatsapp.net'

let fixture: Fixture
let log: ReturnType<typeof listLog>
let id = ''
let other = ''
beforeAll(async () => {
  log = listLog()
  fixture = await startFixture({ log: log.logger })
  id = (await pairedDevice(fixture, number)).id
  other = (await pairedDevice(fixture, otherNumber)).id
})
afterAll(() => fixture.stop())

const history = (id: string): DeviceEvent[] => fixture.devices.history(id, { limit: 100 })
const reasons = (id: string): (string | null)[] => history(id).map(({ reason }) => reason)

async function expectSends(id: string): Promise<void> {
  expect((await sendText(fixture.devices, id, recipient, 'still here')).outcome.result).toBe('acknowledged')
}

/** The connection ends for one of those reasons, and is there again. */
async function endsWith(expected: readonly string[], cause: () => void): Promise<void> {
  await until(fixture.devices, id, inState('connected'))
  const known = history(id).length
  cause()
  const isNew = (): boolean =>
    reasons(id)
      .slice(0, history(id).length - known)
      .some((reason) => reason !== null && expected.includes(reason))
  await until(fixture.devices, id, isNew)
  // After five in a row there is a pause of a quarter of an hour.
  await fixture.devices.connect(id)
  await until(fixture.devices, id, inState('connected'))
}

const unreadable = ['bad_frame', 'protocol_changed']
const unhandled = ['bad_stanza']

describe('what the server sends and nobody can read', () => {
  it.each(undecodable)('ends that connection alone: $what', async ({ plain, raw }) => {
    const before = history(other).length
    await endsWith(unreadable, () => {
      if (plain !== undefined) fixture.sandbox.sendPlain(number, plain())
      if (raw !== undefined) fixture.sandbox.sendRaw(number, raw())
    })
    await expectSends(id)
    await expectSends(other)
    expect(history(other)).toHaveLength(before)
    expect(log.sentences()).toContain('could not decode a frame; closing the connection')
  })

  it('takes no more memory than a frame may become', async () => {
    const bomb = undecodable.find(({ what }) => what.startsWith('200 MB'))?.plain?.() ?? Buffer.alloc(0)
    const before = process.memoryUsage().rss
    await endsWith(unreadable, () => fixture.sandbox.sendPlain(number, bomb))
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
  })

  it('is told in words of its own after five in a row, and tried again after a quarter of an hour', async () => {
    // Whatever came before: a good connection of ten minutes would end the row, which a test does not wait for.
    fixture.sandbox.fault({ kind: 'bad-frame', count: 5, number })
    const { state } = await until(
      fixture.devices,
      id,
      ({ state }) => state.name === 'waiting' && state.reason === 'protocol_changed',
    )
    if (state.name !== 'waiting') throw new Error('it does not wait')
    expect(state.nextTryAt - Date.now()).toBeGreaterThan(14 * 60_000)
    await expectSends(other)
    fixture.sandbox.clearFaults()
    await fixture.devices.connect(id)
    await until(fixture.devices, id, inState('connected'))
    await expectSends(id)
  })
})

describe('a stanza that a listener fails on', () => {
  const empty = { tag: 'chatstate', attrs: { from: '6281300000000@s.whatsapp.net' }, content: [] }

  it('ends the connection once, and is left out when its like comes again', async () => {
    await endsWith(unhandled, () => fixture.sandbox.sendStanza(number, empty))
    const line = log.lines().find(({ msg }) => msg === 'a stanza failed; closing the connection')
    // Its tag and attributes, without content and without numbers.
    expect(line).toMatchObject({
      device: id,
      stanza: '<chatstate from=…@s.whatsapp.net></>',
      error: 'TypeError',
    })
    expect(JSON.stringify(line)).not.toContain('6281300000000')
    const before = history(id).length
    fixture.sandbox.sendStanza(number, empty)
    await expectSends(id)
    expect(history(id)).toHaveLength(before)
    expect(log.sentences()).toContain('a stanza failed like an earlier one; it is skipped')
    await expectSends(other)
  })

  it('does not reach anybody where it is nested so deep that walking it could overflow the stack', async () => {
    await endsWith(unhandled, () => fixture.sandbox.sendPlain(number, nestedDeep(500)))
    await expectSends(id)
  })
})

it('60 damaged frames end nothing but the connection that they came on', async () => {
  const seed = Date.now() % 2 ** 31
  console.log({ seed })
  const before = history(other).length
  await fuzzFrames(fixture, { id, number }, seed, 60)
  await expectSends(id)
  await expectSends(other)
  expect(history(other)).toHaveLength(before)
}, 60_000)
