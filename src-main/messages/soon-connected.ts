import { networkTroubleOf } from '../devices/network-troubles.ts'
import { Failure } from '../failure.ts'
import type { Carrier } from './carrier.ts'
import { standingOf } from './standing.ts'

/**
 * Waits for a device that is connected, or was a moment ago. Throws Failure `device_disconnected` where it
 * is not expected back soon, or the signal's own reason.
 */
export async function soonConnected(
  carrier: Pick<Carrier, 'get' | 'onChange' | 'onRemoved'>,
  deviceId: string,
  { now, signal }: { now: () => number; signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted()
  const standing = (): string => standingOf(carrier.get(deviceId), now())
  if (standing() === 'soon') {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = (): void => {
      if (standing() !== 'soon') resolve()
    }
    const unsubscribe = [carrier.onChange.add(look), carrier.onRemoved.add(look)]
    signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
    for (const one of unsubscribe) one()
    signal.throwIfAborted()
  }
  if (standing() === 'connected') return
  const trouble = networkTroubleOf(carrier.get(deviceId))
  const more = trouble === null ? '' : ` ${trouble}`
  throw new Failure('device_disconnected', `The device is not connected; nothing was sent.${more}`)
}

export function isDisconnection(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.code === 'device_disconnected'
}
