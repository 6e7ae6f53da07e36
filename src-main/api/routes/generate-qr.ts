import { z } from 'zod'
import type { Device, EndReason } from '../../devices/device.ts'
import { assertNever, Failure } from '../../failure.ts'
import { normaliseNumber, numberSentence } from '../../messages/phone-number.ts'
import { success, type Answer } from '../answers.ts'
import type { House } from '../house.ts'
import type { ApiKey } from '../../keys/keys.ts'
import { flag, text } from '../parameters.ts'
import { keyedRoute } from '../route.ts'
import { deviceNamed, findDevice } from '../sender.ts'
import { qrAsDataUrl } from '../qr-png.ts'

export const generateQr = keyedRoute({
  path: '/generate-qr',
  methods: ['GET', 'POST'],
  right: 'manage',
  parameters: z.object({
    device: text('The number of the phone that is to scan the QR.', 64, '6285500000001'),
    force: flag('1 creates the device if there is none with that number.').optional(),
  }),
  answer: z.object({
    status: z.enum(['qrcode', 'processing']),
    qrcode: z.string().nullable().meta({ description: 'The QR to show, as data:image/png;base64,… .' }),
    message: z.string(),
  }),
  documentation: {
    summary: 'Pair a device',
    description:
      'To be asked every second or two: `processing` until there is a QR, then the current one, until the phone ' +
      'has scanned it and the answer is `Device already connected!`.',
    failures: [
      'device_not_found',
      'device_connected',
      'device_kind_unavailable',
      'device_number_taken',
      'pairing_failed',
      'key_not_for_device',
      'number_invalid',
      'number_too_short',
      'number_too_long',
      'storage_full',
      'storage_unavailable',
      'shutting_down',
    ],
    examples: { 'A new device': { device: '6285500000001', force: '1' } },
  },
  answerTo: async ({ house, key, parameters }) => {
    const device = await deviceFor(house, key, parameters.device, parameters.force === true)
    return answerFor(house, device)
  },
})

async function deviceFor(house: House, key: ApiKey, text: string, mayAdd: boolean): Promise<Device> {
  if (findDevice(house, text) !== undefined) return deviceNamed(house, key, text, 'device')
  if (!mayAdd)
    throw new Failure('device_not_found', 'Device not found!', { errors: { device: 'is not known here' } })
  if ('ids' in key.devices) {
    throw new Failure('key_not_for_device', 'This API key is bound to other devices and cannot add one.')
  }
  const normalised = normaliseNumber(text, house.settings.get('numbers.countryCode'))
  if ('problem' in normalised) {
    throw new Failure(normalised.problem, numberSentence(normalised.problem), {
      errors: { device: 'is not a phone number' },
    })
  }
  const kind = 'kind' in key.devices ? key.devices.kind : (house.newDeviceKind ?? 'whatsapp')
  return house.devices.add({ kind, number: normalised.number, name: normalised.number })
}

async function answerFor(house: House, device: Device): Promise<Answer> {
  const { state } = device
  switch (state.name) {
    case 'connected':
      throw new Failure('device_connected', 'Device already connected!')
    case 'pairing':
      return state.qr === null ? processing('Waiting for WhatsApp to give a QR.') : scannable(state.qr.text)
    case 'connecting':
    case 'waiting':
      return processing('The device is paired and is connecting.')
    case 'unpaired':
      sayOnceWhyItFailed(house, device, state.reason)
      await house.devices.pair(device.id, 'qr')
      return answerNow(house, device)
    case 'stopped':
      await (device.paired ? house.devices.connect(device.id) : house.devices.pair(device.id, 'qr'))
      return answerNow(house, device)
    default:
      return assertNever(state)
  }
}

/** What there is by now; a QR takes a moment, so that this is `processing` as a rule. */
function answerNow(house: House, device: Device): Answer {
  const now = house.devices.get(device.id)?.state
  if (now?.name === 'pairing' && now.qr !== null) return scannable(now.qr.text)
  if (now?.name === 'stopped' && now.reason === 'not_in_this_run') {
    const sentence = `Devices of kind ${device.kind} cannot be used in this run of Kurir.`
    throw new Failure('device_kind_unavailable', sentence)
  }
  return processing('Waiting for WhatsApp to give a QR.')
}

function scannable(text: string): Answer {
  const message = 'Scan the QR with WhatsApp on the phone: Settings, Linked devices, Link a device.'
  return success({ status: 'qrcode', qrcode: qrAsDataUrl(text), message }, 'qrcode')
}

function processing(message: string): Answer {
  return success({ status: 'processing', qrcode: null, message }, 'processing')
}

/** Ends of a pairing that a caller who polls is told of, once, before the next poll begins another one. */
const failures: Partial<Record<EndReason, string>> = {
  wrong_phone: 'The QR was scanned by a phone with another number than the device is named by. Try again.',
  number_taken: 'The phone that scanned the QR is another device here already.',
  pairing_refused: 'The phone or WhatsApp declined the pairing. Try again.',
  passkey_required: 'WhatsApp demands a passkey for this account, which cannot be answered here.',
}

const toldOf = new WeakMap<House, Map<string, number>>()
const newsForMs = 5 * 60_000

function sayOnceWhyItFailed(house: House, device: Device, reason: EndReason | null): void {
  const sentence = reason === null ? undefined : failures[reason]
  const told = toldOf.get(house) ?? new Map<string, number>()
  toldOf.set(house, told)
  const isOld = (house.now ?? Date.now)() - device.stateSince > newsForMs
  if (sentence === undefined || isOld || told.get(device.id) === device.stateSince) return
  told.set(device.id, device.stateSince)
  throw new Failure('pairing_failed', sentence)
}
