import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MediaFile, MediaKind } from '../../src-main/media/files/media-file.ts'
import type { SendOutcome } from '../../src-main/devices/connection/sending/outgoing.ts'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const number = '6281234567890'
const jid = `${number}@s.whatsapp.net`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kurir-files-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let fixture: Fixture
let id: string
beforeEach(async () => {
  fixture = await startFixture()
  ;({ id } = await pairedDevice(fixture))
})
afterEach(() => fixture.stop())

describe('looking numbers up', () => {
  it('tells those that are there from those that are not, in one question', async () => {
    const answers = await fixture.devices.lookUp(id, [number, '6285500000100', '628111111111'])
    expect(answers.get(number)).toEqual({
      exists: true,
      jid,
      lid: expect.stringMatching(/^\d+@lid$/) as string,
    })
    expect(answers.get('6285500000100')).toEqual({ exists: false })
    expect(answers.get('628111111111')?.exists).toBe(true)
  })

  it('remembers the answers, also over a reconnect', async () => {
    await fixture.devices.lookUp(id, [number])
    fixture.sandbox.fault({ kind: 'query-silence', count: 100 })
    expect((await fixture.devices.lookUp(id, [number])).get(number)?.exists).toBe(true)
  })

  it('that is not answered says so', async () => {
    fixture.sandbox.fault({ kind: 'query-silence', count: 100 })
    const answer = fixture.devices.lookUp(id, [number])
    await new Promise((resolve) => setTimeout(resolve, 50))
    fixture.sandbox.fault({ kind: 'close', code: 503 })
    await expect(answer).rejects.toMatchObject({ code: 'lookup_failed' })
  })

  it('needs a connection', async () => {
    fixture.sandbox.fault({ kind: 'close', code: 440 })
    await until(fixture.devices, id, inState('stopped'))
    await expect(fixture.devices.lookUp(id, [number])).rejects.toMatchObject({ code: 'device_disconnected' })
    await expect(fixture.devices.groups(id)).rejects.toMatchObject({ code: 'device_disconnected' })
  })
})

describe('a group', () => {
  it('is among those that the device is in', async () => {
    const groups = await fixture.devices.groups(id)
    expect(groups).toEqual(fixture.sandbox.groups.map(({ jid, subject }) => ({ id: jid, subject })))
  })

  it('gets a text that each of its members reads, before and after a restart', async () => {
    for (const group of fixture.sandbox.groups) {
      expect((await sendText(fixture.devices, id, group.jid, 'Halo semua')).outcome.result).toBe(
        'acknowledged',
      )
    }
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    for (const group of fixture.sandbox.groups) {
      expect((await sendText(fixture.devices, id, group.jid, 'Lagi')).outcome.result).toBe('acknowledged')
    }
    expect(new Set(fixture.sandbox.inbox().map(({ to, text }) => `${to} ${text}`)).size).toBe(4)
    expect(fixture.sandbox.reports()).toEqual([])
  })
})

it('a newsletter that does not exist is said to be unknown', async () => {
  const { outcome } = await sendText(fixture.devices, id, '120363999999999999@newsletter', 'Kabar')
  expect(outcome).toMatchObject({
    result: 'refused',
    code: 'refused_by_whatsapp',
    reason: expect.stringContaining('no such newsletter'),
  })
})

it('a newsletter gets a text', async () => {
  const { outcome } = await sendText(fixture.devices, id, fixture.sandbox.newsletter.jid, 'Kabar')
  expect(outcome.result).toBe('acknowledged')
  expect(fixture.sandbox.inbox().at(-1)).toMatchObject({ text: 'Kabar', to: fixture.sandbox.newsletter.jid })
})

function fileOf(kind: MediaKind, bytes: number, more: Partial<MediaFile> = {}): MediaFile {
  const content = randomBytes(bytes)
  const path = join(folder, randomBytes(6).toString('hex'))
  writeFileSync(path, content)
  return {
    kind,
    path,
    bytes,
    sha256: createHash('sha256').update(content).digest('hex'),
    mimeType: 'application/octet-stream',
    fileName: 'faktur.pdf',
    width: null,
    height: null,
    seconds: null,
    waveform: null,
    thumbnail: null,
    notes: [],
    ...more,
  }
}

