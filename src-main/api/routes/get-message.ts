import { z } from 'zod'
import { Failure } from '../../lib/failure.ts'
import { success } from '../middleware/responses.ts'
import { text } from '../handlers/common-parameters.ts'
import { keyedRoute } from '../handlers/api-route.ts'
import type { Device } from '../../devices/device.ts'
import type { ApiKey } from '../../keys/keys.ts'
import { covers } from '../../keys/api-key.ts'
import { messageState } from '../handlers/submit-call.ts'

const time = z.iso.datetime()

export const message = keyedRoute({
  path: '/messages/:id',
  methods: ['GET'],
  right: 'read',
  parameters: z.object({ id: text('The id that the message was answered with.', 128) }),
  answer: z.object({
    status: z.literal(true),
    data: z.object({
      id: z.string(),
      sender: z.string().nullable(),
      number: z.string().meta({ description: 'The recipient, normalised.' }),
      jid: z
        .string()
        .optional()
        .meta({ description: 'Where WhatsApp knows the recipient by another number: that one.' }),
      kind: z.enum(['text', 'image', 'video', 'audio', 'voice', 'document']),
      state: messageState,
      created_at: time,
      changed_at: time,
      states: z.array(z.object({ state: messageState, at: time })),
      code: z.string().optional().meta({ description: 'Why it failed or waits.' }),
      msg: z.string().optional(),
    }),
  }),
  documentation: {
    summary: 'Follow a message',
    description:
      'Its state and when it came to each state. Only messages of the key’s own devices are shown.',
    failures: ['message_not_found'],
    examples: {},
  },
  handle: ({ services, key, parameters: { id } }) => {
    const row = services.messages.get(id)
    const device = row === undefined ? undefined : services.devices.get(row.deviceId)
    // A message of another key's device is no different from none: ids are not to be probed.
    if (row === undefined || !mayKnow(key, device)) {
      throw new Failure('message_not_found', 'There is no such message among the devices of this key.')
    }
    const jid = services.messages.otherJid(row)
    const data = {
      id: row.id,
      sender: device?.number ?? null,
      number: row.recipient,
      ...(jid === null ? {} : { jid }),
      kind: row.kind,
      state: row.state,
      created_at: new Date(row.createdAt).toISOString(),
      changed_at: new Date(row.changedAt).toISOString(),
      states: services.messages.story(id).map(({ state, at }) => ({ state, at: new Date(at).toISOString() })),
      ...(row.failure === null ? {} : { code: row.failure.code, msg: row.failure.reason }),
    }
    return success({ status: true, data })
  },
})

/** Messages of a device that was deleted are left to keys for all devices. */
function mayKnow(key: ApiKey, device: Device | undefined): boolean {
  return device === undefined ? 'all' in key.devices : covers(key.devices, device)
}
