import { afterEach, expect, test } from 'vitest'
import { acknowledged } from './scripted-devices.ts'
import { device, only, Fixture, until } from './messages-fixture.ts'

let fixture: Fixture

afterEach(() => fixture.stop())

/** Every message is acknowledged after a turn of the event loop, one at a time as to new contacts. */
async function begin(): Promise<void> {
  fixture = new Fixture()
  fixture.devices.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 2))
    return acknowledged()
  }
  await fixture.start()
}

const till = { id: 'key-1', name: 'till' }
const shop = { id: 'key-2', name: 'shop' }
const numbers = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => String(6_281_230_000_000 + from + index))

test('behind a call to 200 recipients, a message of another key is next but two', async () => {
  await begin()
  const bulk = fixture.send('to all', { recipients: numbers(200), key: till, budgetMs: 20_000 })
  await until(() => fixture.devices.handed.length >= 20)
  const before = fixture.devices.handed.length
  const one = await fixture.send('from the other', { recipients: numbers(1, 900), key: shop })
  expect(only(one).state).toBe('sent')
  expect(fixture.devices.texts().indexOf('from the other') - before).toBeLessThanOrEqual(2)
  await bulk
  expect(fixture.devices.handed).toHaveLength(201)
})

test('keys take turns, one message each', async () => {
  await begin()
  fixture.messages.pause()
  const calls = [
    ...numbers(6).map((number) => fixture.send('a', { recipients: [number], key: till, queue: true })),
    ...numbers(6, 50).map((number) => fixture.send('b', { recipients: [number], key: shop, queue: true })),
    ...numbers(2, 90).map((number) =>
      fixture.send('c', { recipients: [number], key: null, via: 'window', queue: true }),
    ),
  ]
  await Promise.all(calls)
  fixture.messages.resume()
  await until(() => fixture.devices.handed.length === 14)
  expect(fixture.devices.texts().join('')).toBe('abcabcabababab')
})

test('a single message goes ahead of the rest of its own key’s call, once its first ten were chosen', async () => {
  await begin()
  fixture.messages.pause()
  await fixture.send('to all', { recipients: numbers(60), key: till, queue: true })
  await fixture.send('single', { recipients: numbers(1, 900), key: till, queue: true })
  fixture.messages.resume()
  await until(() => fixture.devices.handed.length === 61)
  expect(fixture.devices.texts().indexOf('single')).toBeLessThanOrEqual(11)
})

test('no message overtakes an earlier one of its key to the same chat, which comes forward with it', async () => {
  await begin()
  const recipients = numbers(60)
  const last = recipients.at(-1) ?? ''
  fixture.messages.pause()
  await fixture.send('to all', { recipients, key: till, queue: true })
  await fixture.send('and then', { recipients: [last], key: till, queue: true })
  await fixture.send('to all again', { recipients, key: till, queue: true })
  fixture.messages.resume()
  await until(() => fixture.devices.handed.length === 121)
  const toLast = fixture.devices.handed.filter(({ jid }) => jid.startsWith(last))
  expect(toLast.map(({ message }) => Buffer.from(message).toString())).toEqual([
    'to all',
    'and then',
    'to all again',
  ])
  const texts = fixture.devices.texts()
  const before = texts.slice(0, texts.indexOf('and then')).filter((text) => text === 'to all')
  expect(before.length).toBeLessThanOrEqual(13)
  for (const number of recipients) {
    const toOne = fixture.devices.handed.filter(({ jid }) => jid.startsWith(number))
    expect(
      toOne.map(({ message }) => Buffer.from(message).toString()).filter((text) => text !== 'and then'),
    ).toEqual(['to all', 'to all again'])
  }
})

test('while single messages keep coming, every tenth message is one of the long call', async () => {
  await begin()
  fixture.messages.pause()
  await fixture.send('to all', { recipients: numbers(20), key: till, queue: true })
  for (const number of numbers(80, 100))
    await fixture.send('single', { recipients: [number], key: shop, queue: true })
  fixture.messages.resume()
  await until(() => fixture.devices.handed.length === 100)
  const places = fixture.devices.texts().flatMap((text, place) => (text === 'to all' ? [place] : []))
  const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0))
  expect(Math.max(...gaps)).toBeLessThanOrEqual(10)
})

test('two keys’ messages to one chat are never on their way at a time', async () => {
  await begin()
  await fixture.send('so that it is a known contact')
  let onTheirWay = 0
  let most = 0
  fixture.devices.answer = async () => {
    most = Math.max(most, ++onTheirWay)
    await new Promise((resolve) => setTimeout(resolve, 5))
    onTheirWay--
    return acknowledged()
  }
  await Promise.all(
    ['a', 'b', 'c'].flatMap((text) => [fixture.send(text, { key: till }), fixture.send(text, { key: shop })]),
  )
  expect(most).toBe(1)
})

test('after a restart keys take turns as before', async () => {
  await begin()
  fixture.messages.pause()
  await fixture.send('to all', { recipients: numbers(40), key: till, queue: true })
  await fixture.send('from the other', { recipients: numbers(1, 900), key: shop, queue: true })
  await fixture.crash()
  fixture.messages.resume()
  await until(() => fixture.devices.handed.length === 41)
  expect(fixture.devices.texts().indexOf('from the other')).toBeLessThanOrEqual(2)
})

test('files of one key that never come hold up no file of another key, and no text', async () => {
  await begin()
  fixture.media.before = async () => {
    if (fixture.media.fetched.at(-1)?.fileName === 'slow') await new Promise(() => undefined)
  }
  const file = (fileName: string, number: number, key: typeof till) =>
    fixture.send('', {
      key,
      recipients: numbers(1, number),
      queue: true,
      content: {
        kind: 'media',
        mediaType: 'document',
        source: { url: `http://files/${number}` },
        caption: null,
        fileName,
        voice: false,
        viewOnce: false,
      },
    })
  const stuck = Array.from({ length: 20 }, (_, index) => file('slow', index, till))
  await until(() => fixture.media.fetched.length === 4)
  expect(only(await file('quick', 100, shop)).state).toBe('sent')
  expect(only(await fixture.send('a text', { key: till, recipients: numbers(1, 101) })).state).toBe('sent')
  // A text that is not in WhatsApp's form yet, as its device was away, waits for no file either.
  fixture.devices.drop(device, 0)
  await fixture.send('later', { key: till, recipients: numbers(1, 102), queue: true, budgetMs: 0 })
  fixture.devices.connect(device, fixture.now())
  await until(() => fixture.devices.texts().includes('later'))
  expect(fixture.media.fetched.filter(({ fileName }) => fileName === 'slow')).toHaveLength(4)
  void Promise.allSettled(stuck)
})
