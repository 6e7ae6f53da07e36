import { afterEach, expect, test } from 'vitest'
import { repeatWindowMs } from '../../src-main/messages/submit/idempotency.ts'
import type { Submission } from '../../src-main/messages/submit/call.ts'
import { device, only, refusal, Fixture, until } from './messages-fixture.ts'
import { acknowledged, unknown } from './scripted-devices.ts'

let fixture: Fixture
afterEach(() => fixture.stop())
const begin = async (): Promise<Fixture> => (fixture = await new Fixture().start())
const idOf = (submission: Submission): string => only(submission).id

test('a repeat gets the earlier outcome until that was told, then it is a new message', async () => {
  await begin()
  const first = await fixture.send('Hello')
  const second = await fixture.send('Hello')
  expect(second.deduplicated).toBe(true)
  expect(idOf(second)).toBe(idOf(first))
  await second.markAnswered()
  const third = await fixture.send('Hello')
  expect(third.deduplicated).toBe(false)
  expect(idOf(third)).not.toBe(idOf(first))
  expect(fixture.devices.handed).toHaveLength(2)
})

test('an answer that turns out to be unread is told no more, and the repeat gets the outcome', async () => {
  await begin()
  const first = await fixture.send('Hello')
  await first.markAnswered()
  await first.clearAnswered()
  const second = await fixture.send('Hello')
  expect(second.deduplicated).toBe(true)
  expect(idOf(second)).toBe(idOf(first))
})

test('of two who were told, one that did not read takes nothing back from the other', async () => {
  await begin()
  const first = await fixture.send('Hello')
  const second = await fixture.send('Hello')
  const at = fixture.now()
  // In the same millisecond, as callers are who waited for the same.
  fixture.clock.ahead = at - Date.now()
  await first.markAnswered()
  fixture.clock.ahead = at - Date.now()
  await second.markAnswered()
  await first.clearAnswered()
  expect((await fixture.send('Hello')).deduplicated).toBe(false)
})

test('two equal calls at the same moment are one message', async () => {
  await begin()
  const [one, other] = await Promise.all([fixture.send('Hello'), fixture.send('Hello')])
  expect(idOf(one)).toBe(idOf(other))
  expect([one.deduplicated, other.deduplicated]).toEqual([false, true])
  expect(fixture.devices.handed).toHaveLength(1)
})

test('a repeat is the same however it was encoded', async () => {
  await begin()
  const first = await fixture.send('Baris\nKafé', { recipients: ['081234567890'] })
  const second = await fixture.send('Baris\r\nKafe\u0301 ', { recipients: ['+62 812-3456-7890'] })
  expect(idOf(second)).toBe(idOf(first))
})

test('other text, recipient, footer, quote or API key make another message', async () => {
  await begin()
  const ids = [
    await fixture.send('Hello'),
    await fixture.send('Hello!'),
    await fixture.send('Hello', { recipients: ['6281234567891'] }),
    await fixture.send('Hello', { footer: 'f' }),
    await fixture.send('Hello', { quotedId: '3EB0' }),
    await fixture.send('Hello', { key: { id: 'key-2', name: 'other' } }),
  ].map(idOf)
  expect(new Set(ids).size).toBe(6)
})

test('not_confirmed is not "told": the repeat gets the outcome when there is one', async () => {
  await begin()
  fixture.devices.script.push(unknown)
  const first = await fixture.send('Hello', { budgetMs: 60 })
  await first.markAnswered()
  const repeat = fixture.send('Hello')
  fixture.devices.connect(device, fixture.now())
  const second = await repeat
  expect(second.deduplicated).toBe(true)
  expect(only(second)).toMatchObject({ id: idOf(first), state: 'sent' })
  await second.markAnswered()
  expect((await fixture.send('Hello')).deduplicated).toBe(false)
})

test('an untold outcome outlives a restart, and a told one does too', async () => {
  await begin()
  const first = await fixture.send('Hello')
  const other = await fixture.send('Other')
  await other.markAnswered()
  await fixture.crash()
  expect(idOf(await fixture.send('Hello'))).toBe(idOf(first))
  expect(idOf(await fixture.send('Other'))).not.toBe(idOf(other))
})

