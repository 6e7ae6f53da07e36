import type { Listeners } from '../../lib/listeners.ts'
import type { Device } from '../device.ts'

interface Known {
  get(id: string): Device | undefined
  readonly onChange: Listeners<Device>
}

/** Whether a device is connected within so many milliseconds; false at once where nothing is being tried. */
export function whenConnected(devices: Known, id: string, withinMs: number): Promise<boolean> {
  const already = verdictOn(devices.get(id))
  if (already !== null) return Promise.resolve(already)
  return new Promise((resolve) => {
    const settle = (connected: boolean): void => {
      clearTimeout(timeout)
      unsubscribe()
      resolve(connected)
    }
    const timeout = setTimeout(() => settle(false), withinMs)
    const unsubscribe = devices.onChange.add((device) => {
      const now = device.id === id ? verdictOn(device) : null
      if (now !== null) settle(now)
    })
  })
}

/** null: it may yet become connected. */
function verdictOn(device: Device | undefined): boolean | null {
  if (device === undefined) return false
  if (device.state.name === 'connected') return true
  return device.state.name === 'stopped' || device.state.name === 'unpaired' ? false : null
}
