import type { Device } from '../../devices/device.ts'
import { Failure } from '../../lib/failure.ts'
import { covers } from '../../keys/api-key.ts'
import { readNumber } from '../../lib/phone-numbers/read-number.ts'
import type { ApiServices } from './api-services.ts'
import type { ApiKey } from '../../keys/keys.ts'

/**
 * The device that a call names by its number, if the caller's key may use it.
 *
 * @param parameter what the call names it by: `sender` or `device`
 * @throws Failure sender_unknown, key_not_for_device
 */
export function deviceNamed(
  services: ApiServices,
  key: ApiKey,
  text: string,
  parameter: 'sender' | 'device',
): Device {
  const device = findDevice(services, text)
  if (device !== undefined && covers(key.devices, device)) return device
  if ('all' in key.devices) {
    throw new Failure(
      'sender_unknown',
      'No device here has that number. /info-devices lists those there are.',
      {
        errors: { [parameter]: 'is not the number of a device' },
      },
    )
  }
  throw notForKey(parameter)
}

/** The same whether there is such a device or not: a key for others is not told which numbers are devices. */
export function notForKey(parameter: 'sender' | 'device'): Failure {
  return new Failure(
    'key_not_for_device',
    'No device that this API key may use has that number. Check it, or use a key for that device. /info-devices lists those of a key.',
    { errors: { [parameter]: 'is not the number of a device of this key' } },
  )
}

/** The device with that number, in any spelling. */
export function findDevice(services: ApiServices, text: string): Device | undefined {
  const written = services.devices.byNumber(text)
  if (written !== undefined) return written
  const read = readNumber(text, services.settings.get('numbers.countryCode'))
  if ('number' in read) return services.devices.byNumber(read.number)
  if (read.fault.kind !== 'ambiguous') return undefined
  // Of two numbers that it may be, one is a device's: nobody is sent anything by mistake.
  const devices = read.fault.numbers.flatMap((number) => services.devices.byNumber(number) ?? [])
  return devices.length === 1 ? devices[0] : undefined
}
