import { afterEach, describe, expect, test } from 'vitest'
import type { Filter } from '../../src-main/messages/messages.ts'
import { searchQuery, wordsOfContent, wordsOfRecipient } from '../../src-main/messages/search-words.ts'
import { keptFileName, keptText, withFooter } from '../../src-main/messages/texts.ts'
import { device, only, refusal, Rig, until } from './rig.ts'

let rig: Rig | undefined
afterEach(async () => {
  await rig?.stop()
  rig = undefined
})
async function begin(settings: Record<string, unknown> = {}): Promise<Rig> {
  rig = await new Rig(settings).start()
  return rig
}
const day = 24 * 3_600_000

test('pages go from the newest to the oldest, each once', async () => {
  const { messages } = await begin().then(async (rig) => {
    for (let index = 0; index < 25; index++) await rig.send(`text ${index}`)
    return rig
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
  const rig = await begin()
  rig.devices.add({ id: 'device-2', number: '6285500000001' })
  await rig.send('one')
  rig.pass(day)
  const from = rig.now()
  await rig.send('two', { deviceId: 'device-2', key: { id: 'k2', name: 'other' } })
  rig.devices.lookup = () => ({ exists: false })
  await rig.send('three', { deviceId: 'device-2', recipients: ['6281234567899'] })
  const found = (filter: Filter): (string | null)[] =>
    rig.messages.list({ ...filter, limit: 10 }).map(({ text }) => text)
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
    const rig = await begin()
    await rig.send('Struk belanja Nº 12345 Café', { recipients: ['6285211112222'] })
    await rig.send('struk kedua', { recipients: ['6281234567890'] })
    await rig.send('100% diskon', { recipients: ['6285211113333'] })
    if (caughtUp) await rig.messages.indexed()
    const found = rig.messages.list({ search, limit: 10 }).map(({ text }) => text)
    if (caughtUp) expect(new Set(found)).toEqual(new Set(texts))
    // Rows that are not indexed yet are looked through as they are: accents count, and more may be found.
    else if (!/^caf/i.test(search)) expect(found).toEqual(expect.arrayContaining(texts))
  })
})

test.each([true, false])(
  'an emoji or a sign is found by itself, with its index caught up: %s',
  async (caughtUp) => {
    const rig = await begin()
    await rig.send('Terima kasih 😀', { recipients: ['6285211112222'] })
    await rig.send('100% diskon', { recipients: ['6285211113333'] })
    if (caughtUp) await rig.messages.indexed()
    const found = (search: string) => rig.messages.list({ search, limit: 10 }).map(({ text }) => text)
    expect(found('😀')).toEqual(['Terima kasih 😀'])
    expect(found('%')).toEqual(['100% diskon'])
    expect(found('😡')).toEqual([])
    expect(found('x'.repeat(5_000))).toEqual([])
  },
)

describe('search where the index cannot be made', () => {
  /** A table of the index's own name for its data is in its way. */
  const beginWithout = async (): Promise<Rig> => {
    rig = new Rig()
    const { database } = rig
    await database.write(() => database.statement('CREATE TABLE messages_search_data (id INTEGER)').run())
    return rig.start()
  }

  test.each(searches.filter(([search]) => !/^caf/i.test(search)))('%s', async (search, texts) => {
    const rig = await beginWithout()
    await rig.send('Struk belanja Nº 12345 Café', { recipients: ['6285211112222'] })
    await rig.send('struk kedua', { recipients: ['6281234567890'] })
    await rig.send('100% diskon', { recipients: ['6285211113333'] })
    await rig.messages.indexed()
    const found = rig.messages.list({ search, limit: 10 }).map(({ text }) => text)
    expect(found).toEqual(expect.arrayContaining(texts))
    if (texts.length === 0) expect(found).toEqual([])
  })

  test('goes through all rows, however many, and pages like any', async () => {
    const rig = await beginWithout()
    for (let index = 0; index < 10; index++) await rig.send(`struk ${index}`)
    const first = rig.messages.list({ search: 'struk', limit: 7 })
    const second = rig.messages.list({ search: 'struk', limit: 7, before: first.at(-1)?.sequence ?? 0 })
    const texts = [...first, ...second].map(({ text }) => text)
    expect(texts).toEqual(Array.from({ length: 10 }, (_, index) => `struk ${9 - index}`))
  })

  test('is indexed by the next start that can make one', async () => {
    const rig = await beginWithout()
    await rig.send('Café')
    expect(rig.messages.list({ search: 'cafe', limit: 5 })).toEqual([])
    await rig.database.write(() => rig.database.statement('DROP TABLE messages_search_data').run())
    await rig.restart()
    await rig.messages.indexed()
    expect(rig.messages.list({ search: 'cafe', limit: 5 })).toHaveLength(1)
  })
})

