import { z } from 'zod'
import type { DeviceState } from '../../devices/device.ts'
import { success } from '../middleware/responses.ts'
import type { OpenRoute } from '../handlers/api-route.ts'

const states = ['unpaired', 'pairing', 'connecting', 'waiting', 'connected', 'stopped'] as const

export const health: OpenRoute = {
  path: '/health',
  methods: ['GET'],
  right: null,
  answer: z.object({
    status: z.literal(true),
    version: z.string(),
    devices: z
      .record(z.enum(states), z.number().int())
      .meta({ description: 'How many devices are in each state.' }),
    queue: z.number().int().meta({ description: 'Messages that wait in the outbox.' }),
  }),
  documentation: {
    summary: 'Whether it runs',
    description: 'For monitoring. Needs no key and says nothing personal.',
    failures: [],
    examples: {},
  },
  handle: ({ services }) => {
    const devices = Object.fromEntries(states.map((state) => [state, 0])) as Record<
      DeviceState['name'],
      number
    >
    for (const device of services.devices.list()) devices[device.state.name] += 1
    return success({
      status: true,
      version: services.version,
      devices,
      queue: services.messages.queueDepth(),
    })
  },
}
