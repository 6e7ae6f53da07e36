import { afterEach, expect, test } from 'vitest'
import type { Call, CallContent } from '../../src-main/messages/submit/call.ts'
import { Failure } from '../../src-main/lib/failure.ts'
import { device, only, Fixture, someone, until } from './messages-fixture.ts'
import { acknowledged, unknown } from './scripted-devices.ts'

let fixture: Fixture
afterEach(() => fixture.stop())
const begin = async (): Promise<Fixture> => (fixture = await new Fixture().start())
const picture = (more: Partial<Extract<CallContent, { kind: 'media' }>> = {}): Partial<Call> => ({
  content: {
    kind: 'media',
    mediaType: 'image',
    source: { url: 'http://example.com/a.png' },
    caption: 'Look',
    fileName: null,
    voice: false,
    viewOnce: false,
    ...more,
  },
})
const upload = { path: '/tmp/upload-1', bytes: 3, sha256: 'abc', fileName: 'a.png', mimeType: 'image/png' }

test('a file is fetched and uploaded once for all recipients, and let go', async () => {
  await begin()
  const { results } = await fixture.send('', { ...picture(), recipients: [someone, '6281234567891'] })
  expect(results.map(({ message }) => message?.state)).toEqual(['sent', 'sent'])
  expect(results[0]?.message).toMatchObject({ kind: 'image', text: 'Look', fileName: 'a.png' })
  expect(fixture.media.fetched).toHaveLength(1)
  expect(fixture.devices.composed).toHaveLength(1)
  expect(fixture.media.released).toEqual(['/tmp/file-1'])
  expect(fixture.devices.texts()).toEqual(['/tmp/file-1 Look', '/tmp/file-1 Look'])
})

test.each(['media_not_direct', 'media_too_large', 'media_mismatch', 'media_timeout'] as const)(
  'what is wrong with the file ends the rows: %s',
  async (code) => {
    await begin()
    fixture.media.before = async () => {
      throw new Failure(code, `it is ${code}`)
    }
    const { results } = await fixture.send('', {
      ...picture({ source: { upload } }),
      recipients: [someone, '6281234567891'],
    })
    expect(results.map(({ message, failure }) => [message?.state, failure?.code, failure?.reason])).toEqual([
      ['failed', code, `it is ${code}`],
      ['failed', code, `it is ${code}`],
    ])
    await until(() => fixture.media.discarded.length === 1)
    expect(fixture.devices.handed).toEqual([])
  },
)

test('what WhatsApp takes and is not proven to show everywhere is noted in the answer', async () => {
  await begin()
  expect((await fixture.send('', picture())).notes).toEqual([])
  const once = await fixture.send('', { ...picture({ viewOnce: true }), recipients: ['6281234567892'] })
  expect(once.notes).toMatchObject([expect.stringContaining('iPhone')])
})

test('a caller whose file is still on its way is answered when the program stops', async () => {
  await begin()
  fixture.media.before = () => new Promise(() => undefined)
  const sending = fixture.send('', { ...picture(), budgetMs: 14_000 })
  await until(() => fixture.media.fetched.length === 1)
  const began = performance.now()
  await fixture.messages.stop()
  const { results } = await sending
  expect(performance.now() - began).toBeLessThan(3_000)
  expect(results[0]).toMatchObject({ message: { state: 'queued' }, failure: { code: 'not_confirmed' } })
})

test('an upload that WhatsApp did not take ends the row, and the file is let go', async () => {
  await begin()
  fixture.devices.composeFailure = new Failure('media_upload_failed', 'not taken')
  const { results } = await fixture.send('', picture())
  expect(results[0]?.failure?.code).toBe('media_upload_failed')
  expect(fixture.media.released).toEqual(['/tmp/file-1'])
})

test('texts to others do not wait for a slow file, texts to the same recipient do', async () => {
  await begin()
  let arrive: (() => void) | undefined
  fixture.media.before = () => new Promise((resolve) => (arrive = resolve))
  const file = fixture.send('', { ...picture(), budgetMs: 14_000 })
  await until(() => arrive !== undefined)
  const behind = fixture.send('behind', { budgetMs: 14_000 })
  await fixture.send('other', { recipients: ['6281234567891'] })
  expect(fixture.devices.texts()).toEqual(['other'])
  arrive?.()
  await Promise.all([file, behind])
  expect(fixture.devices.texts()).toEqual(['other', '/tmp/file-1 Look', 'behind'])
})

test('a file refused while its number is still being asked for holds nobody up', async () => {
  await begin()
  let answer: (() => void) | undefined
  const lookUp = fixture.devices.lookUp.bind(fixture.devices)
  fixture.devices.lookUp = async (id, numbers) => {
    await new Promise<void>((resolve) => (answer = resolve))
    return lookUp(id, numbers)
  }
  fixture.media.before = async () => {
    throw new Failure('media_unreachable', 'no such file')
  }
  expect((await fixture.send('', picture())).results[0]?.failure?.code).toBe('media_unreachable')
  await until(() => answer !== undefined)
  fixture.devices.lookUp = lookUp
  answer?.()
  const text = only(await fixture.send('text', { recipients: ['6281234567891'], budgetMs: 1_000 }))
  expect(text.state).toBe('sent')
})

