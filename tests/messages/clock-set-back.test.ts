import { afterEach, expect, test } from 'vitest'
import { Failure } from '../../src-main/lib/failure.ts'
import { device, only, refusal, Fixture, until } from './messages-fixture.ts'
import { notSent } from './scripted-devices.ts'

const hours = 7 * 3_600_000
const days = 24 * 3_600_000

let fixture: Fixture
afterEach(() => fixture.stop())
const begin = async (settings: Record<string, unknown> = {}): Promise<Fixture> =>
  (fixture = await new Fixture(settings).start())

test('a rest of the pace does not last for as long as the clock was set back', async () => {
  await begin({ pace: 'normal' })
  await fixture.send('first')
  const burst = Array.from({ length: 8 }, (_, index) => fixture.send(`text ${index}`, { budgetMs: 10_000 }))
  await until(
    () => fixture.devices.handed.length,
    (handed) => handed >= 7,
  )
  fixture.clock.ahead -= hours
  const states = (await Promise.all(burst)).map((submission) => only(submission).state)
  expect(new Set(states)).toEqual(new Set(['sent']))
})

test('what is to be tried again does not wait for as long as the clock was set back', async () => {
  await begin()
  fixture.devices.script.push(notSent)
  const submission = fixture.send('Hello', { budgetMs: 10_000 })
  await until(
    () => fixture.devices.handed.length,
    (handed) => handed === 1,
  )
  // The retry is appointed by then.
  await fixture.database.write(() => undefined)
  fixture.clock.ahead -= hours
  expect(only(await submission).state).toBe('sent')
})

test('a file that is to be fetched again does not wait for as long as the clock was set back', async () => {
  await begin()
  fixture.media.before = async () => {
    fixture.media.before = async () => undefined
    throw new Failure('storage_full', 'The disk is full.')
  }
  const submission = fixture.send('', {
    content: {
      kind: 'media',
      mediaType: 'image',
      source: { url: 'http://example.com/a.png' },
      caption: null,
      fileName: null,
      voice: false,
      viewOnce: false,
    },
    budgetMs: 10_000,
  })
  await until(
    () => fixture.media.fetched.length,
    (fetched) => fetched === 1,
  )
  await fixture.database.write(() => undefined)
  fixture.clock.ahead -= hours
  expect(only(await submission).state).toBe('sent')
})

test('a device that was connected before the clock was set back is not waited for', async () => {
  await begin()
  fixture.devices.drop(device, fixture.now())
  fixture.clock.ahead -= hours
  expect((await refusal(fixture.send('Hello'))).code).toBe('device_disconnected')
  expect(fixture.messages.list({ limit: 10 })).toEqual([])
})

test('a message does not keep those behind it from ending for as long as the clock was set back', async () => {
  await begin()
  fixture.devices.drop(device, 0)
  const waiting = async (text: string) => only(await fixture.send(text, { queue: true })).id
  const before = await waiting('before')
  fixture.clock.ahead -= 30 * days
  const behind = await waiting('behind')
  fixture.pass(days + 1)
  await until(() => fixture.messages.get(behind)?.state === 'expired')
  await until(() => fixture.messages.get(before)?.state === 'expired')
})

test('the log is forgotten in its time, though its oldest rows were made before the clock was set back', async () => {
  await begin({ 'log.retentionDays': 5 })
  for (let index = 0; index < 60; index++) await fixture.send(`before ${index}`)
  fixture.clock.ahead -= 365 * days
  for (let index = 0; index < 60; index++) await fixture.send(`behind ${index}`)
  const kept = only(await fixture.send('behind them all'))
  fixture.pass(20 * days)
  await fixture.messages.sweep()
  expect(fixture.messages.range()).toBeNull()
  expect(fixture.messages.encodedMessage(device, kept.id)).toBeUndefined()
})

test('what was just sent is kept, though all that is there was made before the clock was set back', async () => {
  await begin({ 'log.retentionDays': 5 })
  const { id } = only(await fixture.send('before'))
  fixture.clock.ahead -= 365 * days
  await fixture.messages.sweep()
  expect(fixture.messages.get(id)).toBeDefined()
  expect(fixture.messages.encodedMessage(device, id)).toBeDefined()
})

test('what was sent is not kept for resending any longer, though it was before the clock was set back', async () => {
  await begin({ 'log.retentionDays': 90 })
  const ids: string[] = []
  for (let index = 0; index < 60; index++) ids.push(only(await fixture.send(`before ${index}`)).id)
  fixture.clock.ahead -= 365 * days
  ids.push(only(await fixture.send('behind')).id)
  fixture.pass(15 * days)
  await fixture.messages.sweep()
  expect(ids.filter((id) => fixture.messages.encodedMessage(device, id) !== undefined)).toEqual([])
})
