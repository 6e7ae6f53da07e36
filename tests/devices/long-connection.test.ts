import { queryObjects } from 'node:v8'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pairedDevice, sendText, startRig } from './rig.ts'
import type { Rig } from './rig.ts'

const messages = 200

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig.stop())

/** Those that somebody still holds: garbage is collected before they are counted. */
const promisesHeld = (): number => queryObjects(Promise, { format: 'count' })

it('a connection that lasts keeps nothing of the messages that went over it', async () => {
  const { id } = await pairedDevice(rig)
  const send = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const { outcome } = await sendText(rig.devices, id, '6281234567890@s.whatsapp.net', `text ${index}`)
      expect(outcome.result).toBe('acknowledged')
    }
  }
  await send(30)
  const before = promisesHeld()
  await send(messages)
  // One each would be 200.
  expect(promisesHeld() - before).toBeLessThan(messages / 2)
})

it('nor of the numbers that were looked up over it', async () => {
  const { id } = await pairedDevice(rig, '6285500000001')
  const lookUp = async (first: number, count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      await rig.devices.lookUp(id, [String(6_281_200_000_000 + first + index)])
    }
  }
  await lookUp(0, 30)
  const before = promisesHeld()
  await lookUp(1_000, messages)
  expect(promisesHeld() - before).toBeLessThan(messages / 2)
})
