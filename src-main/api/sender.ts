import type { Device } from '../devices/device.ts'
import { Failure } from '../failure.ts'
import { normaliseNumber } from '../messages/phone-number.ts'
import type { ApiKey, House } from './house.ts'

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
  if (isForDevice(key, device)) return device
  throw new Failure('key_not_for_device', 'This API key is bound to other devices. Use a key for this one.')
}

/** The device with that number, in any spelling. */
export function findDevice(house: House, text: string): Device | undefined {
  const normalised = normaliseNumber(text, house.settings.get('numbers.countryCode'))
  return 'number' in normalised ? house.devices.byNumber(normalised.number) : undefined
}

/** Whether the key is bound to that device, whatever its rights. */
export function isForDevice(key: ApiKey, device: Device): boolean {
  if ('all' in key.devices) return true
  if ('kind' in key.devices) return key.devices.kind === device.kind
  return key.devices.ids.includes(device.id)
}
