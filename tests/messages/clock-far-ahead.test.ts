import { afterEach, expect, test } from 'vitest'
import { device, only, Rig, until } from './rig.ts'

const days = 24 * 3_600_000

let rig: Rig
afterEach(() => rig.stop())

test('a clock that is years ahead of every proof of time ends nothing that waits, until it is proven', async () => {
  const before = Date.now()
  let proven = before
  rig = await new Rig({}, null, { retentionNow: () => proven }).start()
  rig.devices.drop(device, 0)
  const waiting = only(await rig.send('before', { queue: true })).id
  rig.clock.ahead += 730 * days
  // Another message has the queue looked at by the new time; it is later than that proof, and waits too.
  const later = only(await rig.send('later', { queue: true })).id
  await rig.restart()
  expect([waiting, later].map((id) => rig.messages.get(id)?.state)).toEqual(['queued', 'queued'])
  proven = rig.now()
  await rig.restart()
  await until(() => rig.messages.get(waiting)?.state === 'expired')
  expect(rig.messages.get(later)?.state).toBe('queued')
})
