import type { Device, DeviceKind, DeviceState, EndReason } from '../../src-main/devices/device.ts'
import type { Nothing } from './nothing.ts'

/** One line of a device's history, newest first in lists. */
export interface DeviceEvent {
  at: number
  state: DeviceState['name']
  reason: EndReason | null
  /** How long the state before it had lasted, in milliseconds; null for the first. */
  lastedMs: number | null
}

/** What left and what failed since midnight, by the clock of this PC. */
export interface DayCount {
  sent: number
  failed: number
  waiting: number
}

export interface DevicesCalls {
  'devices.list': { request: Nothing; answer: Device[] }
  'devices.add': { request: { kind: DeviceKind; number: string | null; name: string }; answer: Device }
  /** Begins or goes on with a pairing; QR, code and end come as `device.changed`. */
  'devices.pair': { request: { id: string; how: 'qr' | 'code' }; answer: null }
  'devices.cancelPairing': { request: { id: string }; answer: null }
  'devices.connect': { request: { id: string }; answer: null }
  'devices.rename': { request: { id: string; name: string }; answer: null }
  'devices.logOut': { request: { id: string }; answer: null }
  'devices.remove': { request: { id: string }; answer: null }
  'devices.history': { request: { id: string; limit: number }; answer: DeviceEvent[] }
  'devices.groups': { request: { id: string }; answer: { id: string; subject: string }[] }
}
