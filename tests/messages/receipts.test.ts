import * as fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { Receipt, SendOutcome } from '../../src-main/devices/connection/sending/outgoing.ts'
import { isDecided, mayFollow, messageStates, predecessors } from '../../src-main/messages/message-state.ts'
import type { Message, MessageState } from '../../src-main/messages/message.ts'
import { device, only, Fixture, someone, until } from './messages-fixture.ts'
import { acknowledged, notSent, unknown } from './scripted-devices.ts'

let fixture: Fixture
afterEach(() => fixture.stop())
const begin = async (): Promise<Fixture> => (fixture = await new Fixture().start())
const receipt = (id: string, kind: Receipt['kind'], at = fixture.now()): void =>
  fixture.devices.onReceipt.emit({ deviceId: device, messageIds: [id], from: someone, kind, at })

/** Something that is written after everything before it. */
const settle = (): Promise<void> => fixture.database.write(() => undefined)

test('which state may follow which', async () => {
  await begin()
  const table = Object.fromEntries(
    messageStates.map((from) => [from, messageStates.filter((to) => mayFollow(from, to)).join(' ')]),
  )
  expect(table).toEqual({
    queued: 'sending sent delivered read played failed expired',
    sending: 'sent delivered read played failed expired',
    sent: 'delivered read played',
    delivered: 'read played',
    read: 'played',
    played: '',
    failed: 'delivered read played',
    expired: 'delivered read played',
  })
  expect(predecessors('read')).toEqual(['queued', 'sending', 'sent', 'delivered', 'failed', 'expired'])
})

const orders: [Receipt['kind'][], MessageState][] = [
  [['delivered'], 'delivered'],
  [['delivered', 'read'], 'read'],
  [['read', 'delivered'], 'read'],
  [['played', 'read', 'delivered'], 'played'],
  [['read', 'read', 'delivered', 'delivered'], 'read'],
]
test.each(orders)('receipts %j leave the row %s', async (kinds, state) => {
  await begin()
  const { id } = only(await fixture.send('Hello'))
  for (const kind of kinds) receipt(id, kind)
  await settle()
  expect(fixture.messages.get(id)?.state).toBe(state)
  const markAnswered = fixture.messages.story(id).map((change) => messageStates.indexOf(change.state))
  expect(markAnswered).toEqual([...markAnswered].sort((a, b) => a - b))
  expect(new Set(markAnswered).size).toBe(markAnswered.length)
})

test('receipts for unknown ids, and of another device, change nothing', async () => {
  await begin()
  const { id } = only(await fixture.send('Hello'))
  receipt('3EB0FFFFFFFFFFFFFFFFFF', 'read')
  fixture.devices.onReceipt.emit({ deviceId: 'other', messageIds: [id], from: someone, kind: 'read', at: 1 })
  await settle()
  expect(fixture.messages.get(id)?.state).toBe('sent')
})

test('one receipt may tell of several messages, and after a restart', async () => {
  await begin()
  const ids = [only(await fixture.send('one')).id, only(await fixture.send('two')).id]
  await fixture.crash()
  fixture.devices.onReceipt.emit({
    deviceId: device,
    messageIds: ids,
    from: someone,
    kind: 'read',
    at: fixture.now(),
  })
  await settle()
  expect(ids.map((id) => fixture.messages.get(id)?.state)).toEqual(['read', 'read'])
})

test('a receipt before the acknowledgement decides the row, and the caller hears of it', async () => {
  await begin()
  fixture.devices.answer = ({ messageId }) => {
    receipt(messageId, 'delivered')
    return new Promise(() => undefined)
  }
  const submission = await fixture.send('Hello')
  expect(submission.results[0]).toMatchObject({ message: { state: 'delivered' }, failure: null })
  expect(fixture.messages.sentCount(device)).toBe(1)
})

test('receipts that come together before the acknowledgement count the message once', async () => {
  await begin()
  fixture.devices.answer = ({ messageId }) => {
    receipt(messageId, 'delivered')
    receipt(messageId, 'read')
    return new Promise(() => undefined)
  }
  const { id } = only(await fixture.send('Hello', { budgetMs: 100 }))
  await settle()
  expect(fixture.messages.get(id)?.state).toBe('read')
  expect(fixture.messages.sentCount(device)).toBe(1)
})

test('an acknowledgement after the receipt does not take the row back', async () => {
  await begin()
  fixture.devices.answer = async ({ messageId }) => {
    receipt(messageId, 'read')
    await settle()
    return acknowledged()
  }
  const { id } = only(await fixture.send('Hello'))
  await until(() => fixture.messages.queueDepth() === 0)
  await settle()
  expect(fixture.messages.get(id)?.state).toBe('read')
})

