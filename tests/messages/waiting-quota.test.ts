import { afterEach, expect, test } from 'vitest'
import type { Call } from '../../src-main/messages/submit/call.ts'
import { device, refusal, Fixture } from './messages-fixture.ts'

const gibibyte = 1024 ** 3
const mebibyte = 1024 ** 2
const till = { id: 'key-1', name: 'till' }
const shop = { id: 'key-2', name: 'shop' }

let fixture: Fixture
afterEach(() => fixture.stop())

/** Sending is paused, so that everything waits. */
async function begin(options: ConstructorParameters<typeof Fixture>[2] = {}, settings = {}): Promise<void> {
  fixture = new Fixture(settings, null, options)
  await fixture.start()
  fixture.messages.pause()
}

let made = 0
/** A call with a file of that size, which waits. */
function file(megabytes: number, more: Partial<Call> = {}): Promise<unknown> {
  made += 1
  const upload = {
    path: `/tmp/upload-${made}`,
    bytes: megabytes * mebibyte,
    sha256: String(made),
    fileName: null,
    mimeType: null,
  }
  return fixture.send('', {
    content: {
      kind: 'media',
      mediaType: 'document',
      source: { upload },
      caption: null,
      fileName: null,
      voice: false,
      viewOnce: false,
    },
    queue: true,
    budgetMs: 0,
    ...more,
  })
}

test('files of one key that wait take 1 GiB at most, those of all keys 2 GiB', async () => {
  await begin({ disk: { freeBytes: 100 * gibibyte } })
  for (let count = 0; count < 10; count++) await file(100, { key: till })
  const full = await refusal(file(100, { key: till }))
  expect(full.code).toBe('queue_full')
  expect(full.message).toMatch(/this API key that wait take \d+ MiB; they may take 1\.0 GiB/)
  for (let count = 0; count < 10; count++) await file(100, { key: shop })
  await file(30, { key: null, via: 'window' })
  expect((await refusal(file(100, { key: null, via: 'window' }))).code).toBe('queue_full')
  // A text of a key that has nothing waiting is taken all the same.
  await fixture.send('Halo', { key: { id: 'key-3', name: 'other' }, queue: true })
})

test('on a disk with 4 GiB free a tenth of that may wait, and it grows no smaller by what waits', async () => {
  const disk = { freeBytes: 4 * gibibyte }
  await begin({ disk })
  await file(100, { key: till })
  disk.freeBytes -= 100 * mebibyte
  await file(100, { key: till })
  disk.freeBytes -= 100 * mebibyte
  expect((await refusal(file(20, { key: till }))).code).toBe('queue_full')
  await file(100, { key: shop })
})

test('long texts are counted as well, and room is there again once they have left', async () => {
  await begin({ disk: { freeBytes: 0.02 * gibibyte } })
  const text = 'x'.repeat(60_000)
  let accepted = 0
  const fill = async () => {
    for (;;) await fixture.send(`${text} ${++accepted}`, { key: till, queue: true })
  }
  expect((await refusal(fill())).code).toBe('queue_full')
  expect(accepted).toBeGreaterThan(5)
  expect(accepted).toBeLessThan(20)
  await fixture.restart()
  expect((await refusal(fixture.send(`${text} again`, { key: till, queue: true }))).code).toBe('queue_full')
  fixture.messages.resume()
  await expect.poll(() => fixture.messages.queueDepth(), { timeout: 20_000 }).toBe(0)
  fixture.messages.pause()
  await fixture.send(text, { key: till, queue: true })
  await fixture.send(`${text} and more`, { key: till, queue: true })
})

test('where several keys use a device, one has half of the places of its queue; alone it has all', async () => {
  let isShared = true
  await begin({ isShared: () => isShared }, { 'api.maxQueued': 10 })
  for (let count = 0; count < 5; count++) await fixture.send(`${count}`, { key: till, queue: true })
  const full = await refusal(fixture.send('one more', { key: till, queue: true }))
  expect(full.code).toBe('queue_full')
  expect(full.message).toContain('each may have 5 (half of the setting api.maxQueued)')
  await fixture.send('from the other', { key: shop, queue: true })
  isShared = false
  for (let count = 0; count < 4; count++) await fixture.send(`more ${count}`, { key: till, queue: true })
  expect((await refusal(fixture.send('too many', { key: till, queue: true }))).message).toContain(
    'setting api.maxQueued',
  )
  expect(fixture.messages.queueDepth(device)).toBe(10)
})

test('with too little space on the disk nothing is accepted, and what was accepted goes on', async () => {
  const disk = {
    freeBytes: 100 * gibibyte,
    isLow: false,
    lowSentence: 'Less than 1.0 GiB of the disk is free.',
  }
  await begin({ disk })
  await fixture.send('before', { queue: true })
  disk.isLow = true
  expect(await refusal(fixture.send('Halo', { queue: true }))).toEqual({
    code: 'storage_full',
    message: disk.lowSentence,
  })
  fixture.messages.resume()
  await expect.poll(() => fixture.devices.texts()).toEqual(['before'])
})

test('where several keys use a device, one has half of each ceiling of its pace, after a restart too', async () => {
  let isShared = true
  const pace = { pace: 'normal', 'pace.perHour': 6, 'pace.newContactsPerDay': 4 }
  fixture = new Fixture(pace, null, { isShared: () => isShared })
  await fixture.start()
  const to = (index: number) => ({ recipients: [`62812345670${10 + index}`] })
  for (let count = 0; count < 2; count++) await fixture.send(`new ${count}`, { key: till, ...to(count) })
  const share = await refusal(fixture.send('a third', { key: till, ...to(2) }))
  expect(share.code).toBe('ceiling_reached')
  expect(share.message).toContain(
    'This API key has used its share of a device that other keys use, too: 2 new contacts a day',
  )
  await fixture.send('known', { key: till, ...to(0) })
  expect((await refusal(fixture.send('known again', { key: till, ...to(0) }))).message).toContain(
    '3 messages an hour',
  )
  await fixture.restart()
  expect((await refusal(fixture.send('known again', { key: till, ...to(0) }))).message).toContain(
    '3 messages an hour',
  )
  // The other key has its own half.
  for (let count = 0; count < 2; count++) await fixture.send(`shop ${count}`, { key: shop, ...to(3 + count) })
  isShared = false
  fixture.pass(1_500)
  await fixture.send('alone', { key: till, ...to(1) })
})
