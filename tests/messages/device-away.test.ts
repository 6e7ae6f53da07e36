import { afterEach, expect, test } from 'vitest'
import { device, only, refusal, Rig, until } from './rig.ts'
import { acknowledged, notSent, unknown } from './scripted-devices.ts'

let rig: Rig
afterEach(() => rig.stop())
const begin = async (settings: Record<string, unknown> = {}): Promise<Rig> =>
  (rig = await new Rig(settings).start())

test('a device that is away refuses at once, and nothing is written or sent later', async () => {
  await begin()
  rig.devices.drop(device, rig.now() - 31_000)
  const began = performance.now()
  expect((await refusal(rig.send('Hello'))).code).toBe('device_disconnected')
  expect(performance.now() - began).toBeLessThan(1_000)
  rig.devices.connect(device, rig.now())
  await rig.send('Another')
  expect(rig.devices.texts()).toEqual(['Another'])
  expect(rig.messages.list({ limit: 10 })).toHaveLength(1)
})

test('a device that was connected a moment ago is waited for', async () => {
  await begin()
  rig.devices.drop(device, rig.now() - 29_000)
  const submission = rig.send('Hello', { budgetMs: 10_000 })
  await until(
    () => rig.messages.queueDepth(),
    (depth) => depth === 1,
  )
  rig.devices.connect(device, rig.now())
  expect(only(await submission).state).toBe('sent')
})

test('where it is not back in time, the call is refused and its row ended', async () => {
  await begin()
  rig.devices.drop(device, rig.now())
  const { results } = await rig.send('Hello', { budgetMs: 600 })
  expect(results[0]).toMatchObject({
    message: { state: 'failed', failure: { code: 'device_disconnected' } },
    failure: { code: 'device_disconnected' },
  })
  rig.devices.connect(device, rig.now())
  await rig.send('Another')
  expect(rig.devices.texts()).toEqual(['Another'])
})

test('the wait ends at once when it is clear that the device will not be back', async () => {
  await begin()
  rig.devices.drop(device, rig.now())
  const submission = rig.send('Hello', { budgetMs: 60_000 })
  await until(
    () => rig.messages.queueDepth(),
    (depth) => depth === 1,
  )
  rig.devices.change(device, { state: { name: 'stopped', reason: 'logged_out' } })
  expect((await submission).results[0]?.failure?.code).toBe('device_disconnected')
})

test('a device that is being connected at the start of the program is waited for', async () => {
  await begin()
  rig.devices.change(device, { state: { name: 'connecting', attempt: 1, reason: null }, lastConnectedAt: 5 })
  const submission = rig.send('Hello', { budgetMs: 10_000 })
  await until(
    () => rig.messages.queueDepth(),
    (depth) => depth === 1,
  )
  rig.devices.connect(device, rig.now())
  expect(only(await submission).state).toBe('sent')
})

test('what did not leave before the line dropped is refused when the time is out', async () => {
  await begin()
  rig.devices.answer = () => {
    rig.devices.drop(device, rig.now())
    return notSent
  }
  const { results } = await rig.send('Hello', { budgetMs: 600 })
  expect(results[0]?.failure?.code).toBe('device_disconnected')
})

test('what may have left is never refused, and is sent again later', async () => {
  await begin()
  rig.devices.script.push(unknown)
  const submission = rig.send('Hello', { budgetMs: 600 })
  await until(() => rig.devices.handed.length === 1)
  rig.devices.drop(device, rig.now())
  const { results } = await submission
  expect(results[0]).toMatchObject({ message: { state: 'sending' }, failure: { code: 'not_confirmed' } })
  rig.devices.connect(device, rig.now())
  const id = results[0]?.message?.id ?? ''
  await until(() => rig.messages.get(id)?.state === 'sent')
})

test('what was answered not_confirmed stays in the outbox though the device goes', async () => {
  await begin()
  rig.devices.answer = () => new Promise(() => undefined)
  const stuck = rig.send('stuck', { budgetMs: 50 })
  const { results } = await rig.send('behind', { budgetMs: 50 })
  await stuck
  expect(results[0]?.failure?.code).toBe('not_confirmed')
  rig.devices.drop(device, 0)
  const id = results[0]?.message?.id ?? ''
  expect(rig.messages.get(id)?.state).toBe('queued')
  rig.devices.answer = () => acknowledged()
  await rig.crash()
  rig.devices.connect(device, rig.now())
  await until(() => rig.messages.get(id)?.state === 'sent')
})