test('a repeat joins what was undecided when the program crashed, and it is sent once more under its id', async () => {
  await begin()
  fixture.devices.answer = () => new Promise(() => undefined)
  const first = await fixture.send('Hello', { budgetMs: 50 })
  fixture.devices.answer = () => acknowledged()
  await fixture.crash()
  const second = await fixture.send('Hello')
  expect(second.deduplicated).toBe(true)
  expect(only(second)).toMatchObject({ id: idOf(first), state: 'sent' })
  expect(new Set(fixture.devices.handed.map(({ messageId }) => messageId))).toEqual(new Set([idOf(first)]))
})

test('a repeat is joined before the device is looked at', async () => {
  await begin()
  const first = await fixture.send('Hello')
  fixture.devices.drop(device, 0)
  expect(idOf(await fixture.send('Hello'))).toBe(idOf(first))
  expect((await refusal(fixture.send('Another'))).code).toBe('device_disconnected')
})

test('after 15 minutes an equal call is a new message, told or not', async () => {
  await begin()
  const first = await fixture.send('Hello')
  fixture.pass(repeatWindowMs - 5_000)
  expect(idOf(await fixture.send('Hello'))).toBe(idOf(first))
  fixture.pass(6_000)
  expect(idOf(await fixture.send('Hello'))).not.toBe(idOf(first))
})

test('two API keys do not share an outcome', async () => {
  await begin()
  const mine = await fixture.send('Hello', { key: { id: 'a', name: 'a' } })
  const theirs = await fixture.send('Hello', { key: { id: 'b', name: 'b' } })
  expect(idOf(theirs)).not.toBe(idOf(mine))
})

test('an Idempotency-Key repeats the outcome for 24 hours even when told, and refuses another body', async () => {
  await begin()
  const first = await fixture.send('Hello', { idempotencyKey: 'order-1' })
  await first.markAnswered()
  fixture.pass(3 * 3_600_000)
  expect(idOf(await fixture.send('Hello', { idempotencyKey: 'order-1' }))).toBe(idOf(first))
  expect((await refusal(fixture.send('Other', { idempotencyKey: 'order-1' }))).code).toBe(
    'idempotency_key_reused',
  )
  expect((await fixture.send('Hello', { idempotencyKey: 'order-2' })).deduplicated).toBe(false)
  const otherKey = { id: 'key-2', name: 'other' }
  expect((await fixture.send('Other', { idempotencyKey: 'order-1', key: otherKey })).deduplicated).toBe(false)
  fixture.pass(24 * 3_600_000)
  expect((await fixture.send('Other', { idempotencyKey: 'order-1' })).deduplicated).toBe(false)
})

test('the results of a joined call to several are those of the first', async () => {
  await begin()
  fixture.devices.lookup = (number) =>
    number.endsWith('2') ? { exists: false } : { exists: true, jid: `${number}@s.whatsapp.net`, lid: null }
  const first = await fixture.send('Hello', { recipients: ['6281234567891|6281234567892|x'] })
  const second = await fixture.send('Hello', { recipients: ['6281234567892', 'x', '6281234567891'] })
  expect(second.deduplicated).toBe(true)
  const byRecipient = (submission: Submission): unknown =>
    Object.fromEntries(
      submission.results.map(({ recipient, message, failure }) => [recipient, [message?.id, failure?.code]]),
    )
  expect(byRecipient(second)).toEqual(byRecipient(first))
})

test('an uploaded file that a repeat brings again is removed', async () => {
  await begin()
  const upload = { path: '/tmp/upload-1', bytes: 3, sha256: 'abc', fileName: 'a.png', mimeType: 'image/png' }
  const content = {
    kind: 'media',
    mediaType: 'image',
    source: { upload },
    caption: null,
    fileName: null,
    voice: false,
    viewOnce: false,
  } as const
  await fixture.send('', { content })
  await fixture.send('', {
    content: { ...content, source: { upload: { ...upload, path: '/tmp/upload-2' } } },
  })
  expect(fixture.devices.handed).toHaveLength(1)
  await until(() => fixture.media.discarded.length === 2)
  expect(fixture.media.discarded.sort()).toEqual(['/tmp/upload-1', '/tmp/upload-2'])
})
