import { z } from 'zod'
import { success } from '../middleware/responses.ts'
import { text } from '../handlers/common-parameters.ts'
import { keyedRoute } from '../handlers/api-route.ts'
import type { Device } from '../../devices/device.ts'
import { covers } from '../../keys/api-key.ts'
import { findDevice } from '../handlers/find-device.ts'

export const infoDevices = keyedRoute({
  path: '/info-devices',
  methods: ['GET', 'POST'],
  right: 'read',
  parameters: z.object({
    number: text('Only the device with this number.', 64, '6285500000000').optional(),
  }),
  answer: z.object({
    status: z.literal(true),
    info: z.array(
      z.object({
        id: z.string(),
        body: z.string().meta({ description: 'The device’s number; empty for one that has none yet.' }),
        status: z.enum(['Connected', 'Disconnect']),
        message_sent: z.number().int().meta({ description: 'Messages that WhatsApp has acknowledged.' }),
        new_chat_quota: z
          .object({
            used: z.number().int().nullable(),
            total: z.number().int().nullable(),
            until: z.string().nullable().meta({ description: 'When it begins anew, in ISO 8601.' }),
            used_up: z.boolean().meta({ description: 'New contacts are refused until then.' }),
          })
          .optional()
          .meta({ description: 'WhatsApp’s own quota of new chats, where it names one.' }),
        relink_advised: z.literal(true).optional().meta({
          description:
            'Linked by an older version: WhatsApp refuses its first messages to people who have not written. Link it again.',
        }),
      }),
    ),
  }),
  documentation: {
    summary: 'List the devices',
    description: 'Those that the key may use.',
    failures: [],
    examples: { 'All devices': {}, 'One device': { number: '6285500000000' } },
  },
  handle: ({ services, key, parameters: { number } }) => {
    const named = number === undefined ? services.devices.list() : [findDevice(services, number)]
    const info = named
      .filter((device) => device !== undefined)
      .filter((device) => covers(key.devices, device))
      .map((device) => ({
        id: device.id,
        body: device.number ?? '',
        status: device.state.name === 'connected' ? 'Connected' : 'Disconnect',
        message_sent: services.messages.sentCount(device.id),
        ...quotaOf(device),
        ...(device.relinkAdvised && { relink_advised: true as const }),
      }))
    return success({ status: true, info })
  },
})

function quotaOf({ newChatQuota }: Device): object {
  if (newChatQuota === null) return {}
  const { used, total, until, usedUp } = newChatQuota
  const untilText = until === null ? null : new Date(until).toISOString()
  return { new_chat_quota: { used, total, until: untilText, used_up: usedUp } }
}
