import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApplication, type Application } from '../../src-main/app/app.ts'
import type { MediaType } from '../../src-main/media/files/media-file.ts'
import type { Message } from '../../src-main/messages/message.ts'
import { firstNumber } from '../../src-main/app/sandbox-service.ts'
import { confStore } from '../../src-main/storage/settings/settings-store.ts'
import { recipient } from '../api/real-application.ts'
import { makePdf } from '../media/files/office-files.ts'
import { makeVoice, makeWav } from '../media/files/sound-files.ts'
import { callFor, until } from './messages-fixture.ts'

let folder: string
let application: Application
const dataKey = randomBytes(32)

async function start(): Promise<void> {
  application = await startApplication({
    dataFolder: folder,
    shell: 'headless',
    dataKey: () => Promise.resolve(dataKey),
    settingsStore: confStore,
    settingOverrides: { 'api.port': '0' },
    sandbox: true,
    whatsappUrl: null,
    extraCertificates: [],
    version: '0.0.0-test',
  })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kurir-uploads-'))
  await start()
})
afterEach(async () => {
  await application.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Has a file accepted that waits for its device, ends the program, and tells where the file is kept. */
async function acceptAndEnd(
  file: Uint8Array,
  wish: { mediaType: MediaType; voice?: boolean },
): Promise<string> {
  const { devices, media, messages } = application
  await devices.stop()
  const upload = await media.receiveUpload(Readable.from([file]), { fileName: 'a file', mimeType: null })
  const { mediaType, voice = false } = wish
  const { results } = await messages.submit(
    callFor('', {
      deviceId: devices.byNumber(firstNumber)?.id ?? '',
      recipients: [recipient],
      content: {
        kind: 'media',
        mediaType,
        source: { upload },
        caption: null,
        fileName: null,
        voice,
        viewOnce: false,
      },
      queue: true,
      budgetMs: 0,
    }),
  )
  expect(results[0]?.message?.state).toBe('queued')
  await application.stop()
  return upload.path
}

/** Starts the program again and waits for what becomes of the message. */
async function outcome(): Promise<Message> {
  await start()
  return until(
    () => application.messages.list({ limit: 1 })[0] as Message,
    ({ state }) => state !== 'queued' && state !== 'sending',
  )
}

const pdf = (): Buffer => Buffer.concat([makePdf(), Buffer.alloc(200_000, '%')])
const voice = (loudness: number): Buffer =>
  makeWav(
    makeVoice(2, 16_000).map((sample) => sample * loudness),
    { sampleRate: 16_000 },
  )
const inbox = () => application.practice.sandbox?.inbox(recipient)

test('an upload that waited over a restart arrives as it came', async () => {
  const file = pdf()
  await acceptAndEnd(file, { mediaType: 'pdf' })
  expect((await outcome()).failure).toBeNull()
  const sha256 = createHash('sha256').update(file).digest('hex')
  expect(inbox()).toMatchObject([{ kind: 'document', sha256, bytes: file.length }])
})

test.each<[string, MediaType, (path: string) => Promise<void>, string]>([
  [
    'cut short',
    'document',
    (path: string) => truncate(path, 100_000),
    'changed or damaged after it was accepted',
  ],
  ['emptied', 'document', (path: string) => truncate(path, 0), 'changed or damaged after it was accepted'],
  ['gone', 'pdf', (path: string) => rm(path), 'no longer there'],
  [
    'full of zeros',
    'pdf',
    (path: string) => writeFile(path, Buffer.alloc(pdf().length)),
    'changed or damaged after it was accepted',
  ],
])(
  'an upload that is %s after a restart is not sent, and the row says why',
  async (_, mediaType, damage, why) => {
    const path = await acceptAndEnd(pdf(), { mediaType })
    await damage(path)
    const { state, failure } = await outcome()
    expect([state, failure?.code]).toEqual(['failed', 'media_unreadable'])
    expect(failure?.reason).toContain(why)
    expect(inbox()).toEqual([])
    await until(
      () => application.messages.keptUploads(),
      (kept) => kept.length === 0,
    )
  },
)

test('of a sound that was exchanged no voice note is made', async () => {
  const path = await acceptAndEnd(voice(1), { mediaType: 'audio', voice: true })
  await writeFile(path, voice(0.5))
  expect((await outcome()).failure?.code).toBe('media_unreadable')
  expect(inbox()).toEqual([])
})

test('a file that changes after it was looked at is not sent under the hash that it had', async () => {
  const { devices, media } = application
  const id = devices.byNumber(firstNumber)?.id ?? ''
  await devices.whenConnected(id, { withinMs: 15_000 })
  const upload = await media.receiveUpload(Readable.from([pdf()]), { fileName: null, mimeType: null })
  const file = await media.fetch({ source: { upload }, mediaType: 'pdf', fileName: null, voice: false })
  await truncate(file.path, 100_000)
  const composed = devices.compose(id, { kind: 'media', file, caption: null, viewOnce: false }, {})
  await expect(composed).rejects.toMatchObject({ code: 'media_unreadable' })
})
