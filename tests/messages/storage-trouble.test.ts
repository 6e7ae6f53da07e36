import { StatementSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { Failure } from '../../src-main/failure.ts'
import { device, only, refusal, Rig, someone, until } from './rig.ts'
import { acknowledged } from './scripted-devices.ts'

let rig: Rig
afterEach(() => rig.stop())
const begin = async (): Promise<Rig> => (rig = await new Rig().start())

/** Makes every write fail as on a full disk, until the answer is called. */
function fillDisk({ database }: Rig): () => void {
  const well = { write: database.write.bind(database), writeAlong: database.writeAlong.bind(database) }
  const health = { value: 'full' }
  Object.defineProperty(database, 'health', { get: () => health.value, configurable: true })
  const full = (): Promise<never> => Promise.reject(new Failure('storage_full', 'The disk is full.'))
  Object.assign(database, { write: full, writeAlong: full })
  return () => {
    health.value = 'ok'
    Object.assign(database, well)
    database.onHealth.emit('ok')
  }
}

test('new work is refused plainly while the disk is full, and taken when there is space', async () => {
  await begin()
  const free = fillDisk(rig)
  expect((await refusal(rig.send('Hello'))).code).toBe('storage_full')
  expect(rig.devices.handed).toEqual([])
  free()
  expect(only(await rig.send('Hello')).state).toBe('sent')
})

test('an acknowledgement that cannot be written is not told, and is written when there is space', async () => {
  await begin()
  let free: (() => void) | undefined
  rig.devices.answer = () => {
    free ??= fillDisk(rig)
    return acknowledged()
  }
  const first = await rig.send('first', { budgetMs: 300 })
  expect(first.results[0]?.failure?.code).toBe('not_confirmed')
  const { id } = only(first)
  expect(rig.messages.get(id)?.state).toBe('sending')
  free?.()
  await until(() => rig.messages.get(id)?.state === 'sent')
  expect(rig.devices.handed).toHaveLength(1)
})

test('nothing more leaves while outcomes cannot be written', async () => {
  await begin()
  let free: (() => void) | undefined
  rig.devices.answer = () => {
    free ??= fillDisk(rig)
    return acknowledged()
  }
  const both = [rig.send('first', { budgetMs: 300 }), rig.send('second', { budgetMs: 300 })]
  await Promise.all(both)
  expect(rig.devices.texts()).toEqual(['first'])
  free?.()
  await until(() => rig.devices.texts().length === 2)
})

test('a file that is named while a state is written again keeps nothing from leaving', async () => {
  await begin()
  const nobody = '6281234567000'
  const fetched = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const lookUp = rig.devices.lookUp.bind(rig.devices)
  rig.media.before = () => fetched.promise
  rig.devices.lookup = (to) =>
    to === nobody ? { exists: false } : { exists: true, jid: `${to}@s.whatsapp.net`, lid: null }
  rig.devices.lookUp = async (...wanted) => {
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
  const { results } = await rig.send('', { content, recipients: [someone, nobody], budgetMs: 100 })
  expect(rig.media.fetched).toHaveLength(1)

  const free = fillDisk(rig)
  asked.resolve()
  await pause(50)
  expect(rig.messages.get(results[1]?.message?.id ?? '')?.state).toBe('queued')
  free()
  fetched.resolve()
  await until(() => rig.messages.get(results[1]?.message?.id ?? '')?.state === 'failed')
  expect(only(await rig.send('Another')).state).toBe('sent')
})

test('a receipt that cannot be written is kept until it can', async () => {
  await begin()
  const { id } = only(await rig.send('Hello'))
  const free = fillDisk(rig)
  rig.devices.onReceipt.emit({
    deviceId: device,
    messageIds: [id],
    from: someone,
    kind: 'read',
    at: rig.now(),
  })
  expect(rig.messages.get(id)?.state).toBe('sent')
  await Promise.resolve()
  free()
  await until(() => rig.messages.get(id)?.state === 'read')
})

test('rows that could not be written are answered as such, to a repeat that had joined them too', async () => {
  await begin()
  const { database } = rig
  const well = { write: database.write.bind(database), writeAlong: database.writeAlong.bind(database) }
  const changed: string[] = []
  rig.messages.onChange.add(({ id }) => changed.push(id))
  const refuse = () => Promise.reject(new Failure('storage_full', 'The disk is full.'))
  database.write = refuse
  database.writeAlong = refuse
  // Nobody has to be asked where a group is: it is begun at once.
  const toGroup = { recipients: ['120363000000000001@g.us'] }
  const outcomes = await Promise.allSettled([rig.send('Hello', toGroup), rig.send('Hello', toGroup)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(rig.messages.queueDepth()).toBe(0)
  expect(rig.devices.handed).toEqual([])

  Object.assign(database, well)
  database.onHealth.emit('ok')
  const { id } = only(await rig.send('Another'))
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
  const submission = await rig.send('Hello', { budgetMs: 300 })
  expect(submission.results[0]?.failure?.code).toBe('not_confirmed')
  expect(rig.database.health).toBe('read_only')
  expect(rig.devices.handed).toEqual([])
  readAgain()
  const { id } = only(submission)
  await until(() => rig.messages.get(id)?.state === 'sent')
  expect(rig.devices.handed).toHaveLength(1)
})

test('a call that the database cannot be read for is refused plainly', async () => {
  await begin()
  const readAgain = failReading('requests')
  expect((await refusal(rig.send('Hello'))).code).toBe('storage_unavailable')
  readAgain()
  await until(() => rig.database.health === 'ok')
  expect(only(await rig.send('Hello')).state).toBe('sent')
})
