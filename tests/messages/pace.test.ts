import { afterEach, describe, expect, test } from 'vitest'
import { sendLimitFor, newContactsAllowed, restAfter } from '../../src-main/messages/queue/send-limits.ts'
import { SendHistory } from '../../src-main/messages/queue/send-history.ts'
import { device, only, refusal, Fixture, until } from './messages-fixture.ts'

const minute = 60_000
const hour = 60 * minute
const number = (index: number): string => `6281234567${String(index).padStart(3, '0')}`

describe('the pace alone', () => {
  const ceilings = { perHour: 10, perDay: 20, newContactsPerDay: 3 }
  const sent = { inHour: 0, hourFreeAt: 60, inDay: 0, dayFreeAt: 1_440, newInDay: 0, newFreeAt: 900 }
  test.each([
    ['nothing sent', sent, false, null, undefined],
    ['one below each', { ...sent, inHour: 9, inDay: 19, newInDay: 2 }, true, null, undefined],
    ['hour full', { ...sent, inHour: 10 }, false, 'messages an hour', 60],
    ['day full', { ...sent, inDay: 20 }, false, 'messages a day', 1_440],
    ['both: what takes longer', { ...sent, inHour: 10, inDay: 20 }, false, 'messages a day', 1_440],
    ['new contacts full, a new one', { ...sent, newInDay: 3 }, true, 'new contacts a day', 900],
    ['new contacts full, a known one', { ...sent, newInDay: 3 }, false, null, undefined],
  ] as const)('ceilings: %s', (_, history, newContact, reached, until) => {
    const ceiling = sendLimitFor(history, ceilings, newContact)
    expect(ceiling.reached).toBe(reached)
    expect(ceiling.reached === null ? undefined : ceiling.until).toBe(until)
  })

  test.each([
    ['the first', { all: 1, new: 1 }, true, 0, 0],
    ['six in a minute', { all: 6, new: 3 }, false, 0, 0],
    ['the seventh', { all: 7, new: 0 }, false, 500, 1_500],
    ['a long burst', { all: 31, new: 0 }, false, 1_000, 3_000],
    ['the fourth new contact', { all: 4, new: 4 }, true, 1_000, 3_000],
    ['a known one after many new ones', { all: 6, new: 6 }, false, 0, 0],
  ] as const)('rest after %s', (_, burst, newContact, least, most) => {
    expect(restAfter(burst, newContact, 0)).toBe(least)
    expect(restAfter(burst, newContact, 1)).toBe(most)
  })

  test('an hour is full until the minute of its first message has passed out of it', () => {
    const history = new SendHistory()
    const at = 1_000 * hour
    history.add(at, true)
    history.add(at + 10 * minute, false)
    const limits = { perHour: 2, perDay: 100, newContactsPerDay: 1 }
    const now = at + 20 * minute
    expect(history.sent(now, limits)).toMatchObject({
      inHour: 2,
      hourFreeAt: at + hour,
      newInDay: 1,
      newFreeAt: at + 24 * hour,
    })
    expect(history.sent(at + hour - 1, limits).inHour).toBe(2)
    expect(history.sent(at + hour, limits).inHour).toBe(1)
    expect(history.sent(at + 24 * hour, limits)).toMatchObject({ inDay: 1, newInDay: 0 })
  })

  test('what is counted, taken back or allowed within a minute shows at once', () => {
    const history = new SendHistory()
    const at = 1_000 * hour
    const limits = { perHour: 2, perDay: 100, newContactsPerDay: 1 }
    expect(history.sent(at, limits).inHour).toBe(0)
    history.add(at + 1, false)
    history.add(at + 2, true)
    expect(history.sent(at + 3, limits)).toMatchObject({ inHour: 2, hourFreeAt: at + hour, newInDay: 1 })
    expect(history.sent(at + 3, { ...limits, perHour: 1 }).hourFreeAt).toBe(at + hour)
    history.add(at + 4, true, -1)
    history.addNew(at, 5)
    expect(history.sent(at + 5, limits)).toMatchObject({ inHour: 1, newInDay: 5 })
  })

  test('a burst that was before the clock was set back is over', () => {
    const history = new SendHistory()
    const at = 1_000 * hour
    for (let index = 0; index < 40; index++) history.leave(at + index, false)
    expect(history.leave(at - 7 * hour, false).all).toBe(1)
    expect(history.leave(at - 7 * hour + 1, false).all).toBe(2)
  })

  test('ten thousand that wait cost less than one does for a thousand minutes', () => {
    const history = new SendHistory()
    const limits = { perHour: 2, perDay: 100, newContactsPerDay: 1 }
    // Of this thread alone: by the clock, whatever else the machine does would count too.
    const costOf = (times: number, nowOf: (index: number) => number): number => {
      const before = process.threadCpuUsage()
      for (let index = 0; index < times; index++) history.sent(nowOf(index), { ...limits })
      const { user, system } = process.threadCpuUsage(before)
      return user + system
    }
    const minutes = costOf(1_000, (index) => 1_000 * hour + index * minute)
    expect(costOf(10_000, (index) => 2_000 * hour + index)).toBeLessThan(minutes)
  })
})

