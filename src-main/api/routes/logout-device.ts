import { z } from 'zod'
import { success } from '../middleware/responses.ts'
import { sender } from '../handlers/common-parameters.ts'
import { keyedRoute } from '../handlers/api-route.ts'
import { deviceNamed } from '../handlers/find-device.ts'

export const logoutDevice = keyedRoute({
  path: '/logout-device',
  methods: ['POST'],
  right: 'manage',
  parameters: z.object({ sender }),
  answer: z.object({ status: z.literal(true), message: z.string() }),
  documentation: {
    summary: 'Log a device out',
    description: 'The phone forgets this PC; the device stays in the list and can be paired again.',
    failures: [
      'sender_unknown',
      'key_not_for_device',
      'storage_full',
      'storage_unavailable',
      'database_damaged',
      'shutting_down',
    ],
    examples: {},
  },
  handle: async ({ services, key, parameters }) => {
    const device = deviceNamed(services, key, parameters.sender, 'sender')
    await services.devices.logOut(device.id)
    return success({ status: true, message: 'The device is logged out.' })
  },
})
