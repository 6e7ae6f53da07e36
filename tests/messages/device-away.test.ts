import { afterEach, expect, test } from 'vitest'
import { device, only, refusal, Fixture, until } from './messages-fixture.ts'
import { acknowledged, notSent, unknown } from './scripted-devices.ts'

let fixture: Fixture
afterEach(() => fixture.stop())
const begin = async (settings: Record<string, unknown> = {}): Promise<Fixture> =>
  (fixture = await new Fixture(settings).start())

test('a device that is away refuses at once, and nothing is written or sent later', async () => {
  await begin()
  fixture.devices.drop(device, fixture.now() - 31_000)
  const began = performance.now()
  expect((await refusal(fixture.send('Hello'))).code).toBe('device_disconnected')
  expect(performance.now() - began).toBeLessThan(1_000)
  fixture.devices.connect(device, fixture.now())
  await fixture.send('Another')
  expect(fixture.devices.texts()).toEqual(['Another'])
  expect(fixture.messages.list({ limit: 10 })).toHaveLength(1)
})

test('a device that was connected a moment ago is waited for', async () => {
  await begin()
  fixture.devices.drop(device, fixture.now() - 29_000)
  const submission = fixture.send('Hello', { budgetMs: 10_000 })
  await until(
    () => fixture.messages.queueDepth(),
    (depth) => depth === 1,
  )
  fixture.devices.connect(device, fixture.now())
  expect(only(await submission).state).toBe('sent')
})

test('where it is not back in time, the call is refused and its row ended', async () => {
  await begin()
  fixture.devices.drop(device, fixture.now())
  const { results } = await fixture.send('Hello', { budgetMs: 600 })
  expect(results[0]).toMatchObject({
    message: { state: 'failed', failure: { code: 'device_disconnected' } },
    failure: { code: 'device_disconnected' },
  })
  fixture.devices.connect(device, fixture.now())
  await fixture.send('Another')
  expect(fixture.devices.texts()).toEqual(['Another'])
})

test('the wait ends at once when it is clear that the device will not be back', async () => {
  await begin()
  fixture.devices.drop(device, fixture.now())
  const submission = fixture.send('Hello', { budgetMs: 60_000 })
  await until(
    () => fixture.messages.queueDepth(),
    (depth) => depth === 1,
  )
  fixture.devices.change(device, { state: { name: 'stopped', reason: 'logged_out' } })
  expect((await submission).results[0]?.failure?.code).toBe('device_disconnected')
})

test('a device that is being connected at the start of the program is waited for', async () => {
  await begin()
  fixture.devices.change(device, {
    state: { name: 'connecting', attempt: 1, reason: null },
    lastConnectedAt: 5,
  })
  const submission = fixture.send('Hello', { budgetMs: 10_000 })
  await until(
    () => fixture.messages.queueDepth(),
    (depth) => depth === 1,
  )
  fixture.devices.connect(device, fixture.now())
  expect(only(await submission).state).toBe('sent')
})

test('what did not leave before the line dropped is refused when the time is out', async () => {
  await begin()
  fixture.devices.answer = () => {
    fixture.devices.drop(device, fixture.now())
    return notSent
  }
  const { results } = await fixture.send('Hello', { budgetMs: 600 })
  expect(results[0]?.failure?.code).toBe('device_disconnected')
})

test('what may have left is never refused, and is sent again later', async () => {
  await begin()
  fixture.devices.script.push(unknown)
  const submission = fixture.send('Hello', { budgetMs: 600 })
  await until(() => fixture.devices.handed.length === 1)
  fixture.devices.drop(device, fixture.now())
  const { results } = await submission
  expect(results[0]).toMatchObject({ message: { state: 'sending' }, failure: { code: 'not_confirmed' } })
  fixture.devices.connect(device, fixture.now())
  const id = results[0]?.message?.id ?? ''
  await until(() => fixture.messages.get(id)?.state === 'sent')
})

test('what was answered not_confirmed stays in the outbox though the device goes', async () => {
  await begin()
  fixture.devices.answer = () => new Promise(() => undefined)
  const stuck = fixture.send('stuck', { budgetMs: 50 })
  const { results } = await fixture.send('behind', { budgetMs: 50 })
  await stuck
  expect(results[0]?.failure?.code).toBe('not_confirmed')
  fixture.devices.drop(device, 0)
  const id = results[0]?.message?.id ?? ''
  expect(fixture.messages.get(id)?.state).toBe('queued')
  fixture.devices.answer = () => acknowledged()
  await fixture.crash()
  fixture.devices.connect(device, fixture.now())
  await until(() => fixture.messages.get(id)?.state === 'sent')
})