let fixture: Fixture | undefined
afterEach(async () => {
  await fixture?.stop()
  fixture = undefined
})
async function begin(settings: Record<string, unknown> = {}): Promise<Fixture> {
  fixture = await new Fixture({ pace: 'normal', ...settings }).start()
  return fixture
}

test('the pace is normal for whatsapp devices and off for others, unless set', async () => {
  const fixture = await begin({ pace: null, 'pace.perHour': 1 })
  await fixture.send('one')
  await fixture.send('two')
  fixture.devices.change(device, { kind: 'whatsapp' })
  expect((await refusal(fixture.send('three'))).code).toBe('ceiling_reached')
  expect(fixture.messages.queueDepth()).toBe(0)
})

test('an ordinary till is not slowed', async () => {
  const fixture = await begin()
  const began = performance.now()
  for (let index = 0; index < 3; index++)
    await fixture.send(`Receipt ${index}`, { recipients: [number(index)] })
  expect(performance.now() - began).toBeLessThan(1_900)
})

test('a burst is slowed, in order, and nobody is refused for it', async () => {
  const fixture = await begin()
  await fixture.send('known', { recipients: [number(0)] })
  const began = performance.now()
  const sent = Array.from({ length: 8 }, (_, index) =>
    fixture.send(`text ${index}`, { recipients: [number(0)], budgetMs: 15_000 }),
  )
  const states = (await Promise.all(sent)).map((submission) => only(submission).state)
  expect(new Set(states)).toEqual(new Set(['sent']))
  expect(performance.now() - began).toBeGreaterThan(900)
  expect(fixture.devices.texts().slice(1)).toEqual(Array.from({ length: 8 }, (_, index) => `text ${index}`))
})

test('a ceiling refuses and says until when, or queues with queue=1 and sends then', async () => {
  const fixture = await begin({ 'pace.perHour': 2 })
  await fixture.send('one')
  await fixture.send('two')
  const refused = await refusal(fixture.send('three'))
  expect(refused).toMatchObject({
    code: 'ceiling_reached',
    message: expect.stringMatching(/2 messages an hour.*\d{4}-\d\d-\d\dT/),
  })
  const queued = await fixture.send('four', { queue: true, budgetMs: 60_000 })
  expect(queued.results[0]).toMatchObject({
    message: { state: 'queued', failure: { code: 'ceiling_reached' } },
    failure: null,
  })
  await fixture.restart()
  expect(fixture.devices.texts()).toEqual(['one', 'two'])
  fixture.pass(hour + minute)
  await until(() => fixture.messages.get(only(queued).id)?.state === 'sent')
})

test('calls that come together see one another', async () => {
  const fixture = await begin({ 'pace.perHour': 2 })
  const results = await Promise.allSettled([1, 2, 3, 4].map((index) => fixture.send(`text ${index}`)))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected'])
})

test('what did not leave after all is not counted', async () => {
  const fixture = await begin({ 'pace.perHour': 1 })
  fixture.devices.lookup = () => ({ exists: false })
  await fixture.send('one')
  fixture.devices.lookup = (to) => ({ exists: true, jid: `${to}@s.whatsapp.net`, lid: null })
  expect(only(await fixture.send('two', { recipients: [number(1)] })).state).toBe('sent')
})