test('a receipt for a row that was given up proves that it arrived', async () => {
  await begin()
  fixture.devices.script.push(unknown)
  const { id } = only(await fixture.send('Hello', { budgetMs: 50 }))
  fixture.devices.drop(device, 0)
  fixture.pass(25 * 3_600_000)
  await until(() => fixture.messages.get(id)?.state === 'expired')
  receipt(id, 'delivered')
  await settle()
  expect(fixture.messages.get(id)).toMatchObject({ state: 'delivered', failure: null })
})

test('everybody who listens hears of each change once, in order', async () => {
  await begin()
  const heard: string[] = []
  fixture.messages.onChange.add(({ state }) => heard.push(state))
  const { id } = only(await fixture.send('Hello'))
  receipt(id, 'delivered')
  receipt(id, 'delivered')
  receipt(id, 'read')
  await settle()
  expect(heard).toEqual(['queued', 'sending', 'sent', 'delivered', 'read'])
})

test('nobody hears of an acknowledgement that a receipt has overtaken', async () => {
  await begin()
  const heard: string[] = []
  fixture.messages.onChange.add(({ state }) => heard.push(state))
  fixture.devices.answer = ({ messageId }) => {
    receipt(messageId, 'delivered')
    return acknowledged()
  }
  const { id } = only(await fixture.send('Hello'))
  await settle()
  expect(heard).toEqual(['queued', 'sending', 'delivered'])
  expect(fixture.messages.get(id)?.state).toBe('delivered')
  expect(fixture.messages.sentCount(device)).toBe(1)
})

/** Anything that can happen to one message. */
type Event = SendOutcome['result'] | Receipt['kind'] | 'drop' | 'connect' | 'crash' | 'hour'
const anyEvent = fc.constantFrom<Event>(
  'acknowledged',
  'refused',
  'unknown',
  'not_sent',
  'delivered',
  'read',
  'played',
  'drop',
  'connect',
  'crash',
  'hour',
)

test('whatever happens, a row never goes back and does not stay undecided for ever', async () => {
  await begin()
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { maxLength: 8 }), fc.uuid(), async (events, text) => {
      fixture.devices.script.length = 0
      fixture.devices.connect(device, fixture.now())
      fixture.devices.answer = () => unknown
      const seen: Message[] = []
      fixture.messages.onChange.add((message) => message.text === text && seen.push(message))
      const { id } = only(await fixture.send(text, { budgetMs: 0, queue: true }))
      for (const event of events) await happen(event, id)
      fixture.devices.drop(device, 0)
      fixture.pass(25 * 3_600_000)
      await until(() => isDecided(fixture.messages.get(id)?.state ?? 'queued'))
      const states = seen.map(({ state }) => state)
      for (const [index, state] of states.slice(1).entries()) {
        const before = states[index] ?? 'queued'
        expect(state === before || mayFollow(before, state), states.join()).toBe(true)
      }
      const markAnswered = fixture.messages.story(id)
      for (const [index, change] of markAnswered.slice(1).entries()) {
        const before = markAnswered[index]
        expect(change.at).toBeGreaterThanOrEqual(before?.at ?? 0)
        expect(change.state === before?.state || mayFollow(before?.state ?? 'queued', change.state)).toBe(
          true,
        )
      }
    }),
    { numRuns: 40 },
  )
}, 120_000)

async function happen(event: Event, id: string): Promise<void> {
  switch (event) {
    case 'acknowledged':
    case 'unknown':
    case 'not_sent':
      fixture.devices.script.push(
        event === 'acknowledged' ? acknowledged(fixture.now()) : event === 'unknown' ? unknown : notSent,
      )
      fixture.pass(1)
      break
    case 'refused':
      fixture.devices.script.push({
        result: 'refused',
        code: 'refused_by_whatsapp',
        reason: 'no',
        whatsappCode: 400,
      })
      fixture.pass(1)
      break
    case 'delivered':
    case 'read':
    case 'played':
      receipt(id, event)
      break
    case 'drop':
      fixture.devices.drop(device, fixture.now())
      break
    case 'connect':
      fixture.devices.connect(device, fixture.now())
      break
    case 'crash':
      await fixture.crash()
      break
    case 'hour':
      fixture.pass(3_600_000)
      break
  }
  await settle()
}

test('receipts that come while the devices are still to be stopped are written down', async () => {
  await begin()
  const { id } = only(await fixture.send('Hello'))
  await fixture.messages.stop()
  receipt(id, 'read')
  await settle()
  expect(fixture.messages.get(id)?.state).toBe('read')
})
