import { afterEach, expect, test } from 'vitest'
import { joiningWindow } from '../../src-main/messages/joining.ts'
import type { Submission } from '../../src-main/messages/call.ts'
import { device, only, refusal, Rig, until } from './rig.ts'
import { acknowledged, unknown } from './scripted-devices.ts'

let rig: Rig
afterEach(() => rig.stop())
const begin = async (): Promise<Rig> => (rig = await new Rig().start())
const idOf = (submission: Submission): string => only(submission).id

test('a repeat gets the earlier outcome until that was told, then it is a new message', async () => {
  await begin()
  const first = await rig.send('Hello')
  const second = await rig.send('Hello')
  expect(second.joined).toBe(true)
  expect(idOf(second)).toBe(idOf(first))
  await second.told()
  const third = await rig.send('Hello')
  expect(third.joined).toBe(false)
  expect(idOf(third)).not.toBe(idOf(first))
  expect(rig.devices.handed).toHaveLength(2)
})

test('an answer that turns out to be unread is told no more, and the repeat gets the outcome', async () => {
  await begin()
  const first = await rig.send('Hello')
  await first.told()
  await first.unread()
  const second = await rig.send('Hello')
  expect(second.joined).toBe(true)
  expect(idOf(second)).toBe(idOf(first))
})

test('of two who were told, one that did not read takes nothing back from the other', async () => {
  await begin()
  const first = await rig.send('Hello')
  const second = await rig.send('Hello')
  const at = rig.now()
  // In the same millisecond, as callers are who waited for the same.
  rig.clock.ahead = at - Date.now()
  await first.told()
  rig.clock.ahead = at - Date.now()
  await second.told()
  await first.unread()
  expect((await rig.send('Hello')).joined).toBe(false)
})

test('two equal calls at the same moment are one message', async () => {
  await begin()
  const [one, other] = await Promise.all([rig.send('Hello'), rig.send('Hello')])
  expect(idOf(one)).toBe(idOf(other))
  expect([one.joined, other.joined]).toEqual([false, true])
  expect(rig.devices.handed).toHaveLength(1)
})

test('a repeat is the same however it was encoded', async () => {
  await begin()
  const first = await rig.send('Baris\nKafé', { recipients: ['081234567890'] })
  const second = await rig.send('Baris\r\nKafe\u0301 ', { recipients: ['+62 812-3456-7890'] })
  expect(idOf(second)).toBe(idOf(first))
})

test('other text, recipient, footer, quote or API key make another message', async () => {
  await begin()
  const ids = [
    await rig.send('Hello'),
    await rig.send('Hello!'),
    await rig.send('Hello', { recipients: ['6281234567891'] }),
    await rig.send('Hello', { footer: 'f' }),
    await rig.send('Hello', { quotedId: '3EB0' }),
    await rig.send('Hello', { key: { id: 'key-2', name: 'other' } }),
  ].map(idOf)
  expect(new Set(ids).size).toBe(6)
})

test('not_confirmed is not "told": the repeat gets the outcome when there is one', async () => {
  await begin()
  rig.devices.script.push(unknown)
  const first = await rig.send('Hello', { budgetMs: 60 })
  await first.told()
  const repeat = rig.send('Hello')
  rig.devices.connect(device, rig.now())
  const second = await repeat
  expect(second.joined).toBe(true)
  expect(only(second)).toMatchObject({ id: idOf(first), state: 'sent' })
  await second.told()
  expect((await rig.send('Hello')).joined).toBe(false)
})

test('an untold outcome outlives a restart, and a told one does too', async () => {
  await begin()
  const first = await rig.send('Hello')
  const other = await rig.send('Other')
  await other.told()
  await rig.crash()
  expect(idOf(await rig.send('Hello'))).toBe(idOf(first))
  expect(idOf(await rig.send('Other'))).not.toBe(idOf(other))
})

test('a repeat joins what was undecided when the program crashed, and it is sent once more under its id', async () => {
  await begin()
  rig.devices.answer = () => new Promise(() => undefined)
  const first = await rig.send('Hello', { budgetMs: 50 })
  rig.devices.answer = () => acknowledged()
  await rig.crash()
  const second = await rig.send('Hello')
  expect(second.joined).toBe(true)
  expect(only(second)).toMatchObject({ id: idOf(first), state: 'sent' })
  expect(new Set(rig.devices.handed.map(({ messageId }) => messageId))).toEqual(new Set([idOf(first)]))
})

test('a repeat is joined before the device is looked at', async () => {
  await begin()
  const first = await rig.send('Hello')
  rig.devices.drop(device, 0)
  expect(idOf(await rig.send('Hello'))).toBe(idOf(first))
  expect((await refusal(rig.send('Another'))).code).toBe('device_disconnected')
})

test('after 15 minutes an equal call is a new message, told or not', async () => {
  await begin()
  const first = await rig.send('Hello')
  rig.pass(joiningWindow - 5_000)
  expect(idOf(await rig.send('Hello'))).toBe(idOf(first))
  rig.pass(6_000)
  expect(idOf(await rig.send('Hello'))).not.toBe(idOf(first))
})

test('two API keys do not share an outcome', async () => {
  await begin()
  const mine = await rig.send('Hello', { key: { id: 'a', name: 'a' } })
  const theirs = await rig.send('Hello', { key: { id: 'b', name: 'b' } })
  expect(idOf(theirs)).not.toBe(idOf(mine))
})

test('an Idempotency-Key repeats the outcome for 24 hours even when told, and refuses another body', async () => {
  await begin()
  const first = await rig.send('Hello', { idempotencyKey: 'order-1' })
  await first.told()
  rig.pass(3 * 3_600_000)
  expect(idOf(await rig.send('Hello', { idempotencyKey: 'order-1' }))).toBe(idOf(first))
  expect((await refusal(rig.send('Other', { idempotencyKey: 'order-1' }))).code).toBe(
    'idempotency_key_reused',
  )
  expect((await rig.send('Hello', { idempotencyKey: 'order-2' })).joined).toBe(false)
  const otherKey = { id: 'key-2', name: 'other' }
  expect((await rig.send('Other', { idempotencyKey: 'order-1', key: otherKey })).joined).toBe(false)
  rig.pass(24 * 3_600_000)
  expect((await rig.send('Other', { idempotencyKey: 'order-1' })).joined).toBe(false)
})

test('the results of a joined call to several are those of the first', async () => {
  await begin()
  rig.devices.lookup = (number) =>
    number.endsWith('2') ? { exists: false } : { exists: true, jid: `${number}@s.whatsapp.net`, lid: null }
  const first = await rig.send('Hello', { recipients: ['6281234567891|6281234567892|x'] })
  const second = await rig.send('Hello', { recipients: ['6281234567892', 'x', '6281234567891'] })
  expect(second.joined).toBe(true)
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
  await rig.send('', { content })
  await rig.send('', { content: { ...content, source: { upload: { ...upload, path: '/tmp/upload-2' } } } })
  expect(rig.devices.handed).toHaveLength(1)
  await until(() => rig.media.discarded.length === 2)
  expect(rig.media.discarded.sort()).toEqual(['/tmp/upload-1', '/tmp/upload-2'])
})
