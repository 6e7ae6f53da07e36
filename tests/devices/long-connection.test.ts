import { queryObjects } from 'node:v8'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { loadBaileys } from '../../src-main/devices/baileys/baileys.ts'
import { eventually } from '../support/program.ts'
import { pairedDevice, sendText, startFixture } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const { proto } = await loadBaileys()
const messages = 200

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.stop())

/** Those that somebody still holds: garbage is collected before they are counted. */
const promisesHeld = (): number => queryObjects(Promise, { format: 'count' })
const messagesHeld = (): number => queryObjects(proto.Message, { format: 'count' })

it('a connection that lasts keeps nothing of the messages that went over it', async () => {
  const { id } = await pairedDevice(fixture)
  const send = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const { outcome } = await sendText(fixture.devices, id, '6281234567890@s.whatsapp.net', `text ${index}`)
      expect(outcome.result).toBe('acknowledged')
    }
  }
  await send(30)
  const before = { promises: promisesHeld(), messages: messagesHeld() }
  await send(messages)
  // One each would be 200.
  expect(promisesHeld() - before.promises).toBeLessThan(messages / 2)
  expect(messagesHeld() - before.messages).toBeLessThan(messages / 2)
})

it('nor of the numbers that were looked up over it', async () => {
  const { id } = await pairedDevice(fixture, '6285500000001')
  const lookUp = async (first: number, count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      await fixture.devices.lookUp(id, [String(6_281_200_000_000 + first + index)])
    }
  }
  await lookUp(0, 30)
  const before = promisesHeld()
  await lookUp(1_000, messages)
  expect(promisesHeld() - before).toBeLessThan(messages / 2)
})

it('a message to somebody new writes as much after a hundred others as after one', async () => {
  const { id } = await pairedDevice(fixture, '6285500000002')
  const tokens = fixture.database.statement<{ bytes: number }>(
    `SELECT length(sealed) AS bytes FROM session_keys WHERE device_id = ? AND type = 'tctoken'`,
  )
  for (let index = 0; index < 100; index++) {
    const { outcome } = await sendText(
      fixture.devices,
      id,
      `${6_281_300_000_000 + index}@s.whatsapp.net`,
      'hello',
    )
    expect(outcome.result).toBe('acknowledged')
  }
  const records = await eventually(() => {
    const found = tokens.all(id)
    return found.length >= 100 && found
  })
  // A list of all of them would have 3 kB.
  expect(Math.max(...records.map(({ bytes }) => bytes))).toBeLessThan(300)
})

it('leaves the phone’s address book on the phone, and asks for the account’s own name', async () => {
  const number = '6285500000003'
  const { id } = await pairedDevice(fixture, number)
  const asked = (): string[] => fixture.sandbox.appStateAsked(number)
  await eventually(() => fixture.sandbox.unconfirmed(number) === 0)
  for (const collection of ['regular', 'regular_high', 'critical_unblock_low']) {
    fixture.sandbox.changeAppState(number, collection)
  }
  // Behind it on the same line.
  const { outcome } = await sendText(fixture.devices, id, '6281234567890@s.whatsapp.net', 'after the news')
  expect(outcome.result).toBe('acknowledged')
  expect(asked().filter((name) => name === 'regular' || name === 'critical_unblock_low')).toEqual([])
  const before = asked().length
  fixture.sandbox.changeAppState(number, 'critical_block')
  await eventually(() => asked().slice(before).includes('critical_block'))
})

it('a message and its receipts cost no timer of Baileys’, and the receipts are acknowledged', async () => {
  const own = await startFixture({ sendDeadline: 14_000 })
  const number = '6285500000004'
  const { id } = await pairedDevice(own, number)
  const sendAndHear = async (text: string): Promise<void> => {
    await sendText(own.devices, id, '6281234567890@s.whatsapp.net', text)
    await eventually(() => own.sandbox.unreported(number) === 0)
  }
  await sendAndHear('to somebody new')
  const timers = vi.spyOn(globalThis, 'setTimeout')
  await sendAndHear('read this')
  const lasting = timers.mock.calls.map(([, ms]) => ms)
  timers.mockRestore()
  await own.stop()
  expect(lasting).toContain(14_000)
  // A frame's own, and its buffer of events'.
  expect(lasting).not.toContain(15_000)
  expect(lasting).not.toContain(30_000)
})