test('any number of slow files does not hold up texts to others', async () => {
  await begin()
  const arrive: (() => void)[] = []
  fixture.media.before = () => new Promise((resolve) => void arrive.push(resolve))
  const files = Array.from({ length: 25 }, (_, index) =>
    fixture.send('', { ...picture(), recipients: [`62812345678${20 + index}`], budgetMs: 14_000 }),
  )
  await until(() => arrive.length > 0)
  const text = only(await fixture.send('text', { recipients: ['6281234567891'], budgetMs: 1_000 }))
  expect(text.state).toBe('sent')
  fixture.media.before = async () => undefined
  for (const resolve of arrive) resolve()
  await Promise.all(files)
})

test('progress is on the row while the file is on its way', async () => {
  await begin()
  let arrive: (() => void) | undefined
  fixture.media.before = () => new Promise((resolve) => (arrive = resolve))
  const heard: unknown[] = []
  fixture.messages.onChange.add(({ progress }) => progress !== null && heard.push(progress))
  const file = fixture.send('', picture())
  await until(() => arrive !== undefined)
  const wanted = fixture.media.fetched[0]
  wanted?.onProgress?.({ bytes: 5, total: 20 })
  expect(fixture.messages.list({ limit: 1 })[0]?.progress).toEqual({ stage: 'fetching', bytes: 5, total: 20 })
  arrive?.()
  expect(only(await file).progress).toBeNull()
  expect(heard.length).toBeGreaterThan(0)
})

test('after a crash, what was uploaded already is sent without the file', async () => {
  await begin()
  fixture.devices.script.push(unknown)
  const { id } = only(await fixture.send('', { ...picture(), budgetMs: 100 }))
  await fixture.crash()
  await until(() => fixture.messages.get(id)?.state === 'sent')
  expect(fixture.media.fetched).toHaveLength(1)
  expect(fixture.devices.texts()).toEqual(['/tmp/file-1 Look', '/tmp/file-1 Look'])
})

test('after a crash, what was not uploaded yet is fetched again, an upload from where it was kept', async () => {
  await begin()
  fixture.devices.drop(device, 0)
  const { results } = await fixture.send('', { ...picture({ source: { upload } }), queue: true })
  await fixture.crash()
  expect(fixture.messages.keptUploads()).toEqual([upload.path])
  fixture.devices.connect(device, fixture.now())
  await until(() => fixture.messages.get(results[0]?.message?.id ?? '')?.state === 'sent')
  expect(fixture.media.fetched).toMatchObject([{ source: { upload } }])
  expect(fixture.media.discarded).toEqual([upload.path])
  expect(fixture.messages.keptUploads()).toEqual([])
})

test('a line that drops while the file is on its way is waited for, and the file fetched once', async () => {
  await begin()
  fixture.media.before = async () => fixture.devices.drop(device, fixture.now())
  const file = fixture.send('', { ...picture(), budgetMs: 14_000 })
  await until(() => fixture.devices.get(device)?.state.name === 'waiting')
  fixture.devices.composeFailure = new Failure('device_disconnected', 'gone again')
  fixture.devices.connect(device, fixture.now())
  await until(() => fixture.devices.composed.length === 1)
  fixture.devices.composeFailure = null
  expect(only(await file).state).toBe('sent')
  expect(fixture.media.fetched).toHaveLength(1)
})

test('a newsletter among others gets no file, as theirs is encrypted, and says so; alone it gets one', async () => {
  await begin()
  const newsletter = '120363041234567890@newsletter'
  const { results } = await fixture.send('', { ...picture(), recipients: [newsletter, someone] })
  expect(results).toMatchObject([
    { recipient: newsletter, message: null, failure: { code: 'number_invalid' } },
    { recipient: someone, message: { state: 'sent' }, failure: null },
  ])
  expect(results[0]?.failure?.reason).toContain('a call of its own')
  expect(only(await fixture.send('', { ...picture(), recipients: [newsletter] })).state).toBe('sent')
  const texts = await fixture.send('text', { recipients: [newsletter, someone] })
  expect(texts.results.map(({ message }) => message?.state)).toEqual(['sent', 'sent'])
})

test('a text does not overtake a file to the same recipient, over a restart either', async () => {
  await begin()
  fixture.messages.pause()
  await fixture.send('', { ...picture(), queue: true })
  await fixture.send('after the file', { queue: true })
  await fixture.restart()
  fixture.messages.resume()
  await until(() => fixture.devices.texts().length === 2)
  expect(fixture.devices.texts()).toEqual(['/tmp/file-1 Look', 'after the file'])
})

test('what had to be changed about the file is told', async () => {
  await begin()
  fixture.media.file = { kind: 'document', fileName: 'a.tiff', notes: ['sent as a document'] }
  const submission = await fixture.send('', picture())
  expect(submission.notes).toEqual(['sent as a document'])
  expect(only(submission)).toMatchObject({ kind: 'document', fileName: 'a.tiff' })
  expect(fixture.messages.get(only(submission).id)).toMatchObject({ kind: 'document', fileName: 'a.tiff' })
})

test('a message is quoted with its content where the log has it, else by its bare id', async () => {
  await begin()
  const { id } = only(await fixture.send('first'))
  await fixture.send('answer', { quotedId: id })
  await fixture.send('other', { quotedId: 'ABC' })
  const [, known, bare] = fixture.devices.composed
  expect(known?.quoted).toMatchObject({ id, participant: '6285500000000@s.whatsapp.net' })
  expect(Buffer.from(known?.quoted?.message ?? []).toString()).toBe('first')
  expect(bare?.quoted).toEqual({ id: 'ABC', participant: null, message: null })
  fixture.devices.answer = () => acknowledged()
})
