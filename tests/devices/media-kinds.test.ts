import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SendOutcome } from '../../src-main/devices/connection/sending/outgoing.ts'
import type { MediaFile, MediaKind } from '../../src-main/media/files/media-file.ts'
import { temporaryFolder } from '../support/program.ts'
import { pairedDevice, rememberSent, sendText, startFixture } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const number = '6281234567890'
const person = `${number}@s.whatsapp.net`
const folder = temporaryFolder()

let fixture: Fixture
let id: string
beforeAll(async () => {
  fixture = await startFixture()
  ;({ id } = await pairedDevice(fixture))
})
afterAll(() => fixture.stop())
afterEach(() => fixture.sandbox.clearFaults())

async function fileOf(kind: MediaKind, bytes = 3_001): Promise<MediaFile> {
  const content = randomBytes(bytes)
  const path = join(folder, randomBytes(6).toString('hex'))
  await writeFile(path, content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const unknown = { width: null, height: null, seconds: 2, waveform: null, thumbnail: null, notes: [] }
  return { path, bytes, sha256, kind, mimeType: 'application/octet-stream', fileName: 'a.bin', ...unknown }
}

async function say(
  jid: string,
  kind: MediaKind,
  { caption = null, viewOnce = false }: { caption?: string | null; viewOnce?: boolean } = {},
): Promise<{ messageId: string; sha256: string; outcome: SendOutcome }> {
  const file = await fileOf(kind)
  const newsletter = jid.endsWith('@newsletter')
  const content = { kind: 'media' as const, file, caption, viewOnce }
  const message = await fixture.devices.compose(id, content, { newsletter })
  const messageId = fixture.devices.newMessageId(id)
  rememberSent(messageId, message)
  const outcome = await fixture.devices.send(id, { messageId, jid, message })
  return { messageId, sha256: file.sha256, outcome }
}

const received = (messageId: string) => fixture.sandbox.inbox().find((message) => message.id === messageId)
const kinds: readonly MediaKind[] = ['image', 'video', 'voice', 'audio', 'document']

describe('a file is named to WhatsApp by its mediatype, without which it is dropped', () => {
  it.each(kinds)('%s to a person, with a caption where it has one', async (kind) => {
    const caption = kind === 'voice' || kind === 'audio' ? null : 'Faktur Anda'
    const { messageId, sha256 } = await say(person, kind, { caption })
    expect(received(messageId)).toMatchObject({ kind, sha256, text: caption, ownCopy: true })
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('a document with a caption, and something to be seen once, to a group', async () => {
    const { jid } = fixture.sandbox.groups[0]!
    const first = await say(jid, 'document', { caption: 'Faktur' })
    const second = await say(jid, 'image', { viewOnce: true })
    expect(received(first.messageId)).toMatchObject({ kind: 'document', sha256: first.sha256 })
    expect(received(second.messageId)).toMatchObject({ viewOnce: true, sha256: second.sha256 })
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it.each(['image', 'video', 'voice'] as const)('%s to be seen once', async (kind) => {
    const { messageId, sha256 } = await say(person, kind, { viewOnce: true })
    expect(received(messageId)).toMatchObject({ kind, sha256, viewOnce: true, ownCopy: true })
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('what is to be seen once stays so where the recipient asks for it again', async () => {
    fixture.sandbox.fault({ kind: 'retry' })
    const { messageId, sha256, outcome } = await say(person, 'image', { viewOnce: true })
    expect(outcome.result).toBe('acknowledged')
    await expect.poll(() => received(messageId)).toMatchObject({ viewOnce: true, sha256 })
  })
})

describe('what WhatsApp is not known to show is refused with words', () => {
  it.each(['document', 'audio'] as const)('%s to be seen once', async (kind) => {
    await expect(say(person, kind, { viewOnce: true })).rejects.toMatchObject({
      code: 'view_once_unsupported',
      message: expect.stringMatching(/viewonce/),
    })
  })

  it('anything to be seen once by a newsletter', async () => {
    const { jid } = fixture.sandbox.newsletter
    await expect(say(jid, 'image', { viewOnce: true })).rejects.toMatchObject({
      code: 'view_once_unsupported',
    })
  })
})

describe('a newsletter', () => {
  it.each(kinds)('shows %s, which was uploaded for newsletters and named by its handle', async (kind) => {
    const before = fixture.sandbox.reports().length
    const { messageId, sha256 } = await say(fixture.sandbox.newsletter.jid, kind)
    expect(received(messageId)).toMatchObject({ kind, sha256 })
    expect(fixture.sandbox.reports().slice(before)).toEqual([])
  })

  it('is told no secret, which is for those who get something encrypted', async () => {
    const { messageId } = await sendText(fixture.devices, id, fixture.sandbox.newsletter.jid, 'Kabar')
    expect(received(messageId)).toMatchObject({ text: 'Kabar' })
  })
})
