import type { Device, DeviceState } from '../../src-main/devices/device.ts'

/** A paired device in some state; nothing of it matters to a test but what the test says. */
export function someDevice(state: DeviceState, rest: Partial<Device> = {}): Device {
  return {
    id: 'd1',
    kind: 'whatsapp',
    name: 'Kasir',
    number: '6281234567890',
    paired: true,
    state,
    stateSince: 0,
    lastConnectedAt: null,
    relinkAdvised: false,
    timeLock: null,
    newChatQuota: null,
    pairedAt: null,
    addedAt: 0,
    ...rest,
  }
}

export const connected: DeviceState = { name: 'connected', since: 0 }
export const connecting: DeviceState = { name: 'connecting', attempt: 1, reason: null }
export const waiting: DeviceState = { name: 'waiting', attempt: 1, reason: 'unreachable', nextTryAt: 0 }
export const pairing: DeviceState = { name: 'pairing', qr: null, code: null }
