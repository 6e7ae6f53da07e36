import { z } from 'zod'
import { success } from '../middleware/responses.ts'
import { sender } from '../handlers/common-parameters.ts'
import { keyedRoute } from '../handlers/api-route.ts'
import { deviceNamed } from '../handlers/find-device.ts'

export const groups = keyedRoute({
  path: '/groups',
  methods: ['GET'],
  right: 'read',
  parameters: z.object({ sender }),
  answer: z.object({
    status: z.literal(true),
    groups: z.array(
      z.object({
        id: z.string().meta({ description: 'To be given as number: …@g.us.' }),
        subject: z.string(),
      }),
    ),
  }),
  documentation: {
    summary: 'List the groups of a device',
    description: 'For callers that send to a group.',
    failures: ['sender_unknown', 'device_disconnected', 'key_not_for_device', 'lookup_failed'],
    examples: { 'All groups': { sender: '6285500000000' } },
  },
  handle: async ({ services, key, parameters }) => {
    const device = deviceNamed(services, key, parameters.sender, 'sender')
    const found = await services.devices.groups(device.id)
    return success({ status: true, groups: found.map(({ id, subject }) => ({ id, subject })) })
  },
})
