import { z } from 'zod'
import type { Device, DeviceState, EndReason } from '../../devices/device.ts'
import { networkProblemOf, networkProblems } from '../../devices/connection/network-problems.ts'
import type { FailureCode } from '../../lib/failure-codes.ts'
import { assertNever, Failure } from '../../lib/failure.ts'
import type { ApiKey } from '../../keys/keys.ts'
import { requireNumber } from '../../lib/phone-numbers/read-number.ts'
import type { ApiServices } from './api-services.ts'
import { flag, text } from './common-parameters.ts'
import { deviceNamed, findDevice, notForKey } from './find-device.ts'

/** Parameters of a call that pairs a device. */
export const pairingParameters = z.object({
  device: text('The number of the phone that is to be paired.', 64, '6285500000001'),
  force: flag('1 creates the device if there is none with that number.').optional(),
})

/** The failures that pairing may have besides those of every call. */
export const pairingFailures = [
  'device_not_found',
  'device_connected',
  'device_kind_unavailable',
  'pairing_failed',
  'too_many_devices',
  'too_many_pairings',
  'key_not_for_device',
  'number_invalid',
  'number_too_short',
  'number_too_long',
  'storage_full',
  'storage_unavailable',
  'database_damaged',
  'shutting_down',
] as const satisfies readonly FailureCode[]

/** The device that a caller wants paired; made where there is none and `force` allows it. */
export async function deviceToPair(
  services: ApiServices,
  key: ApiKey,
  text: string,
  mayAdd: boolean,
): Promise<Device> {
  if (findDevice(services, text) !== undefined) return deviceNamed(services, key, text, 'device')
  if ('ids' in key.devices || (!mayAdd && !('all' in key.devices))) throw notForKey('device')
  if (!mayAdd)
    throw new Failure('device_not_found', 'Device not found!', { errors: { device: 'is not known here' } })
  const number = requireNumber(text, services.settings.get('numbers.countryCode'), 'device')
  const kind = 'kind' in key.devices ? key.devices.kind : (services.newDeviceKind ?? 'whatsapp')
  return services.devices.add({ kind, number, name: number })
}

/**
 * Goes on with the pairing of a device, which is asked for again and again: one that runs is never restarted.
 *
 * @returns what the device's state shows by now, `waiting` with a sentence where that is nothing yet
 * @throws Failure device_connected, pairing_failed, device_kind_unavailable
 */
export async function pairingProgress<Shown>(
  services: ApiServices,
  device: Device,
  request: { how: 'qr' | 'code'; shown: (state: Extract<DeviceState, { name: 'pairing' }>) => Shown | null },
): Promise<{ shown: Shown } | { shown: null; sentence: string }> {
  const { state } = device
  switch (state.name) {
    case 'connected':
      throw new Failure('device_connected', 'Device already connected!')
    case 'pairing':
      // A code can be asked for beside the QR of a pairing that runs.
      if (request.how === 'code' && state.code === null) await services.devices.pair(device.id, 'code')
      return progressNow(services, device, request)
    case 'connecting':
    case 'waiting':
      return { shown: null, sentence: connectingSentence(device) }
    case 'unpaired':
      reportFailureOnce(services, device, state.reason)
      await services.devices.pair(device.id, request.how)
      return progressNow(services, device, request)
    case 'stopped':
      await (device.paired
        ? services.devices.connect(device.id)
        : services.devices.pair(device.id, request.how))
      return progressNow(services, device, request)
    default:
      return assertNever(state)
  }
}

function connectingSentence(device: Device): string {
  const problem = networkProblemOf(device)
  return `The device is paired and is connecting.${problem === null ? '' : ` ${problem}`}`
}

/** What there is by now; WhatsApp takes a moment, so that this is nothing as a rule. */
function progressNow<Shown>(
  services: ApiServices,
  device: Device,
  {
    how,
    shown,
  }: { how: 'qr' | 'code'; shown: (state: Extract<DeviceState, { name: 'pairing' }>) => Shown | null },
): { shown: Shown } | { shown: null; sentence: string } {
  const now = services.devices.get(device.id)?.state
  if (now?.name === 'stopped' && now.reason === 'not_in_this_run') {
    const sentence = `Devices of kind ${device.kind} cannot be used in this run of Kurir.`
    throw new Failure('device_kind_unavailable', sentence)
  }
  const there = now?.name === 'pairing' ? shown(now) : null
  if (there !== null) return { shown: there }
  if (device.paired) return { shown: null, sentence: connectingSentence(device) }
  return { shown: null, sentence: `Waiting for WhatsApp to give a ${how === 'qr' ? 'QR' : 'code'}.` }
}

/** Ends of a pairing that a caller who polls is told of, once, before the next poll begins another one. */
const failures: Partial<Record<EndReason, string>> = {
  ...networkProblems,
  wrong_phone: 'The phone that answered has another number than the device is named by. Try again.',
  number_taken: 'The phone that answered is another device here already.',
  pairing_refused: 'The phone or WhatsApp declined the pairing. Try again.',
  code_refused: 'WhatsApp gives no code for that number. Check it, or pair by QR.',
  code_rate_limited: 'Too many codes were asked for that number. Pair by QR, or try again in a few hours.',
  passkey_required:
    'WhatsApp demands a passkey for this account, which cannot be given here. ' +
    'Remove it on the phone (WhatsApp, Settings, Account, Passkeys) and pair again; ' +
    'if it is demanded all the same, use another account.',
}

const loggedOf = new WeakMap<ApiServices, Map<string, number>>()
const newsForMs = 5 * 60_000

function reportFailureOnce(services: ApiServices, device: Device, reason: EndReason | null): void {
  const sentence = reason === null ? undefined : failures[reason]
  const logged = loggedOf.get(services) ?? new Map<string, number>()
  loggedOf.set(services, logged)
  const isOld = (services.now ?? Date.now)() - device.stateSince > newsForMs
  if (sentence === undefined || isOld || logged.get(device.id) === device.stateSince) return
  logged.set(device.id, device.stateSince)
  throw new Failure('pairing_failed', sentence)
}
