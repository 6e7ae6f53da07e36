import { assertNever } from '../../lib/failure.ts'
import { backOff, longDelayMs } from './back-off.ts'
import type { DeviceState, EndReason } from '../device.ts'
import { disconnectActionOf, isTemporaryBan } from './disconnect-reasons.ts'

/** Where a device's life stands, with what the state alone does not tell. */
export interface DeviceMachineState {
  readonly state: DeviceState
  /** Whether there are credentials of a finished pairing. */
  readonly paired: boolean
  /** Connections that failed in a row, or did not last. */
  readonly failures: number
  /** What the last ones ended with, where it is one of those that are counted (`counted`), and how often in a row. */
  readonly repeated: { readonly reason: EndReason; readonly times: number } | null
}

export type DeviceMachineEvent =
  | { type: 'pair' }
  | { type: 'cancel_pairing' }
  /** The start of the program, the operator, the network coming back: try now. */
  | { type: 'connect' }
  /** Whatever line there is is stale: after sleep, or a change of network. */
  | { type: 'reconnect'; at?: number }
  | { type: 'retry' }
  | { type: 'qr'; text: string; expiresAt: number }
  | { type: 'code'; text: string; expiresAt: number }
  | { type: 'paired' }
  | { type: 'opened'; at: number }
  /** `random` is from 0 up to 1; `connectedMs` how long it had been connected, 0 if it never was. */
  | {
      type: 'ended'
      reason: EndReason
      at: number
      random: number
      connectedMs: number
      /** For how long WhatsApp lets nobody in, where it said so. */
      forMs?: number
    }
  /** After a 405: whether there is a newer version to try with; null where that could not be found out. */
  | { type: 'version'; newer: boolean | null; at: number; random: number }
  /** It cannot be used in this run. */
  | { type: 'unusable'; reason: 'not_in_this_run' | 'keys_unreadable' }
  | { type: 'log_out' }

type End = Extract<DeviceMachineEvent, { type: 'ended' }>

/** What is to be done once the state is the new one, in this order. */
export type Effect =
  | { do: 'open' }
  | { do: 'close' }
  | { do: 'wipe' }
  | { do: 'renew_version' }
  | { do: 'wait'; ms: number }

export interface Step {
  life: DeviceMachineState
  effects: Effect[]
}

/** A connection that lasted so long was a good one: what comes after it starts counting anew. */
const stableMs = 10_000
/**
 * A line that had let the device in is tried again while callers still wait for it (their budget is 4.5 s): with
 * so many milliseconds between at most. After so many short lines in a row the wait grows as usual.
 */
const maxDelayForCallersMs = 2_000
const maxShortConnections = 6
/** What is counted while it comes again and again, and how long a connection must have lasted to end the row. */
const counted: Partial<Record<EndReason, { endedByMs: number }>> = {
  bad_session: { endedByMs: stableMs },
  bad_frame: { endedByMs: 10 * 60_000 },
  library_failed: { endedByMs: 10 * 60_000 },
}
/** After so many in a row there is a long pause before each further try. */
const maxRepeats = 5
/** Longer timers are not possible. */
export const maxTimerMs = 2 ** 31 - 1

export const initialState = (paired: boolean, reason: EndReason | null): DeviceMachineState => ({
  state: paired ? { name: 'connecting', attempt: 1, reason: null } : { name: 'unpaired', reason },
  paired,
  failures: 0,
  repeated: null,
})

/** The whole life cycle: what an event makes of a life. An event that does not fit its state changes nothing. */
export function next(life: DeviceMachineState, event: DeviceMachineEvent): Step {
  switch (event.type) {
    case 'pair':
      return life.state.name === 'pairing' ? same(life) : pair()
    case 'cancel_pairing':
      return life.state.name === 'pairing' && !life.paired
        ? unpaired(life, null, [{ do: 'close' }])
        : same(life)
    case 'connect':
      return connect(life)
    case 'reconnect':
      return reconnect(life, event.at)
    case 'retry':
      return life.state.name === 'waiting' ? open(life, life.state.reason) : same(life)
    case 'qr':
    case 'code':
      return offer(life, event)
    case 'paired':
      return life.state.name === 'pairing' ? { life: { ...life, paired: true }, effects: [] } : same(life)
    case 'opened':
      return { life: { ...life, state: { name: 'connected', since: event.at } }, effects: [] }
    case 'ended':
      return ended(life, event)
    case 'version':
      return versionKnown(life, event)
    case 'unusable':
      return stopped(life, event.reason)
    case 'log_out':
      return unpaired(life, 'by_operator', [{ do: 'close' }, { do: 'wipe' }])
    default:
      return assertNever(event)
  }
}

function same(life: DeviceMachineState): Step {
  return { life, effects: [] }
}

function pair(): Step {
  return {
    life: { state: { name: 'pairing', qr: null, code: null }, paired: false, failures: 0, repeated: null },
    // Also what is not paired: the disk may not have let the keys go when it was logged out.
    effects: [{ do: 'close' }, { do: 'wipe' }, { do: 'open' }],
  }
}

function connect(life: DeviceMachineState): Step {
  if (!life.paired) return same(life)
  switch (life.state.name) {
    case 'connected':
    case 'connecting':
    case 'pairing':
      return same(life)
    case 'waiting':
    case 'stopped':
    case 'unpaired':
      return open({ ...life, failures: 0, repeated: null }, null)
    default:
      return assertNever(life.state)
  }
}

