import { z } from 'zod'
import { success } from '../middleware/responses.ts'
import {
  deviceToPair,
  pairingFailures,
  pairingParameters,
  pairingProgress,
} from '../handlers/pairing-progress.ts'
import { qrAsDataUrl } from '../handlers/qr-png.ts'
import { keyedRoute } from '../handlers/api-route.ts'

export const generateQr = keyedRoute({
  path: '/generate-qr',
  methods: ['GET', 'POST'],
  right: 'manage',
  parameters: pairingParameters,
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
    failures: pairingFailures,
    examples: { 'A new device': { device: '6285500000001', force: '1' } },
  },
  handle: async ({ services, key, parameters }) => {
    const device = await deviceToPair(services, key, parameters.device, parameters.force === true)
    const progress = await pairingProgress(services, device, {
      how: 'qr',
      shown: ({ qr }) => qr?.text ?? null,
    })
    if (progress.shown === null) {
      return success({ status: 'processing', qrcode: null, message: progress.sentence }, 'processing')
    }
    const message = 'Scan the QR with WhatsApp on the phone: Settings, Linked devices, Link a device.'
    return success({ status: 'qrcode', qrcode: qrAsDataUrl(progress.shown), message }, 'qrcode')
  },
})
