import type { Device } from '../devices/device.ts'

/** For so long after it was last connected, a device that dropped is waited for: 515, 428, 503 are routine. */
const blip = 30_000

/**
 * How a device stands for sending. `soon`: it was connected a moment ago, or is just being connected after
 * the program's start, and is waited for within a caller's time. `away`: nobody knows when it comes back.
 */
export type Standing = 'connected' | 'soon' | 'away' | 'gone'

export function standingOf(device: Device | undefined, now: number): Standing {
  if (device === undefined) return 'gone'
  const { state, lastConnectedAt } = device
  if (state.name === 'connected') return 'connected'
  if (!device.paired || (state.name !== 'connecting' && state.name !== 'waiting')) return 'away'
  if (state.name === 'connecting' && state.reason === null) return 'soon'
  if (state.name === 'waiting' && state.nextTryAt - now > blip) return 'away'
  // Where the clock was set back, that may lie ahead by hours, for which nobody is to be kept waiting.
  return lastConnectedAt !== null && Math.abs(now - lastConnectedAt) <= blip ? 'soon' : 'away'
}
