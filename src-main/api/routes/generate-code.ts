import { z } from 'zod'
import { success } from '../middleware/responses.ts'
import {
  deviceToPair,
  pairingFailures,
  pairingParameters,
  pairingProgress,
} from '../handlers/pairing-progress.ts'
import { keyedRoute } from '../handlers/api-route.ts'

export const generateCode = keyedRoute({
  path: '/generate-code',
  methods: ['GET', 'POST'],
  right: 'manage',
  parameters: pairingParameters,
  answer: z.object({
    status: z.enum(['code', 'processing']),
    code: z.string().nullable().meta({ description: 'The code to show, as XXXX-XXXX.' }),
    message: z.string(),
  }),
  documentation: {
    summary: 'Pair a device by code',
    description:
      'For phones whose camera cannot see a QR. To be asked every second or two: `processing` until there is a ' +
      'code, then that code, until it was typed into the phone and the answer is `Device already connected!`.',
    failures: pairingFailures,
    examples: { 'A new device': { device: '6285500000001', force: '1' } },
  },
  handle: async ({ services, key, parameters }) => {
    const device = await deviceToPair(services, key, parameters.device, parameters.force === true)
    const progress = await pairingProgress(services, device, {
      how: 'code',
      shown: ({ code }) => code?.text ?? null,
    })
    if (progress.shown === null) {
      return success({ status: 'processing', code: null, message: progress.sentence }, 'processing')
    }
    const message =
      'Type the code into WhatsApp on the phone: Linked devices, Link a device, Link with phone number instead.'
    return success({ status: 'code', code: withDash(progress.shown), message }, 'code')
  },
})

function withDash(code: string): string {
  return code.length === 8 ? `${code.slice(0, 4)}-${code.slice(4)}` : code
}