test('with queue=1 it waits, is answered at once, and is sent when the device is back', async () => {
  await begin()
  rig.devices.drop(device, 0)
  const { results } = await rig.send('Hello', { queue: true, budgetMs: 60_000 })
  expect(results[0]).toMatchObject({
    message: { state: 'queued', failure: { code: 'device_disconnected' } },
    failure: null,
  })
  await rig.restart()
  const id = results[0]?.message?.id ?? ''
  expect(rig.messages.get(id)?.state).toBe('queued')
  rig.devices.connect(device, rig.now())
  await until(() => rig.messages.get(id)?.state === 'sent')
  expect(rig.messages.get(id)?.failure).toBeNull()
})

test('with queue=1 and a connected device the outcome is waited for', async () => {
  await begin()
  expect(only(await rig.send('Hello', { queue: true })).state).toBe('sent')
})

test('with queue=1 a caller that waits is answered when the device drops', async () => {
  await begin()
  rig.devices.answer = () => new Promise(() => undefined)
  void rig.send('stuck', { budgetMs: 100 })
  const behind = rig.send('behind', { queue: true, budgetMs: 60_000 })
  await until(() => rig.messages.queueDepth() === 2)
  rig.devices.drop(device, rig.now())
  expect((await behind).results[0]).toMatchObject({ message: { state: 'queued' }, failure: null })
})

test('paused sending refuses, or queues, and goes on when resumed, over a restart too', async () => {
  await begin()
  const told: boolean[] = []
  rig.messages.onPaused.add((paused) => told.push(paused))
  rig.messages.pause()
  expect(rig.messages.paused).toBe(true)
  expect((await refusal(rig.send('Hello'))).code).toBe('sending_paused')
  const { results } = await rig.send('Queued', { queue: true, budgetMs: 60_000 })
  expect(results[0]?.message).toMatchObject({ state: 'queued', failure: { code: 'sending_paused' } })
  await rig.restart()
  expect(rig.messages.paused).toBe(true)
  expect(rig.devices.handed).toEqual([])
  rig.messages.resume()
  await until(() => rig.devices.texts().length === 1)
  expect(told).toEqual([true])
})

test('a removed device ends what waited for it: failed, or expired where it may have left', async () => {
  await begin()
  rig.devices.script.push(unknown)
  const sending = only(await rig.send('Hello', { budgetMs: 50 }))
  rig.devices.drop(device, 0)
  const queued = only(await rig.send('Queued', { queue: true }))
  rig.devices.remove(device)
  await until(() => rig.messages.queueDepth() === 0)
  await until(() => rig.messages.get(queued.id)?.state === 'failed')
  expect(rig.messages.get(queued.id)?.failure?.code).toBe('device_not_found')
  expect(rig.messages.get(sending.id)?.state).toBe('expired')
})

test('a device that was removed just before a crash leaves nothing waiting', async () => {
  await begin()
  rig.devices.drop(device, 0)
  const queued = only(await rig.send('Queued', { queue: true }))
  rig.devices.forget(device)
  await rig.crash()
  await until(() => rig.messages.get(queued.id)?.state === 'expired')
  expect(rig.messages.queueDepth()).toBe(0)
})

test('a stop waits for what is in flight and leaves the rest for the next start', async () => {
  await begin()
  let acknowledge: (() => void) | undefined
  rig.devices.answer = () => new Promise((resolve) => (acknowledge = () => resolve(acknowledged())))
  const first = rig.send('first')
  const second = rig.send('second')
  await until(() => acknowledge !== undefined)
  const stopped = rig.messages.stop()
  expect((await refusal(rig.send('third'))).code).toBe('shutting_down')
  acknowledge?.()
  await stopped
  expect(only(await first).state).toBe('sent')
  expect((await second).results[0]).toMatchObject({
    message: { state: 'queued' },
    failure: { code: 'not_confirmed' },
  })
  rig.devices.answer = () => acknowledged()
  await rig.crash()
  await until(() => rig.devices.texts().join() === 'first,second')
})
