import { afterEach, expect, test } from 'vitest'
import type { SendOutcome } from '../../src-main/devices/connection/sending/outgoing.ts'
import { device, only, Fixture, someone, until } from './messages-fixture.ts'
import { acknowledged } from './scripted-devices.ts'

const day = 24 * 3_600_000

let fixture: Fixture
afterEach(() => fixture.stop())
const lastAt = (): number | undefined =>
  fixture.database
    .statement<{ at: number }>('SELECT last_at AS at FROM contacts WHERE recipient = ?')
    .get(someone)?.at

test('a contact that is written to more often than daily is not forgotten, however long the program runs', async () => {
  fixture = await new Fixture({ 'log.retentionDays': 1 }).start()
  for (let half = 0; half < 8; half++) {
    await fixture.send(`message ${half}`)
    fixture.pass(day / 2)
  }
  expect(fixture.now() - (lastAt() ?? 0)).toBeLessThan(2 * day)
  fixture.pass(88 * day)
  await fixture.messages.sweep()
  expect(lastAt()).toBeDefined()
})

test('contacts are forgotten once they were not written to for 90 days, a day late at most', async () => {
  fixture = await new Fixture({ 'log.retentionDays': 1 }).start()
  await fixture.send('Hello')
  fixture.pass(89.5 * day)
  await fixture.messages.sweep()
  expect(lastAt()).toBeDefined()
  fixture.pass(0.6 * day)
  await fixture.messages.sweep()
  expect(lastAt()).toBeDefined()
  fixture.pass(0.4 * day)
  await fixture.messages.sweep()
  expect(lastAt()).toBeUndefined()
})

test('a message whose first news is a receipt makes its recipient known', async () => {
  fixture = await new Fixture().start()
  const acknowledgement = Promise.withResolvers<SendOutcome>()
  fixture.devices.answer = () => acknowledgement.promise
  const { id } = only(await fixture.send('Hello', { queue: true, budgetMs: 50 }))
  await until(() => fixture.devices.handed.length === 1)
  await fixture.crash()
  expect(lastAt()).toBeUndefined()
  const at = fixture.now() + 1_000
  fixture.devices.onReceipt.emit({ deviceId: device, messageIds: [id], from: someone, kind: 'delivered', at })
  await until(() => fixture.messages.get(id)?.state === 'delivered')
  expect(lastAt()).toBe(at)
  acknowledgement.resolve(acknowledged())
})
