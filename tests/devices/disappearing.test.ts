import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadBaileys } from '../../src-main/devices/baileys/baileys.ts'
import { setExpiration } from '../../src-main/devices/timers/message-timer.ts'
import type { MediaFile, MediaKind } from '../../src-main/media/files/media-file.ts'
import { eventually } from '../support/program.ts'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const { proto } = await loadBaileys()

const own = '6285500000000'
const contact = '6281234567890'
const jid = `${contact}@s.whatsapp.net`
const day = 86_400

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kurir-files-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let fixture: Fixture
let id: string

/** Everything that came for the device has been heard. */
const heard = (): Promise<boolean> => eventually(() => fixture.sandbox.unacknowledged(own) === 0)

const send = async (text: string, to = jid): Promise<void> => {
  expect((await sendText(fixture.devices, id, to, text)).outcome.result).toBe('acknowledged')
}

function fileOf(kind: MediaKind): MediaFile {
  const content = randomBytes(5_000)
  const path = join(folder, randomBytes(6).toString('hex'))
  writeFileSync(path, content)
  return {
    kind,
    path,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    mimeType: kind === 'voice' ? 'audio/ogg; codecs=opus' : 'application/octet-stream',
    fileName: 'faktur.pdf',
    width: 10,
    height: 10,
    seconds: 1,
    waveform: null,
    thumbnail: null,
    notes: [],
  }
}

describe('in a chat whose messages disappear', () => {
  beforeEach(async () => {
    fixture = await startFixture()
    ;({ id } = await pairedDevice(fixture))
  })
  afterEach(() => fixture.stop())

  it('a text without its chat’s timer is reported by the practice WhatsApp', async () => {
    await fixture.sandbox.setTimer(own, contact, day, { quietly: true })
    await send('tetap')
    expect(fixture.sandbox.reports()).toMatchObject([{ kind: 'timer_missing' }])
  })

  it('a text disappears with it from the moment in which the contact has set it, and not any more after that', async () => {
    await send('sebelum')
    await fixture.sandbox.setTimer(own, contact, day)
    await heard()
    await send('hilang')
    await fixture.sandbox.setTimer(own, contact, 0)
    await heard()
    await send('tetap')
    expect(fixture.sandbox.inbox(contact).map(({ text }) => text)).toEqual(['sebelum', 'hilang', 'tetap'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('the timer is learned from a message that the contact writes, and survives a restart', async () => {
    await fixture.sandbox.setTimer(own, contact, 7 * day, { quietly: true })
    await fixture.sandbox.write(contact, own, 'Ada stok?')
    await heard()
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    await send('Ada')
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('the timer is learned from what the account’s own phone writes there', async () => {
    await fixture.sandbox.setTimer(own, contact, day, { quietly: true })
    await fixture.sandbox.write(own, own, 'dari ponsel', { peer: contact })
    await heard()
    await send('dari kasir')
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('the timer that was learned under a phone number counts for the LID, too', async () => {
    await fixture.sandbox.setTimer(own, contact, day)
    await heard()
    fixture.sandbox.showByLidOnly(contact)
    const found = (await fixture.devices.lookUp(id, [contact])).get(contact)
    const lid = found?.exists === true ? found.jid : ''
    expect(lid).toMatch(/@lid$/)
    await fixture.sandbox.setAccount(own, { lidMigrated: true })
    await send('lewat LID', lid)
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('the timer is forgotten with the link', async () => {
    await fixture.sandbox.setTimer(own, contact, day)
    await heard()
    await fixture.devices.logOut(id)
    const left = fixture.database.statement('SELECT * FROM chat_timers').all()
    expect(left).toEqual([])
  })

  it.each(['image', 'video', 'audio', 'voice', 'document'] as const)(
    'a file of the kind %s disappears, too',
    async (kind) => {
      await fixture.sandbox.setTimer(own, contact, day)
      await heard()
      const caption = kind === 'audio' || kind === 'voice' ? null : 'Terima kasih'
      for (const viewOnce of kind === 'document' || kind === 'audio' ? [false] : [false, true]) {
        const content = { kind: 'media' as const, file: fileOf(kind), caption, viewOnce }
        const message = await fixture.devices.compose(id, content)
        const outgoing = { messageId: fixture.devices.newMessageId(id), jid, message }
        expect((await fixture.devices.send(id, outgoing)).result).toBe('acknowledged')
      }
      expect(fixture.sandbox.reports()).toEqual([])
    },
  )

  it('a message that its recipient asks for again disappears, too', async () => {
    await fixture.sandbox.setTimer(own, contact, day)
    await heard()
    fixture.sandbox.fault({ kind: 'retry' })
    await send('dua kali')
    await eventually(() => fixture.sandbox.inbox(contact).length === 1)
    expect(fixture.sandbox.reports().map(({ kind }) => kind)).toEqual(['undecryptable'])
  })
})

describe('a message', () => {
  it('that is bare text gets a place for its timer, and an answer keeps what it answers', () => {
    const bare = proto.Message.decode(proto.Message.encode({ conversation: 'Halo' }).finish())
    setExpiration(bare, { expirationSeconds: day, setAtSeconds: 1_700_000_000 })
    expect(bare.toJSON()).toEqual({
      extendedTextMessage: {
        text: 'Halo',
        contextInfo: { expiration: day, ephemeralSettingTimestamp: '1700000000' },
      },
    })
    const contextInfo = { stanzaId: 'ABC', quotedMessage: { conversation: 'Ada?' } }
    const answer = proto.Message.decode(
      proto.Message.encode({ extendedTextMessage: { text: 'Ada', contextInfo } }).finish(),
    )
    setExpiration(answer, { expirationSeconds: day, setAtSeconds: 0 })
    expect(answer.toJSON()).toMatchObject({
      extendedTextMessage: { contextInfo: { ...contextInfo, expiration: day } },
    })
  })

  it.each([
    { locationMessage: { degreesLatitude: 1, degreesLongitude: 2 } },
    { contactMessage: { displayName: 'Toko' } },
    { contactsArrayMessage: { displayName: 'Toko' } },
    { stickerMessage: { mimetype: 'image/webp' } },
    { pollCreationMessageV3: { name: 'Jam?' } },
    { eventMessage: { name: 'Rapat' } },
    { documentWithCaptionMessage: { message: { documentMessage: { title: 'faktur' } } } },
    { viewOnceMessageV2: { message: { imageMessage: { viewOnce: true } } } },
  ])('of any kind that has a context gets the timer: %j', (content) => {
    const message = proto.Message.decode(proto.Message.encode(content).finish())
    setExpiration(message, { expirationSeconds: day, setAtSeconds: 0 })
    expect(JSON.stringify(message)).toContain(`"expiration":${day}`)
  })

  it('without a context is left as it is: reactions, edits and revokes carry no timer', () => {
    const reaction = { reactionMessage: { text: '👍', key: { id: 'ABC' } } }
    const message = proto.Message.decode(proto.Message.encode(reaction).finish())
    setExpiration(message, { expirationSeconds: day, setAtSeconds: 0 })
    expect(message.toJSON()).toEqual(reaction)
  })
})