test('a search is paged over what is indexed and what is not yet', async () => {
  const rig = await begin()
  for (let index = 0; index < 6; index++) await rig.send(`struk ${index}`)
  await rig.messages.indexed()
  for (let index = 6; index < 10; index++) await rig.send(`struk ${index}`)
  const first = rig.messages.list({ search: 'struk', limit: 7 })
  const second = rig.messages.list({ search: 'struk', limit: 7, before: first.at(-1)?.sequence ?? 0 })
  const texts = [...first, ...second].map(({ text }) => text)
  expect(texts).toEqual(Array.from({ length: 10 }, (_, index) => `struk ${9 - index}`))
})

test('a row is found by the name of its file, too, though that came later', async () => {
  const rig = await begin()
  let arrive: (() => void) | undefined
  rig.media.before = () => new Promise((resolve) => (arrive = resolve))
  rig.media.file = { fileName: 'faktur-maret.png' }
  const content = {
    kind: 'media',
    mediaType: 'image',
    source: { url: 'http://example.com/x' },
    caption: null,
    fileName: null,
    voice: false,
    viewOnce: false,
  } as const
  const sent = rig.send('', { content, budgetMs: 14_000 })
  await until(() => arrive !== undefined)
  await rig.messages.indexed()
  arrive?.()
  await sent
  expect(rig.messages.list({ search: 'faktur', limit: 5 })).toHaveLength(1)
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
  const rig = await begin({ 'log.keepTexts': 'no' })
  rig.devices.drop(device, 0)
  const { id } = only(
    await rig.send('Kode rahasia 1', { queue: true, parameters: { message: 'Kode rahasia 1', url: 'x' } }),
  )
  await rig.restart()
  expect(rig.messages.get(id)?.text).toBeNull()
  expect(rig.messages.callOf(rig.messages.list({ limit: 1 })[0] ?? raise())).toMatchObject({ parameters: {} })
  rig.devices.connect(device, rig.now())
  await until(() => rig.messages.get(id)?.state === 'sent')
  expect(rig.devices.texts()).toEqual(['Kode rahasia 1'])
  expect(Buffer.from(rig.messages.encodedMessage(device, id) ?? []).toString()).toBe('Kode rahasia 1')
  rig.pass(2 * day)
  await rig.messages.sweep()
  expect(rig.messages.encodedMessage(device, id)).toBeUndefined()
  const message = rig.messages.get(id) ?? raise()
  expect(rig.messages.canResend(message)).toBe(false)
  expect((await refusal(rig.messages.resend(id))).code).toBe('text_not_kept')
})

test('when less is to be kept, what was kept before is made less, in the search index too', async () => {
  const rig = await begin()
  for (let index = 0; index < 120; index++) await rig.send(`Pesanan rahasia nomor ${index}`)
  await rig.messages.indexed()
  rig.settings.set('log.keepTexts', 'masked')
  await rig.messages.sweep()
  expect(new Set(rig.messages.list({ limit: 200 }).map(({ text }) => text?.slice(0, 4)))).toEqual(
    new Set(['Pes…']),
  )
  expect(rig.messages.list({ search: 'rahasia', limit: 5 })).toEqual([])
  expect(rig.messages.list({ search: '6281234567890', limit: 5 })).toHaveLength(5)
  rig.settings.set('log.keepTexts', 'no')
  await rig.messages.sweep()
  expect(rig.messages.list({ limit: 200 }).every(({ text }) => text === null)).toBe(true)
})

