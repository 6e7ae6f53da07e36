import { afterEach, describe, expect, test } from 'vitest'
import type { Filter } from '../../src-main/messages/messages.ts'
import { searchQuery, wordsOfContent, wordsOfRecipient } from '../../src-main/messages/log/search-words.ts'
import { keptFileName, keptText, withFooter } from '../../src-main/messages/log/redact-text.ts'
import { device, only, refusal, Fixture, until } from './messages-fixture.ts'

let fixture: Fixture | undefined
afterEach(async () => {
  await fixture?.stop()
  fixture = undefined
})
async function begin(settings: Record<string, unknown> = {}): Promise<Fixture> {
  fixture = await new Fixture(settings).start()
  return fixture
}
const day = 24 * 3_600_000

test('pages go from the newest to the oldest, each once', async () => {
  const { messages } = await begin().then(async (fixture) => {
    for (let index = 0; index < 25; index++) await fixture.send(`text ${index}`)
    return fixture
  })
  const seen: (string | null)[] = []
  for (let before: number | null = null; ;) {
    const page = messages.list({ before, limit: 10 })
    seen.push(...page.map(({ text }) => text))
    const last = page.at(-1)
    if (last === undefined) break
    before = last.sequence
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `text ${24 - index}`))
  expect(messages.range()).toEqual({ oldest: 1, newest: 25 })
})

test('filters narrow the log, alone and together', async () => {
  const fixture = await begin()
  fixture.devices.add({ id: 'device-2', number: '6285500000001' })
  await fixture.send('one')
  fixture.pass(day)
  const from = fixture.now()
  await fixture.send('two', { deviceId: 'device-2', key: { id: 'k2', name: 'other' } })
  fixture.devices.lookup = () => ({ exists: false })
  await fixture.send('three', { deviceId: 'device-2', recipients: ['6281234567899'] })
  const found = (filter: Filter): (string | null)[] =>
    fixture.messages.list({ ...filter, limit: 10 }).map(({ text }) => text)
  expect(found({})).toEqual(['three', 'two', 'one'])
  expect(found({ deviceId: 'device-2' })).toEqual(['three', 'two'])
  expect(found({ deviceId: 'device-2', states: ['sent'] })).toEqual(['two'])
  expect(found({ states: ['failed', 'expired'] })).toEqual(['three'])
  expect(found({ states: [] })).toEqual([])
  expect(found({ keyName: 'other' })).toEqual(['two'])
  expect(found({ from })).toEqual(['three', 'two'])
  expect(found({ to: from })).toEqual(['one'])
  expect(found({ search: 'two', deviceId: device })).toEqual([])
})

const searches: [string, string[]][] = [
  ['struk', ['Struk belanja Nº 12345 Café', 'struk kedua']],
  ['STRUK BEL', ['Struk belanja Nº 12345 Café']],
  ['cafe', ['Struk belanja Nº 12345 Café']],
  ['café', ['Struk belanja Nº 12345 Café']],
  ['12345', ['Struk belanja Nº 12345 Café']],
  ['081234567890', ['struk kedua']],
  ['6281234567890', ['struk kedua']],
  ['+62 812-3456-7890', ['struk kedua']],
  ['0812', ['struk kedua']],
  ['7890', ['struk kedua']],
  ['nothing', []],
  ['100%', ['100% diskon']],
  ['"', []],
  ['OR', []],
  ["'; DROP TABLE messages; --", []],
]
describe.each([true, false])('search with its index caught up: %s', (caughtUp) => {
  test.each(searches)('%s', async (search, texts) => {
    const fixture = await begin()
    await fixture.send('Struk belanja Nº 12345 Café', { recipients: ['6285211112222'] })
    await fixture.send('struk kedua', { recipients: ['6281234567890'] })
    await fixture.send('100% diskon', { recipients: ['6285211113333'] })
    if (caughtUp) await fixture.messages.indexed()
    const found = fixture.messages.list({ search, limit: 10 }).map(({ text }) => text)
    if (caughtUp) expect(new Set(found)).toEqual(new Set(texts))
    // Rows that are not indexed yet are looked through as they are: accents count, and more may be found.
    else if (!/^caf/i.test(search)) expect(found).toEqual(expect.arrayContaining(texts))
  })
})