test('new contacts have a ceiling of their own, which known ones do not feel', async () => {
  const fixture = await begin({ 'pace.newContactsPerDay': 1 })
  await fixture.send('one', { recipients: [number(1)] })
  expect((await refusal(fixture.send('two', { recipients: [number(2)] }))).code).toBe('ceiling_reached')
  await fixture.crash()
  expect(only(await fixture.send('three', { recipients: [number(1)] })).state).toBe('sent')
  expect((await refusal(fixture.send('four', { recipients: [number(3)] }))).code).toBe('ceiling_reached')
})

test('of several recipients, those above a ceiling are refused in their rows', async () => {
  const fixture = await begin({ 'pace.perHour': 1 })
  const { results } = await fixture.send('Hello', { recipients: [number(1), number(2)] })
  expect(results.map(({ message, failure }) => [message?.state, failure?.code])).toEqual([
    ['sent', undefined],
    ['failed', 'ceiling_reached'],
  ])
})

test('463: that message fails; while the account is barred new contacts are refused and known ones go on', async () => {
  const fixture = await begin({ pace: 'off' })
  await fixture.send('to know', { recipients: [number(1)] })
  fixture.devices.script.push({
    result: 'refused',
    code: 'contact_locked',
    reason: 'locked',
    whatsappCode: 463,
  })
  const { results } = await fixture.send('Hello', { recipients: [number(2)] })
  expect(results[0]?.failure?.code).toBe('contact_locked')
  // Only that contact, as long as WhatsApp does not say that the account is barred.
  expect(only(await fixture.send('Hello', { recipients: [number(3)] })).state).toBe('sent')

  const until463 = fixture.now() + hour
  fixture.devices.change(device, { timeLock: { until: until463 } })
  const refused = await refusal(fixture.send('Hello', { recipients: [number(4)] }))
  expect(refused).toMatchObject({ code: 'time_locked', message: expect.stringMatching(/until \d{4}-/) })
  expect(only(await fixture.send('again', { recipients: [number(1)] })).state).toBe('sent')

  const held = await fixture.send('held', { recipients: [number(4)], queue: true, budgetMs: 60_000 })
  expect(held.results[0]).toMatchObject({
    message: { state: 'queued', failure: { code: 'time_locked' } },
    failure: null,
  })
  fixture.devices.change(device, { timeLock: null })
  await until(() => fixture.messages.get(only(held).id)?.state === 'sent')
})

test('463: what waits for its turn when the bar comes is refused, too', async () => {
  const fixture = await begin({ pace: 'off' })
  fixture.devices.answer = async () => {
    fixture.devices.change(device, { timeLock: { until: null } })
    return { result: 'refused', code: 'contact_locked', reason: 'locked', whatsappCode: 463 }
  }
  const [first, second] = await Promise.all([
    fixture.send('one', { recipients: [number(1)] }),
    fixture.send('two', { recipients: [number(2)] }),
  ])
  expect(first.results[0]?.failure?.code).toBe('contact_locked')
  expect(second.results[0]?.failure?.code).toBe('time_locked')
})

test('one text to many recipients is noted in the story, and never stopped', async () => {
  const fixture = await begin({ pace: 'off' })
  const recipients = Array.from({ length: 25 }, (_, index) => number(index))
  const { results } = await fixture.send('Promo hari ini: semua barang diskon', { recipients })
  expect(results.every(({ message }) => message?.state === 'sent')).toBe(true)
  const id = results[0]?.message?.id ?? ''
  await until(() => fixture.messages.story(id).some(({ note }) => note?.includes('same text') === true))
})

