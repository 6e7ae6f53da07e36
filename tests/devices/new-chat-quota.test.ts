import { afterEach, beforeEach, expect, it } from 'vitest'
import { pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const sender = '6285500000000'
const jid = (last: number): string => `62812345678${10 + last}@s.whatsapp.net`

let fixture: Fixture
let id: string
beforeEach(async () => {
  fixture = await startFixture()
  ;({ id } = await pairedDevice(fixture, sender))
})
afterEach(() => fixture.stop())

const say = async (last: number) => (await sendText(fixture.devices, id, jid(last), 'Halo')).outcome

it('a device knows no quota where WhatsApp names none, and when it was linked', async () => {
  const device = fixture.devices.get(id)
  expect(device?.newChatQuota).toBeNull()
  expect(device?.pairedAt).toBeGreaterThan(Date.now() - 60_000)
  const devices = await fixture.restart()
  expect(devices.get(id)?.pairedAt).toBe(device?.pairedAt)
})

it('one new chat more than WhatsApp allows is refused with 475, known contacts go on', async () => {
  fixture.sandbox.fault({ kind: 'new-chat-cap', total: 2 })
  expect(await say(1)).toMatchObject({ result: 'acknowledged' })
  // WhatsApp says by itself that half of it is used.
  await until(fixture.devices, id, ({ newChatQuota }) => newChatQuota?.used === 1)
  expect(fixture.devices.get(id)?.newChatQuota).toMatchObject({ total: 2, usedUp: false })
  expect(await say(2)).toMatchObject({ result: 'acknowledged' })
  expect(await say(3)).toMatchObject({ result: 'refused', code: 'new_chat_quota_used', whatsappCode: 475 })
  const { newChatQuota } = await until(fixture.devices, id, (device) => device.newChatQuota?.usedUp === true)
  expect(newChatQuota).toMatchObject({ used: 2, total: 2, usedUp: true })
  expect(newChatQuota?.until).toBeGreaterThan(Date.now() + 29 * 24 * 3_600_000)
  expect(await say(1)).toMatchObject({ result: 'acknowledged' })
  expect(fixture.sandbox.reports()).toEqual([])
})

it('is asked for at each connection, and kept over a restart', async () => {
  fixture.sandbox.fault({ kind: 'new-chat-cap', total: 10 })
  await fixture.restart()
  const { newChatQuota } = await until(fixture.devices, id, (device) => device.newChatQuota !== null)
  expect(newChatQuota).toMatchObject({ used: 0, total: 10, usedUp: false })
  await fixture.devices.stop()
  const devices = await fixture.restart()
  expect(devices.get(id)?.newChatQuota).toEqual(newChatQuota)
})

it('with an end that no date can tell counts as one that names none', async () => {
  fixture.sandbox.fault({ kind: 'new-chat-cap', total: 10, ms: 8_640_000_000_001_000 })
  await fixture.restart()
  const { newChatQuota } = await until(fixture.devices, id, (device) => device.newChatQuota !== null)
  expect(newChatQuota).toEqual({ used: 0, total: 10, until: null, usedUp: false })
})

it('is known to be used up by the refusal alone, and begins anew at the end of its cycle', async () => {
  fixture.sandbox.fault({ kind: 'ack-error', code: 475 })
  expect(await say(4)).toMatchObject({ code: 'new_chat_quota_used' })
  const { newChatQuota } = await until(fixture.devices, id, (device) => device.newChatQuota !== null)
  expect(newChatQuota).toEqual({ used: null, total: null, until: null, usedUp: true })
  fixture.sandbox.fault({ kind: 'new-chat-cap', total: 1, ms: 4_000 })
  expect(await say(5)).toMatchObject({ result: 'acknowledged' })
  await until(fixture.devices, id, (device) => device.newChatQuota?.until != null)
  await until(fixture.devices, id, (device) => device.newChatQuota === null, 10_000)
  expect(await say(6)).toMatchObject({ result: 'acknowledged' })
})

it('a bar on new contacts ends by its time, though nobody is told', async () => {
  await say(7)
  fixture.sandbox.fault({ kind: 'time-lock', ms: 4_000 })
  await until(fixture.devices, id, ({ timeLock }) => timeLock !== null)
  expect(await say(8)).toMatchObject({ result: 'refused', whatsappCode: 463 })
  expect(await say(7)).toMatchObject({ result: 'acknowledged' })
  await until(fixture.devices, id, ({ timeLock }) => timeLock === null, 10_000)
  await expect.poll(async () => (await say(9)).result, { timeout: 5_000 }).toBe('acknowledged')
})