function reconnect(life: DeviceMachineState, at = 0): Step {
  const { state } = life
  const { name } = state
  if (name !== 'connected' && name !== 'connecting' && name !== 'waiting') return same(life)
  // Another network does not end a ban.
  if (name === 'waiting' && isTemporaryBan(state.reason) && at < state.nextTryAt) return same(life)
  const step = open({ ...life, failures: 0 }, 'line_closed')
  return { life: step.life, effects: [{ do: 'close' }, ...step.effects] }
}

function open(life: DeviceMachineState, reason: EndReason | null): Step {
  return {
    life: { ...life, state: { name: 'connecting', attempt: life.failures + 1, reason } },
    effects: [{ do: 'open' }],
  }
}

function offer(
  life: DeviceMachineState,
  event: { type: 'qr' | 'code'; text: string; expiresAt: number },
): Step {
  if (life.state.name !== 'pairing') return same(life)
  const { text, expiresAt } = event
  const state = { ...life.state, [event.type]: { text, expiresAt } }
  return { life: { ...life, state }, effects: [] }
}

function stopped(life: DeviceMachineState, reason: EndReason): Step {
  return { life: { ...life, state: { name: 'stopped', reason } }, effects: [] }
}

function unpaired(life: DeviceMachineState, reason: EndReason | null, effects: Effect[]): Step {
  return {
    life: { ...life, paired: false, failures: 0, repeated: null, state: { name: 'unpaired', reason } },
    effects,
  }
}

function ended(life: DeviceMachineState, event: End): Step {
  if (life.state.name === 'pairing') return pairingEnded(life, event.reason)
  if (life.state.name !== 'connected' && life.state.name !== 'connecting') return same(life)
  const lasted = event.connectedMs >= stableMs
  const failures = (lasted ? 0 : life.failures) + 1
  const after: DeviceMachineState = { ...life, failures, repeated: repeatedBy(life, event) }
  const action = disconnectActionOf(event.reason)
  switch (action) {
    case 'reconnect_at_once':
      return after.failures <= 3 ? open(after, event.reason) : waitAfter(after, event)
    case 'back_off':
      if ((after.repeated?.times ?? 0) >= maxRepeats)
        return waitLong(after, lastingReason(event.reason), event)
      // A line that was good until now is usually there again at once.
      return lasted && !takesAWhile.has(event.reason) ? open(after, event.reason) : waitAfter(after, event)
    case 'wait_long':
      return waitLong(after, event.reason, event)
    case 'wait_until':
      return wait(after, event.reason, event.at, event.forMs ?? longDelayMs(event.random))
    case 'renew_version':
      return {
        life: {
          ...after,
          state: { name: 'connecting', attempt: after.failures + 1, reason: 'version_outdated' },
        },
        effects: [{ do: 'renew_version' }],
      }
    case 'stop':
      return stopped(after, event.reason)
    case 'unpair':
      return unpaired(after, event.reason, [{ do: 'wipe' }])
    default:
      return assertNever(action)
  }
}

const takesAWhile: ReadonlySet<EndReason> = new Set([
  'unavailable',
  'bad_frame',
  'bad_stanza',
  'library_failed',
])

function repeatedBy(life: DeviceMachineState, { reason, connectedMs }: End): DeviceMachineState['repeated'] {
  const rule = counted[reason]
  if (rule === undefined) return null
  const goesOn = life.repeated?.reason === reason && connectedMs < rule.endedByMs
  return { reason, times: (goesOn ? (life.repeated?.times ?? 0) : 0) + 1 }
}

/** What the operator reads once it has come often enough to be no accident. */
function lastingReason(reason: EndReason): EndReason {
  return reason === 'bad_frame' || reason === 'library_failed' ? 'protocol_changed' : reason
}

/**
 * Before the phone has answered there is nothing to reconnect to; after that, every end is the restart, unless the disk
 * did not take the credentials: then there are none to reconnect with, and the phone was not told that it is paired.
 */
function pairingEnded(life: DeviceMachineState, reason: EndReason): Step {
  if (!life.paired) return unpaired(life, reason, [])
  return reason === 'keys_not_saved' ? unpaired(life, reason, [{ do: 'wipe' }]) : open(life, reason)
}

/** By the time it is known the device may have been logged out, paired anew or told to reconnect. */
function versionKnown(
  life: DeviceMachineState,
  { newer, at, random }: Extract<DeviceMachineEvent, { type: 'version' }>,
): Step {
  const { state } = life
  const reason = 'version_outdated'
  if (state.name !== 'connecting' || state.reason !== reason) return same(life)
  if (newer === true) return open(life, reason)
  // Such refusals come in storms and go again (WhiskeySockets/Baileys#2370).
  return wait(life, reason, at, newer === null ? backOff(life.failures, random) : longDelayMs(random))
}

function waitLong(life: DeviceMachineState, reason: EndReason, { at, random }: End): Step {
  return wait(life, reason, at, longDelayMs(random))
}

function waitAfter(life: DeviceMachineState, { reason, at, random, connectedMs }: End): Step {
  return wait(life, reason, at, pauseAfter(life.failures, connectedMs, random))
}

function pauseAfter(failures: number, connectedMs: number, random: number): number {
  if (connectedMs === 0) return backOff(failures, random)
  if (failures <= maxShortConnections) return backOff(failures, random, maxDelayForCallersMs)
  return backOff(failures - maxShortConnections + 1, random)
}

function wait(life: DeviceMachineState, reason: EndReason, at: number, ms: number): Step {
  const attempt = life.failures + 1
  return {
    life: {
      ...life,
      state: { name: 'waiting', attempt, reason, nextTryAt: at + ms },
    },
    effects: [{ do: 'wait', ms }],
  }
}