describe('a file', () => {
  it.each([
    ['image', { mimeType: 'image/jpeg', width: 40, height: 30, thumbnail: Buffer.from('small') }],
    ['video', { mimeType: 'video/mp4', seconds: 7, thumbnail: Buffer.from('small') }],
    ['audio', { mimeType: 'audio/mpeg', seconds: 3 }],
    ['voice', { mimeType: 'audio/ogg; codecs=opus', seconds: 3, waveform: new Uint8Array(64).fill(9) }],
    ['document', { mimeType: 'application/pdf' }],
  ] as const)('%s arrives whole, with what belongs to it', async (kind, more) => {
    const file = fileOf(kind, 100_003, more)
    const progress: number[] = []
    const caption = kind === 'audio' || kind === 'voice' ? null : 'Terima kasih'
    const message = await fixture.devices.compose(
      id,
      { kind: 'media', file, caption, viewOnce: false },
      { onProgress: (bytes, total) => progress.push(bytes / total) },
    )
    const messageId = fixture.devices.newMessageId(id)
    const outcome = await fixture.devices.send(id, { messageId, jid, message })
    expect(outcome.result).toBe('acknowledged')
    expect(progress.at(-1)).toBe(1)
    expect(fixture.sandbox.inbox()).toMatchObject([
      { kind, sha256: file.sha256, bytes: file.bytes, text: caption, mimeType: file.mimeType },
    ])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('goes to several recipients after one upload', async () => {
    const message = await fixture.devices.compose(id, {
      kind: 'media',
      file: fileOf('document', 10),
      caption: null,
      viewOnce: false,
    })
    fixture.sandbox.fault({ kind: 'upload-error', count: 100 })
    for (const to of [jid, '6281200000001@s.whatsapp.net']) {
      const outgoing = { messageId: fixture.devices.newMessageId(id), jid: to, message }
      expect((await fixture.devices.send(id, outgoing)).result).toBe('acknowledged')
    }
    expect(fixture.sandbox.inbox()).toHaveLength(2)
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('lies open for a newsletter, and an encrypted one, which its readers could not see, is refused', async () => {
    const { jid } = fixture.sandbox.newsletter
    const file = fileOf('image', 5_003)
    const say = async (newsletter: boolean): Promise<SendOutcome> => {
      const message = await fixture.devices.compose(
        id,
        { kind: 'media', file, caption: 'Promo', viewOnce: false },
        { newsletter },
      )
      return fixture.devices.send(id, { messageId: fixture.devices.newMessageId(id), jid, message })
    }
    await say(true)
    const open = fixture.sandbox.inbox().at(-1)
    expect(open).toMatchObject({ kind: 'image', text: 'Promo', sha256: file.sha256, bytes: 5_003 })
    expect(
      createHash('sha256')
        .update((await fixture.sandbox.blob(open!.id))!)
        .digest('hex'),
    ).toBe(file.sha256)
    expect(fixture.sandbox.reports()).toEqual([])
    expect(await say(false)).toMatchObject({ result: 'refused', code: 'media_upload_failed' })
    expect(fixture.sandbox.inbox()).toHaveLength(1)
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('of no bytes, and of exactly one block, arrive too', async () => {
    for (const bytes of [1, 16, 65_536]) {
      const file = fileOf('document', bytes)
      const message = await fixture.devices.compose(id, {
        kind: 'media',
        file,
        caption: null,
        viewOnce: false,
      })
      await fixture.devices.send(id, { messageId: fixture.devices.newMessageId(id), jid, message })
      expect(fixture.sandbox.inbox().at(-1)?.sha256).toBe(file.sha256)
    }
  })

  it('that WhatsApp does not take is a failure, and leaves nothing behind', async () => {
    fixture.sandbox.fault({ kind: 'upload-error', count: 100 })
    const before = readdirSync(tmpdir()).filter((name) => name.includes('-enc')).length
    const content = { kind: 'media' as const, file: fileOf('image', 50_000), caption: null, viewOnce: false }
    await expect(fixture.devices.compose(id, content)).rejects.toMatchObject({ code: 'media_upload_failed' })
    expect(readdirSync(tmpdir()).filter((name) => name.includes('-enc')).length).toBe(before)
  })

  it('can be seen once, and can answer a message', async () => {
    const { messageId } = await sendText(fixture.devices, id, jid, 'asked')
    const quoted = { id: messageId, participant: jid, message: null }
    const file = fileOf('image', 500, { mimeType: 'image/png', width: 1, height: 1 })
    const message = await fixture.devices.compose(id, {
      kind: 'media',
      file,
      caption: null,
      viewOnce: true,
      quoted,
    })
    await fixture.devices.send(id, { messageId: fixture.devices.newMessageId(id), jid, message })
    expect(fixture.sandbox.inbox().at(-1)).toMatchObject({ viewOnce: true, quotedId: messageId })
  })
})

it('a message can be shown in WhatsApp’s own form', async () => {
  const message = await fixture.devices.compose(id, { kind: 'text', text: 'Halo' })
  expect(await fixture.devices.asWhatsAppJson(message)).toMatchObject({
    extendedTextMessage: { text: 'Halo' },
  })
})
