import type { Device } from '../../devices/device.ts'

/** For so long after it was last connected, a device that dropped is waited for: 515, 428, 503 are routine. */
const reconnectGraceMs = 30_000

/**
 * How a device stands for sending. `reconnecting`: it was connected a moment ago, or is just being connected after
 * the program's start, and is waited for within a caller's time. `offline`: nobody knows when it comes back.
 */
export type Availability = 'online' | 'reconnecting' | 'offline' | 'removed'

export function availabilityOf(device: Device | undefined, now: number): Availability {
  if (device === undefined) return 'removed'
  const { state, lastConnectedAt } = device
  if (state.name === 'connected') return 'online'
  if (!device.paired || (state.name !== 'connecting' && state.name !== 'waiting')) return 'offline'
  if (state.name === 'connecting' && state.reason === null) return 'reconnecting'
  if (state.name === 'waiting' && state.nextTryAt - now > reconnectGraceMs) return 'offline'
  // Where the clock was set back, that may lie ahead by hours, for which nobody is to be kept waiting.
  return lastConnectedAt !== null && Math.abs(now - lastConnectedAt) <= reconnectGraceMs
    ? 'reconnecting'
    : 'offline'
}
