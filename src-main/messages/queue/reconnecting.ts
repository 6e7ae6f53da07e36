import { networkProblemOf } from '../../devices/connection/network-problems.ts'
import { Failure } from '../../lib/failure.ts'
import type { DeviceGateway } from '../sending/device-gateway.ts'
import { availabilityOf } from './availability.ts'

/**
 * Waits for a device that is connected, or was a moment ago. Throws Failure `device_disconnected` where it
 * is not expected back soon, or the signal's own reason.
 */
export async function soonConnected(
  gateway: Pick<DeviceGateway, 'get' | 'onChange' | 'onRemoved'>,
  deviceId: string,
  { now, signal }: { now: () => number; signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted()
  const availability = (): string => availabilityOf(gateway.get(deviceId), now())
  if (availability() === 'reconnecting') {
    const { promise, resolve } = Promise.withResolvers<void>()
    const check = (): void => {
      if (availability() !== 'reconnecting') resolve()
    }
    const unsubscribe = [gateway.onChange.add(check), gateway.onRemoved.add(check)]
    signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
    for (const one of unsubscribe) one()
    signal.throwIfAborted()
  }
  if (availability() === 'online') return
  const problem = networkProblemOf(gateway.get(deviceId))
  const more = problem === null ? '' : ` ${problem}`
  throw new Failure('device_disconnected', `The device is not connected; nothing was sent.${more}`)
}

export function isDisconnection(error: unknown): boolean {
  return error instanceof Failure && error.code === 'device_disconnected'
}