describe('a device that was linked lately', () => {
  const day = 24 * hour
  test.each([
    ['on its first day', 60, day - 1, 20, day],
    ['on its second', 60, day, 30, 2 * day],
    ['on its fourth', 60, 3 * day, 50, 4 * day],
    ['on its fifth, at the ceiling', 60, 4 * day, 60, Infinity],
    ['long after', 60, 400 * day, 60, Infinity],
    ['under a ceiling that is lower anyway', 5, 0, 5, Infinity],
    ['while the clock is set back', 60, -5 * day, 20, day],
  ])('may write to so many new contacts %s', (_, ceiling, age, perDay, until) => {
    const pairedAt = 1_000 * day
    expect(newContactsAllowed(ceiling, pairedAt, pairedAt + age)).toEqual({
      perDay,
      until: until === Infinity ? Infinity : pairedAt + until,
    })
  })

  test('is refused the 21st new contact until the next day, and known ones go on; without a known link it is 60', async () => {
    const fixture = await begin()
    fixture.devices.change(device, { pairedAt: fixture.now() })
    const queued = Array.from({ length: 20 }, (_, index) =>
      fixture.send('hello', { recipients: [number(index)], queue: true, budgetMs: 1 }),
    )
    await Promise.all(queued)
    const refused = await refusal(fixture.send('hello', { recipients: [number(20)] }))
    expect(refused).toMatchObject({
      code: 'ceiling_reached',
      message: expect.stringContaining('20 new contacts'),
    })
    const [end = ''] = /\d{4}-[^ .]+/.exec(refused.message) ?? []
    expect(Date.parse(end)).toBeGreaterThan(fixture.now() + 23 * hour)
    fixture.devices.change(device, { pairedAt: null })
    expect(
      (await fixture.send('hello', { recipients: [number(20)], queue: true, budgetMs: 1 })).results,
    ).toHaveLength(1)
  })

  test('may write to as many as the ceiling where the operator has said so', async () => {
    const fixture = await begin({ 'pace.warmUp': false })
    fixture.devices.change(device, { pairedAt: fixture.now() })
    const call = {
      recipients: Array.from({ length: 21 }, (_, index) => number(index)),
      queue: true,
      budgetMs: 1,
    }
    const { results } = await fixture.send('hello', call)
    expect(results.filter(({ failure }) => failure?.code === 'ceiling_reached')).toEqual([])
  })
})

describe('WhatsApp’s own quota of new chats', () => {
  const usedUp = (until: number | null) => ({ used: 5, total: 5, until, usedUp: true })

  test('used up, refuses new contacts with its end, and holds those who asked to wait; known ones go on', async () => {
    const fixture = await begin()
    await fixture.send('known', { recipients: [number(1)] })
    const endsAt = fixture.now() + 100_000
    fixture.devices.change(device, { newChatQuota: usedUp(endsAt) })
    const refused = await refusal(fixture.send('new', { recipients: [number(2)] }))
    expect(refused).toMatchObject({
      code: 'new_chat_quota_used',
      message: expect.stringMatching(/until \d{4}-/),
    })
    const held = await fixture.send('new', { recipients: [number(2)], queue: true })
    expect(held.results[0]).toMatchObject({
      message: { state: 'queued', failure: { code: 'new_chat_quota_used' } },
    })
    expect(only(await fixture.send('again', { recipients: [number(1)] })).state).toBe('sent')
    fixture.devices.change(device, { newChatQuota: null })
    await until(() => fixture.devices.texts().includes('new'))
  })

  test('that is found used up by a refusal keeps what asked to wait, under its id, until the quota resets', async () => {
    const fixture = await begin()
    fixture.devices.script.push({
      result: 'refused',
      code: 'new_chat_quota_used',
      reason: 'no more new chats',
      whatsappCode: 475,
    })
    fixture.devices.change(device, {
      newChatQuota: { used: 4, total: 5, until: fixture.now() + 50_000, usedUp: false },
    })
    const { results } = await fixture.send('new', { recipients: [number(3)], queue: true })
    expect(results[0]?.message?.failure?.code).toBe('new_chat_quota_used')
    fixture.devices.change(device, { newChatQuota: usedUp(fixture.now() + 50_000) })
    fixture.devices.change(device, { newChatQuota: null })
    await until(() => fixture.devices.handed.length === 2)
    expect(fixture.devices.handed[1]?.messageId).toBe(fixture.devices.handed[0]?.messageId)
    await until(() => fixture.messages.get(results[0]?.message?.id ?? '')?.state === 'sent')
  })

  test('that is found used up by a refusal fails what did not ask to wait', async () => {
    const fixture = await begin()
    const refusal475 = {
      result: 'refused',
      code: 'new_chat_quota_used',
      reason: 'none',
      whatsappCode: 475,
    } as const
    fixture.devices.script.push(refusal475)
    const { results } = await fixture.send('new', { recipients: [number(4)] })
    expect(results[0]).toMatchObject({
      message: { state: 'failed' },
      failure: { code: 'new_chat_quota_used' },
    })
  })
})
