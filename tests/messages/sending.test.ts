import { afterEach, expect, test } from 'vitest'
import type { SendOutcome } from '../../src-main/devices/connection/sending/outgoing.ts'
import { Failure } from '../../src-main/lib/failure.ts'
import { device, only, refusal, Fixture, someone, until } from './messages-fixture.ts'
import { acknowledged, notSent, unknown } from './scripted-devices.ts'

let fixture: Fixture
afterEach(() => fixture.stop())
const begin = async (settings: Record<string, unknown> = {}): Promise<Fixture> =>
  (fixture = await new Fixture(settings).start())

test('a text is sent once the server acknowledged it', async () => {
  await begin()
  const submission = await fixture.send('Hello')
  expect(only(submission)).toMatchObject({ state: 'sent', recipient: someone, text: 'Hello', failure: null })
  expect(submission.results[0]?.failure).toBeNull()
  expect(fixture.devices.handed).toMatchObject([{ jid: `${someone}@s.whatsapp.net` }])
  expect(fixture.devices.handed[0]?.messageId).toBe(only(submission).id)
})

test('its row is on the disk before anything leaves', async () => {
  await begin()
  const seen: unknown[] = []
  fixture.devices.answer = ({ messageId }) => {
    seen.push(fixture.messages.get(messageId)?.state)
    return acknowledged()
  }
  await fixture.send('Hello')
  expect(seen).toEqual(['sending'])
})

const refusals: SendOutcome[] = [
  { result: 'refused', code: 'contact_locked', reason: 'locked', whatsappCode: 463 },
  { result: 'refused', code: 'refused_by_whatsapp', reason: 'refused (479)', whatsappCode: 479 },
  { result: 'refused', code: 'refused_by_whatsapp', reason: 'refused (475)', whatsappCode: 475 },
  { result: 'refused', code: 'refused_by_whatsapp', reason: 'refused (400)', whatsappCode: 400 },
  { result: 'refused', code: 'refused_by_whatsapp', reason: 'refused (404)', whatsappCode: 404 },
  { result: 'refused', code: 'no_recipient_device', reason: 'no device', whatsappCode: null },
  { result: 'refused', code: 'time_locked', reason: 'barred', whatsappCode: 463 },
  { result: 'refused', code: 'not_on_whatsapp', reason: 'not there', whatsappCode: null },
]
test.each(refusals)('a refusal ends the row with its code and reason: %o', async (outcome) => {
  if (outcome.result !== 'refused') throw new Error('not a refusal')
  await begin()
  fixture.devices.script.push(outcome)
  const { results } = await fixture.send('Hello')
  expect(results[0]).toMatchObject({
    message: { state: 'failed', failure: { code: outcome.code, reason: outcome.reason } },
    failure: { code: outcome.code, reason: outcome.reason },
  })
  expect(fixture.devices.handed).toHaveLength(1)
})

test('a hand-over with an unknown outcome stays sending and is not confirmed', async () => {
  await begin()
  fixture.devices.script.push(unknown)
  const { results } = await fixture.send('Hello', { budgetMs: 60 })
  expect(results[0]).toMatchObject({ message: { state: 'sending' }, failure: { code: 'not_confirmed' } })
})

test('an unknown outcome is sent again under the same id after reconnecting, before newer messages', async () => {
  await begin()
  fixture.devices.script.push(unknown)
  const first = await fixture.send('first', { budgetMs: 60 })
  fixture.devices.drop(device, fixture.now())
  const second = fixture.send('second', { recipients: ['6281234567891'] })
  const third = fixture.send('third')
  fixture.devices.connect(device, fixture.now())
  await Promise.all([second, third])
  expect(fixture.devices.texts()).toEqual(['first', 'first', 'second', 'third'])
  expect(fixture.devices.handed[1]?.messageId).toBe(fixture.devices.handed[0]?.messageId)
  expect(fixture.messages.get(only(first).id)?.state).toBe('sent')
})

test('what certainly did not leave is tried again under the same id', async () => {
  await begin()
  fixture.devices.script.push(notSent)
  const submission = await fixture.send('Hello')
  expect(only(submission).state).toBe('sent')
  expect(new Set(fixture.devices.handed.map(({ messageId }) => messageId)).size).toBe(1)
  expect(fixture.devices.handed).toHaveLength(2)
})

test('a number that is not on WhatsApp is named in its normalised form', async () => {
  await begin()
  fixture.devices.lookup = () => ({ exists: false })
  const { results } = await fixture.send('Hello', { recipients: ['0812-3456-7890'] })
  expect(results[0]?.failure).toEqual({ code: 'not_on_whatsapp', reason: `${someone} is not on WhatsApp.` })
  expect(fixture.devices.handed).toEqual([])
})

