import type { Device } from '../devices/device.ts'
import { Failure } from '../failure.ts'
import { covers } from '../keys/api-key.ts'
import { readNumber } from '../phone-numbers/read-number.ts'
import type { House } from './house.ts'
import type { ApiKey } from '../keys/keys.ts'

/**
 * The device that a call names by its number, if the caller's key may use it.
 *
 * @param parameter what the call names it by: `sender` or `device`
 * @throws Failure sender_unknown, key_not_for_device
 */
export function deviceNamed(house: House, key: ApiKey, text: string, parameter: 'sender' | 'device'): Device {
  const device = findDevice(house, text)
  if (device === undefined) {
    throw new Failure(
      'sender_unknown',
      'No device here has that number. /info-devices lists those there are.',
      {
        errors: { [parameter]: 'is not the number of a device' },
      },
    )
  }
  if (covers(key.devices, device)) return device
  throw new Failure('key_not_for_device', 'This API key is bound to other devices. Use a key for this one.')
}

/** The device with that number, in any spelling. */
export function findDevice(house: House, text: string): Device | undefined {
  const written = house.devices.byNumber(text)
  if (written !== undefined) return written
  const read = readNumber(text, house.settings.get('numbers.countryCode'))
  if ('number' in read) return house.devices.byNumber(read.number)
  if (read.fault.kind !== 'ambiguous') return undefined
  // Of two numbers that it may be, one is a device's: nobody is sent anything by mistake.
  const devices = read.fault.numbers.flatMap((number) => house.devices.byNumber(number) ?? [])
  return devices.length === 1 ? devices[0] : undefined
}
