import { StatementSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { Failure } from '../../src-main/lib/failure.ts'
import { device, only, refusal, Fixture, someone, until } from './messages-fixture.ts'
import { acknowledged } from './scripted-devices.ts'

let fixture: Fixture
afterEach(() => fixture.stop())
const begin = async (): Promise<Fixture> => (fixture = await new Fixture().start())

/** Makes every write fail as on a full disk, until the answer is called. */
function fillDisk({ database }: Fixture): () => void {
  const well = { write: database.write.bind(database), writeDeferred: database.writeDeferred.bind(database) }
  const health = { value: 'full' }
  Object.defineProperty(database, 'health', { get: () => health.value, configurable: true })
  const full = (): Promise<never> => Promise.reject(new Failure('storage_full', 'The disk is full.'))
  Object.assign(database, { write: full, writeDeferred: full })
  return () => {
    health.value = 'ok'
    Object.assign(database, well)
    database.onHealth.emit('ok')
  }
}

test('new work is refused plainly while the disk is full, and taken when there is space', async () => {
  await begin()
  const free = fillDisk(fixture)
  expect((await refusal(fixture.send('Hello'))).code).toBe('storage_full')
  expect(fixture.devices.handed).toEqual([])
  free()
  expect(only(await fixture.send('Hello')).state).toBe('sent')
})

test('an acknowledgement that cannot be written is not told, and is written when there is space', async () => {
  await begin()
  let free: (() => void) | undefined
  fixture.devices.answer = () => {
    free ??= fillDisk(fixture)
    return acknowledged()
  }
  const first = await fixture.send('first', { budgetMs: 300 })
  expect(first.results[0]?.failure?.code).toBe('not_confirmed')
  const { id } = only(first)
  expect(fixture.messages.get(id)?.state).toBe('sending')
  free?.()
  await until(() => fixture.messages.get(id)?.state === 'sent')
  expect(fixture.devices.handed).toHaveLength(1)
})

test('nothing more leaves while outcomes cannot be written', async () => {
  await begin()
  let free: (() => void) | undefined
  fixture.devices.answer = () => {
    free ??= fillDisk(fixture)
    return acknowledged()
  }
  const both = [fixture.send('first', { budgetMs: 300 }), fixture.send('second', { budgetMs: 300 })]
  await Promise.all(both)
  expect(fixture.devices.texts()).toEqual(['first'])
  free?.()
  await until(() => fixture.devices.texts().length === 2)
})

test('a file that is named while a state is written again keeps nothing from leaving', async () => {
  await begin()
  const nobody = '6281234567000'
  const fetched = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const lookUp = fixture.devices.lookUp.bind(fixture.devices)
  fixture.media.before = () => fetched.promise
  fixture.devices.lookup = (to) =>
    to === nobody ? { exists: false } : { exists: true, jid: `${to}@s.whatsapp.net`, lid: null }
  fixture.devices.lookUp = async (...wanted) => {
    await asked.promise
    return lookUp(...wanted)
  }
  const content = {
    kind: 'media' as const,
    mediaType: 'image' as const,
    source: { url: 'http://example.com/a.png' },
    caption: null,
    fileName: null,
    voice: false,
    viewOnce: false,
  }
  const { results } = await fixture.send('', { content, recipients: [someone, nobody], budgetMs: 100 })
  expect(fixture.media.fetched).toHaveLength(1)

  const free = fillDisk(fixture)
  asked.resolve()
  await pause(50)
  expect(fixture.messages.get(results[1]?.message?.id ?? '')?.state).toBe('queued')
  free()
  fetched.resolve()
  await until(() => fixture.messages.get(results[1]?.message?.id ?? '')?.state === 'failed')
  expect(only(await fixture.send('Another')).state).toBe('sent')
})

test('a receipt that cannot be written is kept until it can', async () => {
  await begin()
  const { id } = only(await fixture.send('Hello'))
  const free = fillDisk(fixture)
  fixture.devices.onReceipt.emit({
    deviceId: device,
    messageIds: [id],
    from: someone,
    kind: 'read',
    at: fixture.now(),
  })
  expect(fixture.messages.get(id)?.state).toBe('sent')
  await Promise.resolve()
  free()
  await until(() => fixture.messages.get(id)?.state === 'read')
})

test('rows that could not be written are answered as such, to a repeat that had joined them too', async () => {
  await begin()
  const { database } = fixture
  const well = { write: database.write.bind(database), writeDeferred: database.writeDeferred.bind(database) }
  const changed: string[] = []
  fixture.messages.onChange.add(({ id }) => changed.push(id))
  const refuse = () => Promise.reject(new Failure('storage_full', 'The disk is full.'))
  database.write = refuse
  database.writeDeferred = refuse
  // Nobody has to be asked where a group is: it is begun at once.
  const toGroup = { recipients: ['120363000000000001@g.us'] }
  const outcomes = await Promise.allSettled([fixture.send('Hello', toGroup), fixture.send('Hello', toGroup)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(fixture.messages.queueDepth()).toBe(0)
  expect(fixture.devices.handed).toEqual([])

  Object.assign(database, well)
  database.onHealth.emit('ok')
  const { id } = only(await fixture.send('Another'))
  expect(new Set(changed)).toEqual(new Set([id]))
})

/** Makes SQLite fail to read from a table, as with a drive that is pulled out, until the answer is called. */
function failReading(table: string): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- called on its statement below
  const { get } = StatementSync.prototype
  const spy = vi.spyOn(StatementSync.prototype, 'get').mockImplementation(function (
    this: StatementSync,
    ...parameters: Parameters<typeof get>
  ) {
    if (!this.sourceSQL.includes(`FROM ${table}`)) return get.apply(this, parameters)
    throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 })
  })
  onTestFinished(() => spy.mockRestore())
  return () => spy.mockRestore()
}

test('what waits while the database cannot be read leaves once it can', async () => {
  await begin()
  const readAgain = failReading('contacts')
  const submission = await fixture.send('Hello', { budgetMs: 300 })
  expect(submission.results[0]?.failure?.code).toBe('not_confirmed')
  expect(fixture.database.health).toBe('read_only')
  expect(fixture.devices.handed).toEqual([])
  readAgain()
  const { id } = only(submission)
  await until(() => fixture.messages.get(id)?.state === 'sent')
  expect(fixture.devices.handed).toHaveLength(1)
})

test('a call that the database cannot be read for is refused plainly', async () => {
  await begin()
  const readAgain = failReading('requests')
  expect((await refusal(fixture.send('Hello'))).code).toBe('storage_unavailable')
  readAgain()
  await until(() => fixture.database.health === 'ok')
  expect(only(await fixture.send('Hello')).state).toBe('sent')
})