test.each([true, false])(
  'an emoji or a sign is found by itself, with its index caught up: %s',
  async (caughtUp) => {
    const fixture = await begin()
    await fixture.send('Terima kasih 😀', { recipients: ['6285211112222'] })
    await fixture.send('100% diskon', { recipients: ['6285211113333'] })
    if (caughtUp) await fixture.messages.indexed()
    const found = (search: string) => fixture.messages.list({ search, limit: 10 }).map(({ text }) => text)
    expect(found('😀')).toEqual(['Terima kasih 😀'])
    expect(found('%')).toEqual(['100% diskon'])
    expect(found('😡')).toEqual([])
    expect(found('x'.repeat(5_000))).toEqual([])
  },
)

describe('search where the index cannot be made', () => {
  /** A table of the index's own name for its data is in its way. */
  const beginWithout = async (): Promise<Fixture> => {
    fixture = new Fixture()
    const { database } = fixture
    await database.write(() => database.statement('CREATE TABLE messages_search_data (id INTEGER)').run())
    return fixture.start()
  }

  test.each(searches.filter(([search]) => !/^caf/i.test(search)))('%s', async (search, texts) => {
    const fixture = await beginWithout()
    await fixture.send('Struk belanja Nº 12345 Café', { recipients: ['6285211112222'] })
    await fixture.send('struk kedua', { recipients: ['6281234567890'] })
    await fixture.send('100% diskon', { recipients: ['6285211113333'] })
    await fixture.messages.indexed()
    const found = fixture.messages.list({ search, limit: 10 }).map(({ text }) => text)
    expect(found).toEqual(expect.arrayContaining(texts))
    if (texts.length === 0) expect(found).toEqual([])
  })

  test('goes through all rows, however many, and pages like any', async () => {
    const fixture = await beginWithout()
    for (let index = 0; index < 10; index++) await fixture.send(`struk ${index}`)
    const first = fixture.messages.list({ search: 'struk', limit: 7 })
    const second = fixture.messages.list({ search: 'struk', limit: 7, before: first.at(-1)?.sequence ?? 0 })
    const texts = [...first, ...second].map(({ text }) => text)
    expect(texts).toEqual(Array.from({ length: 10 }, (_, index) => `struk ${9 - index}`))
  })

  test('is indexed by the next start that can make one', async () => {
    const fixture = await beginWithout()
    await fixture.send('Café')
    expect(fixture.messages.list({ search: 'cafe', limit: 5 })).toEqual([])
    await fixture.database.write(() => fixture.database.statement('DROP TABLE messages_search_data').run())
    await fixture.restart()
    await fixture.messages.indexed()
    expect(fixture.messages.list({ search: 'cafe', limit: 5 })).toHaveLength(1)
  })
})

test('a search is paged over what is indexed and what is not yet', async () => {
  const fixture = await begin()
  for (let index = 0; index < 6; index++) await fixture.send(`struk ${index}`)
  await fixture.messages.indexed()
  for (let index = 6; index < 10; index++) await fixture.send(`struk ${index}`)
  const first = fixture.messages.list({ search: 'struk', limit: 7 })
  const second = fixture.messages.list({ search: 'struk', limit: 7, before: first.at(-1)?.sequence ?? 0 })
  const texts = [...first, ...second].map(({ text }) => text)
  expect(texts).toEqual(Array.from({ length: 10 }, (_, index) => `struk ${9 - index}`))
})

test('a row is found by the name of its file, too, though that came later', async () => {
  const fixture = await begin()
  let arrive: (() => void) | undefined
  fixture.media.before = () => new Promise((resolve) => (arrive = resolve))
  fixture.media.file = { fileName: 'faktur-maret.png' }
  const content = {
    kind: 'media',
    mediaType: 'image',
    source: { url: 'http://example.com/x' },
    caption: null,
    fileName: null,
    voice: false,
    viewOnce: false,
  } as const
  const sent = fixture.send('', { content, budgetMs: 14_000 })
  await until(() => arrive !== undefined)
  await fixture.messages.indexed()
  arrive?.()
  await sent
  expect(fixture.messages.list({ search: 'faktur', limit: 5 })).toHaveLength(1)
})

