import { z } from 'zod'
import { success } from '../middleware/responses.ts'
import { sender } from '../handlers/common-parameters.ts'
import { keyedRoute } from '../handlers/api-route.ts'
import { deviceNamed } from '../handlers/find-device.ts'

export const deleteDevice = keyedRoute({
  path: '/delete-device',
  methods: ['POST'],
  right: 'manage',
  parameters: z.object({ sender }),
  answer: z.object({ status: z.literal(true), message: z.string() }),
  documentation: {
    summary: 'Delete a device',
    description: 'Logs it out and takes it off the list. Its messages stay in the log.',
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
    await services.devices.remove(device.id)
    return success({ status: true, message: 'The device is deleted.' })
  },
})
