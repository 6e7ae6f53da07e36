import { describe, expect, it } from 'vitest'
import type { EndReason } from '../../src-main/devices/device.ts'
import { initialState, next } from '../../src-main/devices/lifecycle/device-machine.ts'
import type {
  Effect,
  DeviceMachineState,
  DeviceMachineEvent,
} from '../../src-main/devices/lifecycle/device-machine.ts'

const connecting = initialState(true, null)
const connected = next(connecting, { type: 'opened', at: 0 }).life
const pairing = next(initialState(false, null), { type: 'pair' }).life

const end = (reason: EndReason, connectedMs = 0, random = 0.5): DeviceMachineEvent => ({
  type: 'ended',
  reason,
  at: 100_000,
  random,
  connectedMs,
})

const version = (newer: boolean | null): DeviceMachineEvent => ({
  type: 'version',
  newer,
  at: 100_000,
  random: 0.5,
})

const dos = (life: DeviceMachineState, event: DeviceMachineEvent): string[] =>
  next(life, event).effects.map((effect) => effect.do)

describe('a connection that ends', () => {
  it.each([
    ['restart_required', 'connecting', ['open']],
    ['logged_out', 'unpaired', ['wipe']],
    ['replaced', 'stopped', []],
    ['banned', 'stopped', []],
    ['version_outdated', 'connecting', ['renew_version']],
    ['client_refused', 'waiting', ['wait']],
    ['rate_limited', 'waiting', ['wait']],
    ['acknowledgement_owed', 'waiting', ['wait']],
    ['stanza_refused', 'waiting', ['wait']],
    ['silence', 'waiting', ['wait']],
    ['mismatch', 'unpaired', ['wipe']],
    ['line_closed', 'waiting', ['wait']],
    ['bad_session', 'waiting', ['wait']],
    ['unavailable', 'waiting', ['wait']],
    ['unreachable', 'waiting', ['wait']],
    ['keys_not_saved', 'waiting', ['wait']],
  ] as const)('%s → %s', (reason, name, effects) => {
    const step = next(connected, end(reason))
    expect(step.life.state).toMatchObject({ name, reason })
    expect(step.effects.map((effect) => effect.do)).toEqual(effects)
  })

  it('is tried again at once when the line had been good', () => {
    expect(dos(connected, end('line_closed', 60_000))).toEqual(['open'])
    expect(dos(connected, end('unavailable', 60_000))).toEqual(['wait'])
  })

  it('waits longer each time, up to a minute, for ever', () => {
    let life = connected
    const waits: number[] = []
    for (let attempt = 0; attempt < 12; attempt++) {
      const step = next(life, end('unreachable', 0, 1))
      waits.push(...step.effects.flatMap((effect) => (effect.do === 'wait' ? [effect.ms] : [])))
      life = next(step.life, { type: 'retry' }).life
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60].map((seconds) => seconds * 1_000))
    expect(life.state).toEqual({ name: 'connecting', attempt: 13, reason: 'unreachable' })
  })

  it('is back while callers wait where the line had let the device in; after six such in a row it takes longer', () => {
    let life = connected
    const waits: number[] = []
    for (let attempt = 0; attempt < 9; attempt++) {
      const step = next(life, end('line_closed', 300, 1))
      waits.push(...step.effects.flatMap((effect) => (effect.do === 'wait' ? [effect.ms] : [])))
      life = next(next(step.life, { type: 'retry' }).life, { type: 'opened', at: 1 }).life
    }
    expect(waits).toEqual([1, 2, 2, 2, 2, 2, 2, 4, 8].map((seconds) => seconds * 1_000))
  })

  it('does not count as mended before it has lasted ten seconds', () => {
    const once = next(connected, end('line_closed')).life
    const again = next(next(once, { type: 'retry' }).life, { type: 'opened', at: 1 }).life
    expect(next(again, end('line_closed', 500)).life.failures).toBe(2)
    expect(next(again, end('line_closed', 10_000)).life.failures).toBe(1)
  })

  const isLong = (ms: number): boolean => ms >= 15 * 60_000 && ms <= 30 * 60_000
  const waitsOf = (effects: readonly Effect[]): number[] =>
    effects.flatMap((effect) => (effect.do === 'wait' ? [effect.ms] : []))

  it.each([
    ['bad_session', 'bad_session'],
    ['bad_frame', 'protocol_changed'],
    ['library_failed', 'protocol_changed'],
  ] as const)(
    'with %s five times in a row is given a long pause, told as %s, and then tried again',
    (reason, told) => {
      let life = connected
      for (let count = 0; count < 4; count++) {
        const step = next(life, end(reason))
        expect(step.life.state).toMatchObject({ name: 'waiting', reason })
        expect(waitsOf(step.effects).every((ms) => ms < 60_000)).toBe(true)
        life = next(step.life, { type: 'retry' }).life
      }
      const fifth = next(life, end(reason))
      expect(fifth.life).toMatchObject({ paired: true, state: { name: 'waiting', reason: told } })
      expect(waitsOf(fifth.effects).every(isLong)).toBe(true)
      const again = next(fifth.life, { type: 'retry' })
      expect(again.effects).toEqual([{ do: 'open' }])
      expect(waitsOf(next(again.life, end(reason)).effects).every(isLong)).toBe(true)
      const byHand = next(fifth.life, { type: 'connect' }).life
      expect(waitsOf(next(byHand, end(reason)).effects).every((ms) => ms < 60_000)).toBe(true)
    },
  )

  it('with something unreadable now and then, after minutes each, is counted; after ten good minutes no more', () => {
    const after = (life: DeviceMachineState, connectedMs: number): DeviceMachineState =>
      next(next(life, end('bad_frame', connectedMs)).life, { type: 'retry' }).life
    const often = [60_000, 60_000, 60_000, 60_000].reduce(after, connected)
    expect(next(often, end('bad_frame', 60_000)).life.state).toMatchObject({ reason: 'protocol_changed' })
    expect(next(often, end('bad_frame', 600_000)).life.state).toMatchObject({ reason: 'bad_frame' })
  })

  it('because of a ban for a time waits for its end, whatever the network does', () => {
    const banned = next(connecting, {
      ...end('banned_for_same_text'),
      forMs: 3_600_000,
    } as DeviceMachineEvent)
    expect(banned.life.state).toEqual({
      name: 'waiting',
      attempt: 2,
      reason: 'banned_for_same_text',
      nextTryAt: 3_700_000,
    })
    expect(banned.effects).toEqual([{ do: 'wait', ms: 3_600_000 }])
    expect(next(banned.life, { type: 'reconnect', at: 200_000 })).toEqual({ life: banned.life, effects: [] })
    expect(dos(banned.life, { type: 'reconnect', at: 3_700_000 })).toEqual(['close', 'open'])
    expect(dos(banned.life, { type: 'retry' })).toEqual(['open'])
    expect(dos(banned.life, { type: 'connect' })).toEqual(['open'])
  })

  it('heeds what is found out about the version only while it waits for that', () => {
    const { life } = next(connected, end('version_outdated'))
    for (const meanwhile of ['log_out', 'pair', 'reconnect'] as const) {
      const later = next(life, { type: meanwhile }).life
      for (const newer of [true, false, null]) {
        expect(next(later, version(newer))).toEqual({ life: later, effects: [] })
      }
    }
  })

  it('with an outdated version is tried again after a long pause when there is no newer one', () => {
    const { life } = next(connected, end('version_outdated'))
    expect(dos(life, version(true))).toEqual(['open'])
    const step = next(life, version(false))
    expect(step.life.state).toMatchObject({ name: 'waiting', reason: 'version_outdated' })
    expect(waitsOf(step.effects).every(isLong)).toBe(true)
  })

  it('tries again later when it cannot be found out whether there is a newer version', () => {
    const { life } = next(connected, end('version_outdated'))
    const step = next(life, version(null))
    expect(step.life.state).toMatchObject({ name: 'waiting', reason: 'version_outdated' })
    expect(step.effects).toMatchObject([{ do: 'wait' }])
  })
})