test('what the index holds, and what it is asked', () => {
  expect(wordsOfContent({ text: 'Kopi susu', fileName: null }).split(' ')).toEqual(
    expect.arrayContaining(['kopi', 'kop', 'susu', 'sus']),
  )
  expect(wordsOfRecipient('628123').split(' ')).toEqual(expect.arrayContaining(['n628123', 'n8123']))
  expect(searchQuery('kopi  Susu')).toBe('"kopi" AND "susu"')
  expect(searchQuery('0812-3')).toBe('("0812" AND "3") OR "n8123"')
  expect(searchQuery('...')).toBeNull()
})

test.each([
  ['Kode OTP Anda 482913', 'yes', 'Kode OTP Anda 482913'],
  ['Kode OTP Anda 482913', 'masked', 'Kod…13'],
  ['482913', 'masked', '…'],
  ['👨‍👩‍👧 keluarga besar 👨‍👩‍👧', 'masked', '👨‍👩‍👧 k… 👨‍👩‍👧'],
  ['Kode OTP Anda 482913', 'no', null],
] as const)('%s is kept (%s) as %s', (text, keep, kept) => {
  expect(keptText(text, keep)).toBe(kept)
})

test('a masked file name shows its kind only, and a footer of several lines is quoted line by line', () => {
  expect(keptFileName('faktur-budi.pdf', 'masked')).toBe('….pdf')
  expect(keptFileName('faktur-budi.pdf', 'no')).toBeNull()
  expect(withFooter('a', 'x\n\ny')).toBe('a\n\n> _x_\n>\n> _y_')
  expect(withFooter(null, 'x')).toBe('> _x_')
})

test('texts that are not to be kept are in no row, but what is undecided is still sent whole', async () => {
  const fixture = await begin({ 'log.keepTexts': 'no' })
  fixture.devices.drop(device, 0)
  const { id } = only(
    await fixture.send('Kode rahasia 1', {
      queue: true,
      parameters: { message: 'Kode rahasia 1', url: 'x' },
    }),
  )
  await fixture.restart()
  expect(fixture.messages.get(id)?.text).toBeNull()
  expect(fixture.messages.callOf(fixture.messages.list({ limit: 1 })[0] ?? raise())).toMatchObject({
    parameters: {},
  })
  fixture.devices.connect(device, fixture.now())
  await until(() => fixture.messages.get(id)?.state === 'sent')
  expect(fixture.devices.texts()).toEqual(['Kode rahasia 1'])
  expect(Buffer.from(fixture.messages.encodedMessage(device, id) ?? []).toString()).toBe('Kode rahasia 1')
  fixture.pass(2 * day)
  await fixture.messages.sweep()
  expect(fixture.messages.encodedMessage(device, id)).toBeUndefined()
  const message = fixture.messages.get(id) ?? raise()
  expect(fixture.messages.canResend(message)).toBe(false)
  expect((await refusal(fixture.messages.resend(id))).code).toBe('text_not_kept')
})

test('when less is to be kept, what was kept before is made less, in the search index too', async () => {
  const fixture = await begin()
  for (let index = 0; index < 120; index++) await fixture.send(`Pesanan rahasia nomor ${index}`)
  await fixture.messages.indexed()
  fixture.settings.set('log.keepTexts', 'masked')
  await fixture.messages.sweep()
  expect(new Set(fixture.messages.list({ limit: 200 }).map(({ text }) => text?.slice(0, 4)))).toEqual(
    new Set(['Pes…']),
  )
  expect(fixture.messages.list({ search: 'rahasia', limit: 5 })).toEqual([])
  expect(fixture.messages.list({ search: '6281234567890', limit: 5 })).toHaveLength(5)
  fixture.settings.set('log.keepTexts', 'no')
  await fixture.messages.sweep()
  expect(fixture.messages.list({ limit: 200 }).every(({ text }) => text === null)).toBe(true)
})

