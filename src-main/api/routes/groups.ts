import { z } from 'zod'
import { success } from '../answers.ts'
import { sender } from '../parameters.ts'
import { keyedRoute } from '../route.ts'
import { deviceNamed } from '../sender.ts'

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
  answerTo: async ({ house, key, parameters }) => {
    const device = deviceNamed(house, key, parameters.sender, 'sender')
    const found = await house.devices.groups(device.id)
    return success({ status: true, groups: found.map(({ id, subject }) => ({ id, subject })) })
  },
})