test('rows older than the setting are forgotten, with their requests and words, and sends go on meanwhile', async () => {
  const rig = await begin({ 'log.retentionDays': 30 })
  for (let index = 0; index < 120; index++) await rig.send(`lama ${index}`)
  await rig.messages.indexed()
  rig.pass(20 * day)
  await rig.send('sedang')
  await rig.messages.indexed()
  rig.pass(15 * day)
  const [, submission] = await Promise.all([rig.messages.sweep(), rig.send('baru')])
  expect(only(submission).state).toBe('sent')
  expect(rig.messages.list({ limit: 200 }).map(({ text }) => text)).toEqual(['baru', 'sedang'])
  expect(rig.messages.list({ search: 'lama', limit: 5 })).toEqual([])
  expect(rig.database.statement('SELECT count(*) AS count FROM requests').get()).toEqual({ count: 2 })
  expect(rig.messages.sentCount(device)).toBe(122)
})

test('a sequence is never given twice, though the log was emptied', async () => {
  const rig = await begin({ 'log.retentionDays': 1 })
  const first = only(await rig.send('one'))
  await rig.send('two')
  rig.pass(2 * day)
  await rig.messages.sweep()
  expect(rig.messages.range()).toBeNull()
  expect(only(await rig.send('three')).sequence).toBeGreaterThan(first.sequence + 1)
})

test('after a restart with an emptied log what is sent is found and forgotten like any', async () => {
  const rig = await begin({ 'log.retentionDays': 30 })
  for (let index = 0; index < 5; index++) await rig.send(`lama ${index}`)
  await rig.messages.indexed()
  rig.pass(31 * day)
  await rig.messages.sweep()
  expect(rig.messages.range()).toBeNull()
  await rig.restart()
  const { id, sequence } = only(await rig.send('struk baru'))
  expect(sequence).toBe(6)
  await rig.messages.indexed()
  expect(rig.messages.list({ search: 'struk', limit: 5 })).toMatchObject([{ id }])
  expect(rig.messages.encodedMessage(device, id)).toBeDefined()
  rig.pass(15 * day)
  await rig.messages.sweep()
  expect(rig.messages.get(id)).toBeDefined()
  expect(rig.messages.encodedMessage(device, id)).toBeUndefined()
})

test('"send again" makes a new message of the same content, which waits for its device', async () => {
  const rig = await begin()
  const first = only(await rig.send('Hello'))
  rig.devices.drop(device, 0)
  const again = await rig.messages.resend(first.id)
  expect(again).toMatchObject({ state: 'queued', text: 'Hello', via: 'window', keyName: null })
  expect(again.id).not.toBe(first.id)
  rig.devices.connect(device, rig.now())
  await until(() => rig.messages.get(again.id)?.state === 'sent')
  expect(rig.devices.texts()).toEqual(['Hello', 'Hello'])
  expect((await refusal(rig.messages.resend('nothing'))).code).toBe('message_not_found')
})

test('sends and failures are counted by day and device', async () => {
  const rig = await begin()
  await rig.send('one')
  rig.devices.lookup = () => ({ exists: false })
  await rig.send('two', { recipients: ['6281234567899'] })
  expect(rig.messages.today()).toEqual({ [device]: { sent: 1, failed: 1, waiting: 0 } })
  const from = rig.now()
  rig.pass(day)
  rig.devices.drop(device, 0)
  await rig.send('three', { queue: true })
  expect(rig.messages.today()).toEqual({ [device]: { sent: 0, failed: 0, waiting: 1 } })
  expect(rig.messages.countByDay(from, rig.now(), null)).toMatchObject([{ sent: 1, failed: 1 }])
  expect(rig.messages.countByDay(from, rig.now(), 'other')).toEqual([])
  expect(rig.messages.sentCount(device)).toBe(1)
})

function raise(): never {
  throw new Error('missing')
}