test('a look-up that is never answered fails the message after three tries', async () => {
  await begin()
  fixture.devices.lookupFailure = new Failure('lookup_failed', 'no answer')
  const submission = fixture.send('Hello', { budgetMs: 10_000 })
  const { results } = await submission
  expect(results[0]?.failure?.code).toBe('lookup_failed')
  expect(fixture.devices.lookedUp).toHaveLength(3)
})

test('at most two messages are in flight at a time, in the order of the calls', async () => {
  await begin()
  const numbers = Array.from({ length: 12 }, (_, index) => `62812345678${10 + index}`)
  const sendAll = (texts: string[]) =>
    Promise.all(
      texts.map((text, index) => fixture.send(text, { recipients: numbers.slice(index, index + 1) })),
    )
  let inFlight = 0
  let most = 0
  fixture.devices.answer = async () => {
    most = Math.max(most, ++inFlight)
    await new Promise((resolve) => setTimeout(resolve, 2))
    inFlight--
    return acknowledged()
  }
  const first = numbers.map((_, index) => `first ${index}`)
  await sendAll(first)
  // To new contacts one at a time.
  expect(most).toBe(1)
  const second = numbers.map((_, index) => `second ${index}`)
  await sendAll(second)
  expect(most).toBe(2)
  expect(fixture.devices.texts()).toEqual([...first, ...second])
})

test('a message that is never acknowledged does not hold up other recipients, only its own', async () => {
  await begin()
  fixture.devices.answer = ({ jid }) =>
    jid.startsWith(someone) ? new Promise<SendOutcome>(() => undefined) : acknowledged()
  const stuck = fixture.send('stuck', { budgetMs: 3_500 })
  const behind = fixture.send('behind', { budgetMs: 3_500 })
  const other = await fixture.send('other', { recipients: ['6281234567891'] })
  expect(only(other).state).toBe('sent')
  expect(only(await stuck).state).toBe('sending')
  expect(only(await behind).state).toBe('queued')
  fixture.devices.answer = () => acknowledged()
  // A stop does not wait for ever either.
})

test('one that went unanswered before holds nobody up when it is sent again after a reconnect', async () => {
  await begin()
  const outcomes: ((outcome: SendOutcome) => void)[] = []
  fixture.devices.answer = ({ jid }) =>
    jid.startsWith(someone) ? new Promise<SendOutcome>((resolve) => outcomes.push(resolve)) : acknowledged()
  await fixture.send('stuck', { budgetMs: 2_500 })
  fixture.devices.drop(device, fixture.now())
  outcomes[0]?.(unknown)
  await new Promise((resolve) => setTimeout(resolve, 10))
  fixture.devices.connect(device, fixture.now())
  const began = performance.now()
  expect(only(await fixture.send('other', { recipients: ['6281234567891'] })).state).toBe('sent')
  expect(performance.now() - began).toBeLessThan(1_500)
  expect(fixture.devices.texts()).toEqual(['stuck', 'stuck', 'other'])
  outcomes[1]?.(acknowledged())
})

test('the number that WhatsApp knows a recipient by is kept where it is another one', async () => {
  await begin()
  fixture.devices.lookup = (number) => ({
    exists: true,
    jid: `${number.replace('55619', '5561')}@s.whatsapp.net`,
    lid: null,
  })
  const other = only(await fixture.send('Oi', { recipients: ['+55 61 98765-4321'] }))
  expect(other).toMatchObject({ recipient: '5561987654321', state: 'sent' })
  expect(fixture.messages.otherJid(other)).toBe('556187654321@s.whatsapp.net')
  expect(fixture.messages.otherJid(only(await fixture.send('Halo')))).toBeNull()
})

test('several recipients get a row each, with results in the order given and duplicates removed', async () => {
  await begin()
  fixture.devices.lookup = (number) =>
    number.endsWith('2') ? { exists: false } : { exists: true, jid: `${number}@s.whatsapp.net`, lid: null }
  const { results } = await fixture.send('Hello', {
    recipients: ['081234567891|6281234567892', '12', '+62 812-3456-7891', '120363000000000001@g.us'],
  })
  expect(
    results.map(({ recipient, message, failure }) => [recipient, message?.state, failure?.code]),
  ).toEqual([
    ['6281234567891', 'sent', undefined],
    ['6281234567892', 'failed', 'not_on_whatsapp'],
    ['12', undefined, 'number_too_short'],
    ['120363000000000001@g.us', 'sent', undefined],
  ])
  expect(fixture.devices.composed).toHaveLength(1)
  expect(fixture.devices.lookedUp).toEqual([['6281234567891', '6281234567892']])
})