test('with queue=1 it waits, is answered at once, and is sent when the device is back', async () => {
  await begin()
  fixture.devices.drop(device, 0)
  const { results } = await fixture.send('Hello', { queue: true, budgetMs: 60_000 })
  expect(results[0]).toMatchObject({
    message: { state: 'queued', failure: { code: 'device_disconnected' } },
    failure: null,
  })
  await fixture.restart()
  const id = results[0]?.message?.id ?? ''
  expect(fixture.messages.get(id)?.state).toBe('queued')
  fixture.devices.connect(device, fixture.now())
  await until(() => fixture.messages.get(id)?.state === 'sent')
  expect(fixture.messages.get(id)?.failure).toBeNull()
})

test('with queue=1 and a connected device the outcome is waited for', async () => {
  await begin()
  expect(only(await fixture.send('Hello', { queue: true })).state).toBe('sent')
})

test('with queue=1 a caller that waits is answered when the device drops', async () => {
  await begin()
  fixture.devices.answer = () => new Promise(() => undefined)
  void fixture.send('stuck', { budgetMs: 100 })
  const behind = fixture.send('behind', { queue: true, budgetMs: 60_000 })
  await until(() => fixture.messages.queueDepth() === 2)
  fixture.devices.drop(device, fixture.now())
  expect((await behind).results[0]).toMatchObject({ message: { state: 'queued' }, failure: null })
})

test('paused sending refuses, or queues, and goes on when resumed, over a restart too', async () => {
  await begin()
  const markAnswered: boolean[] = []
  fixture.messages.onPaused.add((paused) => markAnswered.push(paused))
  fixture.messages.pause()
  expect(fixture.messages.paused).toBe(true)
  expect((await refusal(fixture.send('Hello'))).code).toBe('sending_paused')
  const { results } = await fixture.send('Queued', { queue: true, budgetMs: 60_000 })
  expect(results[0]?.message).toMatchObject({ state: 'queued', failure: { code: 'sending_paused' } })
  await fixture.restart()
  expect(fixture.messages.paused).toBe(true)
  expect(fixture.devices.handed).toEqual([])
  fixture.messages.resume()
  await until(() => fixture.devices.texts().length === 1)
  expect(markAnswered).toEqual([true])
})

test('a removed device ends what waited for it: failed, or expired where it may have left', async () => {
  await begin()
  fixture.devices.script.push(unknown)
  const sending = only(await fixture.send('Hello', { budgetMs: 50 }))
  fixture.devices.drop(device, 0)
  const queued = only(await fixture.send('Queued', { queue: true }))
  fixture.devices.remove(device)
  await until(() => fixture.messages.queueDepth() === 0)
  await until(() => fixture.messages.get(queued.id)?.state === 'failed')
  expect(fixture.messages.get(queued.id)?.failure?.code).toBe('device_not_found')
  expect(fixture.messages.get(sending.id)?.state).toBe('expired')
})

test('a device that was removed just before a crash leaves nothing waiting', async () => {
  await begin()
  fixture.devices.drop(device, 0)
  const queued = only(await fixture.send('Queued', { queue: true }))
  fixture.devices.forget(device)
  await fixture.crash()
  await until(() => fixture.messages.get(queued.id)?.state === 'expired')
  expect(fixture.messages.queueDepth()).toBe(0)
})

test('a stop waits for what is in flight and leaves the rest for the next start', async () => {
  await begin()
  let acknowledge: (() => void) | undefined
  fixture.devices.answer = () => new Promise((resolve) => (acknowledge = () => resolve(acknowledged())))
  const first = fixture.send('first')
  const second = fixture.send('second')
  await until(() => acknowledge !== undefined)
  const stopped = fixture.messages.stop()
  expect((await refusal(fixture.send('third'))).code).toBe('shutting_down')
  acknowledge?.()
  await stopped
  expect(only(await first).state).toBe('sent')
  expect((await second).results[0]).toMatchObject({
    message: { state: 'queued' },
    failure: { code: 'not_confirmed' },
  })
  fixture.devices.answer = () => acknowledged()
  await fixture.crash()
  await until(() => fixture.devices.texts().join() === 'first,second')
})
