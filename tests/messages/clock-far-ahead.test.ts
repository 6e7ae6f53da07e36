import { afterEach, expect, test } from 'vitest'
import { device, only, Fixture, until } from './messages-fixture.ts'

const days = 24 * 3_600_000

let fixture: Fixture
afterEach(() => fixture.stop())

test('a clock that is years ahead of every proof of time ends nothing that waits, until it is proven', async () => {
  const before = Date.now()
  let proven = before
  fixture = await new Fixture({}, null, { retentionNow: () => proven }).start()
  fixture.devices.drop(device, 0)
  const waiting = only(await fixture.send('before', { queue: true })).id
  fixture.clock.ahead += 730 * days
  // Another message has the queue looked at by the new time; it is later than that proof, and waits too.
  const later = only(await fixture.send('later', { queue: true })).id
  await fixture.restart()
  expect([waiting, later].map((id) => fixture.messages.get(id)?.state)).toEqual(['queued', 'queued'])
  proven = fixture.now()
  await fixture.restart()
  await until(() => fixture.messages.get(waiting)?.state === 'expired')
  expect(fixture.messages.get(later)?.state).toBe('queued')
})
