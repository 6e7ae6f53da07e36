import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Device, EndReason } from '../../src-main/devices/device.ts'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const recipient = '6281234567890@s.whatsapp.net'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(() => fixture.stop())

/** Every reason that the history tells, oldest first. */
const reasons = (id: string): (EndReason | null)[] =>
  fixture.devices
    .history(id, { limit: 100 })
    .map(({ reason }) => reason)
    .filter((reason) => reason !== null)
    .toReversed()

describe('a line that WhatsApp ends while connected', () => {
  it.each([
    [408, 'line_closed'],
    [428, 'line_closed'],
    [500, 'bad_session'],
    [503, 'unavailable'],
    [515, 'restart_required'],
  ] as const)('with %i is drawn anew (%s), and the next message is read', async (code, reason) => {
    const { id } = await pairedDevice(fixture)
    await sendText(fixture.devices, id, recipient, 'before')
    const ended = until(fixture.devices, id, (device) => !inState('connected')(device))
    fixture.sandbox.fault({ kind: 'close', code })
    await ended
    await until(fixture.devices, id, inState('connected'))
    expect(reasons(id)).toContain(reason)
    expect((await sendText(fixture.devices, id, recipient, 'after')).outcome.result).toBe('acknowledged')
    expect(fixture.sandbox.inbox().map(({ text }) => text)).toEqual(['before', 'after'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it.each([
    [401, 'unpaired', 'logged_out', false],
    [411, 'unpaired', 'mismatch', false],
    [403, 'stopped', 'banned', true],
    [440, 'stopped', 'replaced', true],
    [405, 'waiting', 'version_outdated', true],
    [429, 'waiting', 'rate_limited', true],
    [516, 'unpaired', 'logged_out', false],
  ] as const)('with %i is not: %s, %s', async (code, name, reason, paired) => {
    const { id } = await pairedDevice(fixture)
    fixture.sandbox.fault({ kind: 'close', code })
    const device = await until(fixture.devices, id, inState(name))
    expect(device).toMatchObject({ state: { name, reason }, paired })
  })
})

describe('a stream error without a code', () => {
  it.each([
    ['ack', 'acknowledgement_owed'],
    ['xml-not-well-formed', 'stanza_refused'],
    ['something-new', 'unavailable'],
  ] as const)('and with <%s/> is no bad session (%s)', async (child, reason) => {
    const { id } = await pairedDevice(fixture)
    const ended = until(fixture.devices, id, (device) => !inState('connected')(device))
    fixture.sandbox.fault({ kind: 'stream-error', child })
    await ended
    await until(fixture.devices, id, inState('connected'))
    expect(reasons(id)).toContain(reason)
    expect(reasons(id)).not.toContain('bad_session')
    expect((await sendText(fixture.devices, id, recipient, 'after')).outcome.result).toBe('acknowledged')
  })
})

describe('a login that WhatsApp refuses', () => {
  it.each([
    [401, 'unpaired', 'logged_out'],
    [403, 'stopped', 'banned'],
    [405, 'waiting', 'version_outdated'],
    [409, 'waiting', 'client_refused'],
    [413, 'waiting', 'client_refused'],
    [503, 'waiting', 'unavailable'],
    [500, 'waiting', 'unavailable'],
  ] as const)('with %i: %s, %s', async (code, name, reason) => {
    const { id } = await pairedDevice(fixture)
    fixture.sandbox.fault({ kind: 'login-failure', code, count: 3 })
    const came = until(fixture.devices, id, ({ state }) => state.name === name && state.reason === reason)
    fixture.devices.reconnectAll('network')
    await came
  })

  it('because of a ban for a time waits for its end, over restarts and changes of the network', async () => {
    const { id } = await pairedDevice(fixture)
    fixture.sandbox.fault({ kind: 'login-failure', code: 402, ban: 104, seconds: 7_200 })
    fixture.devices.reconnectAll('network')
    const banned = ({ state }: Device): boolean =>
      state.name === 'waiting' && state.reason === 'banned_for_same_text'
    const { state } = await until(fixture.devices, id, banned)
    if (state.name !== 'waiting') throw new Error('it does not wait')
    expect(state.nextTryAt - Date.now()).toBeGreaterThan(7_100_000)
    fixture.devices.reconnectAll('network')
    expect(fixture.devices.get(id)?.state).toEqual(state)
    const devices = await fixture.restart()
    expect(devices.get(id)).toMatchObject({
      paired: true,
      state: { name: 'waiting', nextTryAt: state.nextTryAt },
    })
    devices.reconnectAll('resume')
    expect(devices.get(id)?.state).toMatchObject({ name: 'waiting', reason: 'banned_for_same_text' })
    // By hand it is tried at once; and once it is over, nothing of it is left.
    await devices.connect(id)
    await until(devices, id, inState('connected'))
    await until(await fixture.restart(), id, inState('connected'))
  })

  it('because of a ban that is over by the next start is tried then', async () => {
    const { id } = await pairedDevice(fixture)
    fixture.sandbox.fault({ kind: 'login-failure', code: 402, seconds: 60 })
    fixture.devices.reconnectAll('network')
    await until(fixture.devices, id, inState('waiting'))
    await until(await fixture.restart({ now: () => Date.now() + 61_000 }), id, inState('connected'))
  })

  it('for a while is tried until it works', async () => {
    const { id } = await pairedDevice(fixture)
    fixture.sandbox.fault({ kind: 'login-failure', code: 503, count: 2 })
    fixture.devices.reconnectAll('network')
    await until(fixture.devices, id, (device) => !inState('connected')(device))
    await until(fixture.devices, id, inState('connected'))
    expect(reasons(id)).toContain('unavailable')
  })
})

describe('a restart of the program', () => {
  it('connects again without pairing, and sessions go on', async () => {
    const { id } = await pairedDevice(fixture)
    await sendText(fixture.devices, id, recipient, 'one')
    const devices = await fixture.restart()
    await until(devices, id, inState('connected'))
    expect((await sendText(devices, id, recipient, 'two')).outcome.result).toBe('acknowledged')
    expect(fixture.sandbox.inbox().map(({ text }) => text)).toEqual(['one', 'two'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('tries a device once more whose session ran elsewhere', async () => {
    const { id } = await pairedDevice(fixture)
    fixture.sandbox.fault({ kind: 'close', code: 440 })
    await until(fixture.devices, id, inState('stopped'))
    await until(await fixture.restart(), id, inState('connected'))
  })

  it('leaves a banned device alone until the operator says so', async () => {
    const { id } = await pairedDevice(fixture)
    fixture.sandbox.fault({ kind: 'close', code: 403 })
    await until(fixture.devices, id, inState('stopped'))
    const devices = await fixture.restart()
    expect(devices.get(id)?.state).toEqual({ name: 'stopped', reason: 'banned' })
    await devices.connect(id)
    await until(devices, id, inState('connected'))
  })

  it('without the sandbox leaves its devices stopped, and contacts nobody', async () => {
    const { id } = await pairedDevice(fixture)
    const devices = await fixture.restart({ sandbox: () => null })
    expect((await until(devices, id, inState('stopped'))).state).toEqual({
      name: 'stopped',
      reason: 'not_in_this_run',
    })
    await until(await fixture.restart(), id, inState('connected'))
  })

  it('with another data key says that the session keys cannot be read', async () => {
    const { id } = await pairedDevice(fixture)
    const { cipherWith } = await import('../../src-main/storage/settings/cipher.ts')
    const devices = await fixture.restart({ cipher: cipherWith(Buffer.alloc(32, 7)) })
    expect((await until(devices, id, inState('stopped'))).state).toMatchObject({ reason: 'keys_unreadable' })
  })
})

it('a line that goes dead without being closed is noticed 25 s after a message, and mended', async () => {
  const { id } = await pairedDevice(fixture)
  fixture.sandbox.fault({ kind: 'silence' })
  const outcome = sendText(fixture.devices, id, recipient, 'into the void')
  const began = performance.now()
  const ended = await until(fixture.devices, id, (device) => !inState('connected')(device), 45_000)
  expect(ended.state).toMatchObject({ reason: 'silence' })
  // A slow machine may look late, never by much.
  expect(performance.now() - began).toBeLessThan(29_000)
  expect((await outcome).outcome.result).toBe('unknown')
  await until(fixture.devices, id, inState('connected'))
  expect((await sendText(fixture.devices, id, recipient, 'again')).outcome.result).toBe('acknowledged')
  expect(fixture.sandbox.inbox().map(({ text }) => text)).toEqual(['again'])
}, 90_000)

it('a server that is not there is tried for ever, with attempt and reason to be seen', async () => {
  const { id } = await pairedDevice(fixture)
  await fixture.sandbox.stop()
  const waiting = await until(
    fixture.devices,
    id,
    ({ state }) => state.name === 'waiting' && state.reason === 'unreachable' && state.attempt >= 3,
  )
  expect(waiting.paired).toBe(true)
})

it('tells whether a blip is over in time', async () => {
  const { id } = await pairedDevice(fixture)
  await expect(fixture.devices.whenConnected(id, { withinMs: 10 })).resolves.toBe(true)
  const ended = until(fixture.devices, id, (device) => !inState('connected')(device))
  fixture.sandbox.fault({ kind: 'close', code: 428 })
  await ended
  expect(fixture.devices.get(id)?.lastConnectedAt).toBeGreaterThan(Date.now() - 10_000)
  await expect(fixture.devices.whenConnected(id, { withinMs: 10_000 })).resolves.toBe(true)
  fixture.sandbox.fault({ kind: 'close', code: 440 })
  await until(fixture.devices, id, inState('stopped'))
  await expect(fixture.devices.whenConnected(id, { withinMs: 10_000 })).resolves.toBe(false)
})

it('keeps the history of a device: what, why, how long', async () => {
  const { id } = await pairedDevice(fixture)
  fixture.sandbox.fault({ kind: 'close', code: 440 })
  await until(fixture.devices, id, inState('stopped'))
  const history = fixture.devices.history(id, { limit: 10 })
  expect(history.map(({ state, reason }) => [state, reason]).toReversed()).toEqual([
    ['unpaired', null],
    ['pairing', null],
    ['connecting', 'restart_required'],
    ['connected', null],
    ['stopped', 'replaced'],
  ])
  expect(history[0]).toMatchObject({ code: 440, lastedMs: expect.any(Number) as number })
  expect(fixture.devices.history(id, { limit: 2 })).toHaveLength(2)
})

it('keeps no more of the history than it needs', async () => {
  const { id } = await fixture.devices.add({ kind: 'sandbox', number: null, name: 'Kasir' })
  for (let round = 0; round < 300; round++) {
    await fixture.devices.pair(id, 'qr')
    await fixture.devices.cancelPairing(id)
  }
  await fixture.database.write(() => {})
  const { count } = fixture.database
    .statement<{ count: number }>('SELECT count(*) AS count FROM device_events')
    .get() ?? { count: 0 }
  expect(count).toBeGreaterThanOrEqual(500)
  expect(count).toBeLessThanOrEqual(550)
})

it('stops within five seconds with a server that does not answer', async () => {
  const { id } = await pairedDevice(fixture)
  fixture.sandbox.fault({ kind: 'silence' })
  void sendText(fixture.devices, id, recipient, 'into the void')
  const began = performance.now()
  await fixture.devices.stop()
  // The line was really closed: what is given up on takes four seconds.
  expect(performance.now() - began).toBeLessThan(3_500)
})
