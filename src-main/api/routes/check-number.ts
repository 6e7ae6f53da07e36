import { z } from 'zod'
import { Failure } from '../../lib/failure.ts'
import { requireNumber } from '../../lib/phone-numbers/read-number.ts'
import { success } from '../middleware/responses.ts'
import type { ApiServices } from '../handlers/api-services.ts'
import { sender, text } from '../handlers/common-parameters.ts'
import { RequestRate } from '../middleware/request-rate.ts'
import { keyedRoute } from '../handlers/api-route.ts'
import { deviceNamed } from '../handlers/find-device.ts'

/** Look-ups in bulk are what WhatsApp bars accounts for. */
const perMinute = 30

const rates = new WeakMap<ApiServices, RequestRate>()

export const checkNumber = keyedRoute({
  path: '/check-number',
  methods: ['GET', 'POST'],
  right: 'send',
  parameters: z.object({
    sender,
    number: text('The phone number to ask WhatsApp about, in any spelling.', 64, '6285500000500'),
  }),
  answer: z.object({
    status: z.literal(true),
    msg: z
      .union([z.object({ exists: z.literal(true), jid: z.string() }), z.literal(false)])
      .meta({ description: 'false for a number that is not on WhatsApp.' }),
    number: z
      .string()
      .optional()
      .meta({ description: 'With false: the number as it was read, where it was written otherwise.' }),
  }),
  documentation: {
    summary: 'Ask whether a number is on WhatsApp',
    description: `At most ${String(perMinute)} a minute for a device: WhatsApp bars accounts that ask in bulk.`,
    failures: [
      'sender_unknown',
      'device_disconnected',
      'key_not_for_device',
      'number_invalid',
      'number_too_short',
      'number_too_long',
      'lookup_failed',
    ],
    examples: { 'A number': { sender: '6285500000000', number: '6285500000500' } },
  },
  handle: async ({ services, key, parameters }) => {
    const device = deviceNamed(services, key, parameters.sender, 'sender')
    const number = requireNumber(parameters.number, services.settings.get('numbers.countryCode'), 'number')
    const rate = rates.get(services) ?? new RequestRate(services.now)
    rates.set(services, rate)
    if (device.kind === 'whatsapp') rate.take(device.id, perMinute)
    const found = (await services.devices.lookUp(device.id, [number])).get(number)
    if (found === undefined)
      throw new Failure('lookup_failed', 'WhatsApp did not answer about that number. Try again.')
    return success({
      status: true,
      msg: found.exists ? { exists: true, jid: found.jid } : false,
      // Where it is there, its jid says what was read.
      ...(found.exists || parameters.number === number ? {} : { number }),
    })
  },
})