test('rows older than the setting are forgotten, with their requests and words, and sends go on meanwhile', async () => {
  const fixture = await begin({ 'log.retentionDays': 30 })
  for (let index = 0; index < 120; index++) await fixture.send(`lama ${index}`)
  await fixture.messages.indexed()
  fixture.pass(20 * day)
  await fixture.send('sedang')
  await fixture.messages.indexed()
  fixture.pass(15 * day)
  const [, submission] = await Promise.all([fixture.messages.sweep(), fixture.send('baru')])
  expect(only(submission).state).toBe('sent')
  expect(fixture.messages.list({ limit: 200 }).map(({ text }) => text)).toEqual(['baru', 'sedang'])
  expect(fixture.messages.list({ search: 'lama', limit: 5 })).toEqual([])
  expect(fixture.database.statement('SELECT count(*) AS count FROM requests').get()).toEqual({ count: 2 })
  expect(fixture.messages.sentCount(device)).toBe(122)
})

test('a sequence is never given twice, though the log was emptied', async () => {
  const fixture = await begin({ 'log.retentionDays': 1 })
  const first = only(await fixture.send('one'))
  await fixture.send('two')
  fixture.pass(2 * day)
  await fixture.messages.sweep()
  expect(fixture.messages.range()).toBeNull()
  expect(only(await fixture.send('three')).sequence).toBeGreaterThan(first.sequence + 1)
})

test('after a restart with an emptied log what is sent is found and forgotten like any', async () => {
  const fixture = await begin({ 'log.retentionDays': 30 })
  for (let index = 0; index < 5; index++) await fixture.send(`lama ${index}`)
  await fixture.messages.indexed()
  fixture.pass(31 * day)
  await fixture.messages.sweep()
  expect(fixture.messages.range()).toBeNull()
  await fixture.restart()
  const { id, sequence } = only(await fixture.send('struk baru'))
  expect(sequence).toBe(6)
  await fixture.messages.indexed()
  expect(fixture.messages.list({ search: 'struk', limit: 5 })).toMatchObject([{ id }])
  expect(fixture.messages.encodedMessage(device, id)).toBeDefined()
  fixture.pass(15 * day)
  await fixture.messages.sweep()
  expect(fixture.messages.get(id)).toBeDefined()
  expect(fixture.messages.encodedMessage(device, id)).toBeUndefined()
})

test('"send again" makes a new message of the same content, which waits for its device', async () => {
  const fixture = await begin()
  const first = only(await fixture.send('Hello'))
  fixture.devices.drop(device, 0)
  const again = await fixture.messages.resend(first.id)
  expect(again).toMatchObject({ state: 'queued', text: 'Hello', via: 'window', keyName: null })
  expect(again.id).not.toBe(first.id)
  fixture.devices.connect(device, fixture.now())
  await until(() => fixture.messages.get(again.id)?.state === 'sent')
  expect(fixture.devices.texts()).toEqual(['Hello', 'Hello'])
  expect((await refusal(fixture.messages.resend('nothing'))).code).toBe('message_not_found')
})

test('sends and failures are counted by day and device', async () => {
  const fixture = await begin()
  await fixture.send('one')
  fixture.devices.lookup = () => ({ exists: false })
  await fixture.send('two', { recipients: ['6281234567899'] })
  expect(fixture.messages.today()).toEqual({ [device]: { sent: 1, failed: 1, waiting: 0 } })
  const from = fixture.now()
  fixture.pass(day)
  fixture.devices.drop(device, 0)
  await fixture.send('three', { queue: true })
  expect(fixture.messages.today()).toEqual({ [device]: { sent: 0, failed: 0, waiting: 1 } })
  expect(fixture.messages.countByDay(from, fixture.now(), null)).toMatchObject([{ sent: 1, failed: 1 }])
  expect(fixture.messages.countByDay(from, fixture.now(), 'other')).toEqual([])
  expect(fixture.messages.sentCount(device)).toBe(1)
})

function raise(): never {
  throw new Error('missing')
}