test('a footer is rendered under the text as a quoted line in italics', async () => {
  await begin()
  await fixture.send('Hello', { footer: 'Toko Maju' })
  expect(fixture.devices.texts()).toEqual(['Hello\n\n> _Toko Maju_'])
})

test('a call is refused whole where no recipient can be read, and leaves nothing behind', async () => {
  await begin()
  expect((await refusal(fixture.send('Hello', { recipients: ['abc'] }))).code).toBe('number_invalid')
  expect((await refusal(fixture.send('Hello', { recipients: ['62812'] }))).code).toBe('number_too_short')
  expect((await refusal(fixture.send('Hello', { recipients: ['6281234567890123'] }))).code).toBe(
    'number_too_long',
  )
  expect((await refusal(fixture.send('Hello', { recipients: [' | '] }))).code).toBe('parameter_missing')
  expect((await refusal(fixture.send('x'.repeat(65_537)))).code).toBe('message_too_long')
  expect((await refusal(fixture.send('Hello', { deviceId: 'none' }))).code).toBe('device_not_found')
  fixture.devices.change(device, { paired: false })
  expect((await refusal(fixture.send('Hello', { queue: true }))).code).toBe('sender_not_paired')
  const { code, message } = await refusal(fixture.send('Hello'))
  expect(code).toBe('device_disconnected')
  expect(message).toContain('/generate-qr')
  expect(fixture.messages.list({ limit: 10 })).toEqual([])
})

test('256 recipients are taken in one call, and more are refused before anything is written', async () => {
  await begin()
  const numbers = Array.from({ length: 257 }, (_, index) => String(6_281_230_000_000 + index))
  fixture.messages.pause()
  for (const recipients of [numbers, [numbers.join(' ')], [numbers.join('\t')]]) {
    const { code, message } = await refusal(fixture.send('Hello', { recipients, queue: true }))
    expect([code, message]).toEqual(['too_many_recipients', expect.stringContaining('at most 256')])
  }
  expect(fixture.database.statement('SELECT 1 FROM requests').all()).toEqual([])
  const { results } = await fixture.send('Hello', { recipients: numbers.slice(1), queue: true })
  expect(results).toHaveLength(256)
})

test('65,536 characters of text are taken', async () => {
  await begin()
  expect(only(await fixture.send('x'.repeat(65_536))).state).toBe('sent')
})

test('as many may wait as the setting says', async () => {
  await begin({ 'api.maxQueued': 2 })
  fixture.devices.drop(device, 0)
  await fixture.send('one', { queue: true })
  await fixture.send('two', { queue: true })
  expect((await refusal(fixture.send('three', { queue: true }))).code).toBe('queue_full')
  expect(fixture.messages.queueDepth(device)).toBe(2)
})

test('rows older than 24 hours expire and are never sent', async () => {
  await begin()
  fixture.devices.drop(device, 0)
  const { results } = await fixture.send('Hello', { queue: true })
  fixture.pass(24 * 3_600_000 + 1)
  const id = results[0]?.message?.id ?? ''
  await until(
    () => fixture.messages.get(id)?.state,
    (state) => state === 'expired',
  )
  expect(fixture.messages.get(id)?.failure?.code).toBe('expired')
  fixture.devices.connect(device, fixture.now())
  await fixture.send('later')
  expect(fixture.devices.texts()).toEqual(['later'])
})

test('the story tells every state with its time, in order, and why', async () => {
  await begin()
  fixture.devices.script.push(unknown)
  const { id } = only(await fixture.send('Hello', { budgetMs: 50 }))
  fixture.pass(1_000)
  await until(
    () => fixture.messages.get(id)?.state,
    (state) => state === 'sent',
  )
  fixture.devices.onReceipt.emit({
    deviceId: device,
    messageIds: [id],
    from: someone,
    kind: 'read',
    at: fixture.now(),
  })
  await until(
    () => fixture.messages.get(id)?.state,
    (state) => state === 'read',
  )
  const story = fixture.messages.story(id)
  expect(story.map(({ state }) => state)).toEqual(['queued', 'sending', 'sending', 'sent', 'read'])
  expect(story[2]?.note).toContain('the line dropped')
  expect(story.map(({ at }) => at)).toEqual(story.map(({ at }) => at).sort((a, b) => a - b))
})
