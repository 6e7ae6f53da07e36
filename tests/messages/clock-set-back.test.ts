import { afterEach, expect, test } from 'vitest'
import { Failure } from '../../src-main/failure.ts'
import { device, only, refusal, Rig, until } from './rig.ts'
import { notSent } from './scripted-devices.ts'

const hours = 7 * 3_600_000
const days = 24 * 3_600_000

let rig: Rig
afterEach(() => rig.stop())
const begin = async (settings: Record<string, unknown> = {}): Promise<Rig> =>
  (rig = await new Rig(settings).start())

test('a rest of the pace does not last for as long as the clock was set back', async () => {
  await begin({ pace: 'normal' })
  await rig.send('first')
  const burst = Array.from({ length: 8 }, (_, index) => rig.send(`text ${index}`, { budgetMs: 10_000 }))
  await until(
    () => rig.devices.handed.length,
    (handed) => handed >= 7,
  )
  rig.clock.ahead -= hours
  const states = (await Promise.all(burst)).map((submission) => only(submission).state)
  expect(new Set(states)).toEqual(new Set(['sent']))
})

test('what is to be tried again does not wait for as long as the clock was set back', async () => {
  await begin()
  rig.devices.script.push(notSent)
  const submission = rig.send('Hello', { budgetMs: 10_000 })
  await until(
    () => rig.devices.handed.length,
    (handed) => handed === 1,
  )
  // The retry is appointed by then.
  await rig.database.write(() => undefined)
  rig.clock.ahead -= hours
  expect(only(await submission).state).toBe('sent')
})

test('a file that is to be fetched again does not wait for as long as the clock was set back', async () => {
  await begin()
  rig.media.before = async () => {
    rig.media.before = async () => undefined
    throw new Failure('storage_full', 'The disk is full.')
  }
  const submission = rig.send('', {
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
    () => rig.media.fetched.length,
    (fetched) => fetched === 1,
  )
  await rig.database.write(() => undefined)
  rig.clock.ahead -= hours
  expect(only(await submission).state).toBe('sent')
})

test('a device that was connected before the clock was set back is not waited for', async () => {
  await begin()
  rig.devices.drop(device, rig.now())
  rig.clock.ahead -= hours
  expect((await refusal(rig.send('Hello'))).code).toBe('device_disconnected')
  expect(rig.messages.list({ limit: 10 })).toEqual([])
})

test('a message does not keep those behind it from ending for as long as the clock was set back', async () => {
  await begin()
  rig.devices.drop(device, 0)
  const waiting = async (text: string) => only(await rig.send(text, { queue: true })).id
  const before = await waiting('before')
  rig.clock.ahead -= 30 * days
  const behind = await waiting('behind')
  rig.pass(days + 1)
  await until(() => rig.messages.get(behind)?.state === 'expired')
  await until(() => rig.messages.get(before)?.state === 'expired')
})

test('the log is forgotten in its time, though its oldest rows were made before the clock was set back', async () => {
  await begin({ 'log.retentionDays': 5 })
  for (let index = 0; index < 60; index++) await rig.send(`before ${index}`)
  rig.clock.ahead -= 365 * days
  for (let index = 0; index < 60; index++) await rig.send(`behind ${index}`)
  const kept = only(await rig.send('behind them all'))
  rig.pass(20 * days)
  await rig.messages.sweep()
  expect(rig.messages.range()).toBeNull()
  expect(rig.messages.encodedMessage(device, kept.id)).toBeUndefined()
})

test('what was just sent is kept, though all that is there was made before the clock was set back', async () => {
  await begin({ 'log.retentionDays': 5 })
  const { id } = only(await rig.send('before'))
  rig.clock.ahead -= 365 * days
  await rig.messages.sweep()
  expect(rig.messages.get(id)).toBeDefined()
  expect(rig.messages.encodedMessage(device, id)).toBeDefined()
})

test('what was sent is not kept for resending any longer, though it was before the clock was set back', async () => {
  await begin({ 'log.retentionDays': 90 })
  const ids: string[] = []
  for (let index = 0; index < 60; index++) ids.push(only(await rig.send(`before ${index}`)).id)
  rig.clock.ahead -= 365 * days
  ids.push(only(await rig.send('behind')).id)
  rig.pass(15 * days)
  await rig.messages.sweep()
  expect(ids.filter((id) => rig.messages.encodedMessage(device, id) !== undefined)).toEqual([])
})