describe('a pairing', () => {
  it('goes on to connecting once the phone has answered, whatever ends the line', () => {
    const { life } = next(pairing, { type: 'paired' })
    expect(next(life, end('restart_required'))).toMatchObject({
      life: { paired: true, state: { name: 'connecting', attempt: 1 } },
      effects: [{ do: 'open' }],
    })
    expect(dos(life, end('line_closed'))).toEqual(['open'])
  })

  it('whose credentials could not be saved leaves the device unpaired', () => {
    const { life } = next(pairing, { type: 'paired' })
    expect(next(life, end('keys_not_saved'))).toMatchObject({
      life: { paired: false, state: { name: 'unpaired', reason: 'keys_not_saved' } },
      effects: [{ do: 'wipe' }],
    })
  })

  it.each(['pairing_expired', 'pairing_refused', 'passkey_required', 'wrong_phone', 'number_taken'] as const)(
    'that ends as %s leaves the device unpaired and says so',
    (reason) => {
      const step = next(pairing, end(reason))
      expect(step.life.state).toEqual({ name: 'unpaired', reason })
      expect(step.effects).toEqual([])
    },
  )

  it('that runs is not begun again', () => {
    expect(next(pairing, { type: 'pair' })).toEqual({ life: pairing, effects: [] })
  })

  it('of a device that has keys wipes them first', () => {
    const stopped = next(connected, end('banned')).life
    expect(dos(stopped, { type: 'pair' })).toEqual(['close', 'wipe', 'open'])
  })
})

describe('the operator', () => {
  it('brings a stopped device back, with a fresh count', () => {
    const stopped = next(connected, end('replaced')).life
    expect(next(stopped, { type: 'connect' })).toMatchObject({
      life: { state: { name: 'connecting', attempt: 1 } },
      effects: [{ do: 'open' }],
    })
  })

  it('cannot connect what is not paired', () => {
    const life = initialState(false, 'logged_out')
    expect(next(life, { type: 'connect' })).toEqual({ life, effects: [] })
  })

  it('logs out from any state', () => {
    for (const life of [connected, connecting, pairing, next(connected, end('banned')).life]) {
      const step = next(life, { type: 'log_out' })
      expect(step.life).toMatchObject({ paired: false, state: { name: 'unpaired', reason: 'by_operator' } })
      expect(step.effects.map((effect) => effect.do)).toEqual(['close', 'wipe'])
    }
  })
})

it('after sleep every line is drawn anew, but nothing is revived that was stopped', () => {
  const waiting = next(connected, end('unreachable')).life
  for (const life of [connected, connecting, waiting]) {
    expect(dos(life, { type: 'reconnect' })).toEqual(['close', 'open'])
  }
  for (const life of [pairing, initialState(false, null), next(connected, end('replaced')).life]) {
    expect(dos(life, { type: 'reconnect' })).toEqual([])
  }
})
