import { afterEach, expect, test } from 'vitest'
import type { SendOutcome } from '../../src-main/devices/connection/sending.ts'
import { device, only, Rig, someone, until } from './rig.ts'
import { acknowledged } from './scripted-devices.ts'

const day = 24 * 3_600_000

let rig: Rig
afterEach(() => rig.stop())
const lastAt = (): number | undefined =>
  rig.database
    .statement<{ at: number }>('SELECT last_at AS at FROM contacts WHERE recipient = ?')
    .get(someone)?.at

test('a contact that is written to more often than daily is not forgotten, however long the program runs', async () => {
  rig = await new Rig({ 'log.retentionDays': 1 }).start()
  for (let half = 0; half < 8; half++) {
    await rig.send(`message ${half}`)
    rig.pass(day / 2)
  }
  expect(rig.now() - (lastAt() ?? 0)).toBeLessThan(2 * day)
  rig.pass(88 * day)
  await rig.messages.sweep()
  expect(lastAt()).toBeDefined()
})

test('contacts are forgotten once they were not written to for 90 days, a day late at most', async () => {
  rig = await new Rig({ 'log.retentionDays': 1 }).start()
  await rig.send('Hello')
  rig.pass(89.5 * day)
  await rig.messages.sweep()
  expect(lastAt()).toBeDefined()
  rig.pass(0.6 * day)
  await rig.messages.sweep()
  expect(lastAt()).toBeDefined()
  rig.pass(0.4 * day)
  await rig.messages.sweep()
  expect(lastAt()).toBeUndefined()
})

test('a message whose first news is a receipt makes its recipient known', async () => {
  rig = await new Rig().start()
  const acknowledgement = Promise.withResolvers<SendOutcome>()
  rig.devices.answer = () => acknowledgement.promise
  const { id } = only(await rig.send('Hello', { queue: true, budgetMs: 50 }))
  await until(() => rig.devices.handed.length === 1)
  await rig.crash()
  expect(lastAt()).toBeUndefined()
  const at = rig.now() + 1_000
  rig.devices.onReceipt.emit({ deviceId: device, messageIds: [id], from: someone, kind: 'delivered', at })
  await until(() => rig.messages.get(id)?.state === 'delivered')
  expect(lastAt()).toBe(at)
  acknowledgement.resolve(acknowledged())
})
