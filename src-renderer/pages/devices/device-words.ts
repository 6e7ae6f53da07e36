import {
  IconCircleCheck,
  IconClockHour4,
  IconHandStop,
  IconLinkOff,
  IconQrcode,
  IconRefresh,
} from '@tabler/icons-react'
import type { Device, DeviceState, EndReason } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'

/** How a state looks: what it means for the shop, rather than for the protocol. */
export type Tone = 'good' | 'busy' | 'bad' | 'idle'

const tones: Record<DeviceState['name'], Tone> = {
  unpaired: 'idle',
  pairing: 'busy',
  connecting: 'busy',
  connected: 'good',
  waiting: 'busy',
  stopped: 'bad',
}

export const stateIcons: Record<DeviceState['name'], typeof IconQrcode> = {
  unpaired: IconLinkOff,
  pairing: IconQrcode,
  connecting: IconRefresh,
  connected: IconCircleCheck,
  waiting: IconClockHour4,
  stopped: IconHandStop,
}

export const toneOf = (device: Device): Tone =>
  device.state.name === 'unpaired' && device.state.reason !== null && device.state.reason !== 'by_operator'
    ? 'bad'
    : tones[device.state.name]

export const reasonOf = (device: Device): EndReason | null =>
  'reason' in device.state ? device.state.reason : null

/** What the card offers first. */
export type MainAction = 'pair' | 'pairAgain' | 'connect' | 'showCode' | null

const pairAgainAfter: ReadonlySet<EndReason> = new Set([
  'logged_out',
  'mismatch',
  'bad_session',
  'keys_unreadable',
  'passkey_required',
  'pairing_expired',
  'pairing_refused',
  'wrong_phone',
  'number_taken',
])

export function mainActionOf(device: Device): MainAction {
  const { state } = device
  switch (state.name) {
    case 'unpaired':
      return device.number === null || state.reason === null ? 'pair' : 'pairAgain'
    case 'pairing':
      return 'showCode'
    case 'stopped':
      if (state.reason === 'not_in_this_run') return null
      return !device.paired || pairAgainAfter.has(state.reason) ? 'pairAgain' : 'connect'
    case 'waiting':
      return 'connect'
    case 'connecting':
    case 'connected':
      return null
    default:
      return assertNever(state)
  }
}
