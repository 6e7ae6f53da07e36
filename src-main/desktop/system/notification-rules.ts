import type { Device, EndReason } from '../../devices/device.ts'
import { assertNever } from '../../lib/failure.ts'
import type { Page } from '../../../src-preload/contract.ts'

/** What is worth interrupting the operator for. Nothing else ever is; least of all a single message. */
export type NoteKind =
  | 'dropped'
  | 'loggedOut'
  | 'needsPairing'
  | 'stopped'
  | 'timeLocked'
  | 'portUnavailable'
  | 'diskFull'
  | 'databaseSetAside'
  | 'settingsSetAside'
  | 'closedToTray'
  | 'minimizedWithoutTray'
  | 'finishing'

/** Milliseconds that a device may be away before anybody is told: reconnects are routine. */
export const dropTimeoutMs = 60_000

/** What a device's step from one state to another asks for. */
export type DeviceRule =
  | { do: 'nothing' }
  /** Tell that it dropped, unless it is back within `dropTimeoutMs`. */
  | { do: 'wait' }
  | { do: 'forget' }
  | { do: 'tell'; note: NoteKind }

const nothing: DeviceRule = { do: 'nothing' }
const forget: DeviceRule = { do: 'forget' }

/** `before` is undefined for a device that was not known yet, as all are when the program starts. */
export function deviceRule(before: Device | undefined, after: Device): DeviceRule {
  const { state } = after
  switch (state.name) {
    case 'connected':
      return before !== undefined && isLocked(after) && !isLocked(before)
        ? { do: 'tell', note: 'timeLocked' }
        : forget
    case 'connecting':
    case 'waiting':
      return after.paired && (before === undefined || before.state.name === 'connected')
        ? { do: 'wait' }
        : nothing
    case 'pairing':
      return forget
    case 'unpaired':
    case 'stopped':
      if (before === undefined || before.state.name === state.name) return nothing
      return endRule(state.name, state.reason)
    default:
      return assertNever(state)
  }
}

function endRule(end: 'unpaired' | 'stopped', reason: EndReason | null): DeviceRule {
  if (reason === null || expected.has(reason)) return forget
  if (reason === 'logged_out') return { do: 'tell', note: 'loggedOut' }
  return { do: 'tell', note: end === 'unpaired' || unreadable.has(reason) ? 'needsPairing' : 'stopped' }
}

/** The operator's own doing, or a pairing that the operator is looking at. */
const expected: ReadonlySet<EndReason> = new Set([
  'by_operator',
  'not_in_this_run',
  'pairing_expired',
  'pairing_refused',
  'passkey_required',
  'wrong_phone',
  'number_taken',
])

const unreadable: ReadonlySet<EndReason> = new Set(['bad_session', 'keys_unreadable', 'mismatch'])

function isLocked(device: Device): boolean {
  return device.timeLock !== null
}

/**
 * A device's name as a notification may show it, on a screen that customers see too: a name with a run of
 * digits as long as a phone number's is not shown at all.
 */
export function shownName(name: string, otherwise: string): string {
  return /\d(?:[\s().+-]*\d){5}/.test(name) ? otherwise : name
}

/** The page that a click on it opens. */
export function placeOf(note: NoteKind): Page {
  if (note === 'portUnavailable') return 'api'
  if (note === 'diskFull' || note === 'settingsSetAside') return 'settings'
  if (note === 'databaseSetAside') return 'log'
  return 'devices'
}
