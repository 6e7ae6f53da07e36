import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  Curve,
  encodeSignedDeviceIdentity,
  generateMessageIDV2,
  initAuthCreds,
  NOISE_WA_HEADER,
  parseAndInjectE2ESessions,
  S_WHATSAPP_NET,
  signedKeyPair,
  xmppPreKey,
  xmppSignedPreKey,
} from '@whiskeysockets/baileys'
import type { BinaryNode, proto } from '@whiskeysockets/baileys'
import { WebSocket } from 'ws'
import type { Client } from './client.ts'
import { client, paired, recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

const jid = `${recipient}@s.whatsapp.net`
const ownPhone = `${sender}@s.whatsapp.net`

/** A message as Baileys would make it, for tampering with before it is sent. */
async function stanzaFor(device: Client, recipients = [jid, ownPhone]): Promise<BinaryNode> {
  const sock = device.sock
  if (sock === null) throw new Error('not connected')
  await sock.assertSessions(recipients, false)
  const message: proto.IMessage = { conversation: 'hand-made' }
  const copy = { deviceSentMessage: { destinationJid: jid, message } }
  const { nodes } = await sock.createParticipantNodes(recipients, message, {}, copy)
  const identity = encodeSignedDeviceIdentity(device.creds.account ?? {}, true)
  return {
    tag: 'message',
    attrs: { id: generateMessageIDV2(), to: jid, type: 'text' },
    content: [
      { tag: 'participants', attrs: {}, content: nodes },
      { tag: 'device-identity', attrs: {}, content: identity },
    ],
  }
}

async function sendStanza(device: Client, stanza: BinaryNode): Promise<BinaryNode> {
  const before = device.acks.length
  await device.sock?.sendNode(stanza)
  return device.ack(stanza.attrs['id'] ?? '', before)
}

function participants(stanza: BinaryNode): BinaryNode[] {
  const [list] = stanza.content as BinaryNode[]
  return list?.content as BinaryNode[]
}

function ciphertextOf(participant: BinaryNode | undefined): Uint8Array {
  const content = participant?.content
  const enc = Array.isArray(content) ? content[0] : undefined
  return enc?.content as Uint8Array
}

function ended(socket: WebSocket): Promise<unknown> {
  return Promise.race([once(socket, 'close'), once(socket, 'error')])
}

describe('the line', () => {
  it.each([
    ['another intro', Buffer.from('HTTP/1.1 hello')],
    ['a handshake that is none', Buffer.concat([NOISE_WA_HEADER, Buffer.from([0, 0, 4, 1, 2, 3, 4])])],
  ])('is cut at %s', async (_what, bytes) => {
    const practice = await sandbox()
    const socket = new WebSocket(practice.url)
    await once(socket, 'open')
    socket.send(bytes)
    await ended(socket)
    expect(practice.reports()).toMatchObject([{ kind: 'handshake_invalid' }])
  })

  it('is cut at a frame that is not sealed with its keys', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    device.socket()?.send(Buffer.concat([Buffer.from([0, 0, 40]), randomBytes(40)]))
    await device.until(() => device.ended !== null)
    expect(practice.reports()).toMatchObject([{ kind: 'handshake_invalid' }])
  })

  it('is ended at a message before the login', async () => {
    const practice = await sandbox()
    const device = client(practice)
    const sock = device.connect()
    await device.until(() => device.qr !== null)
    await sock.sendNode({ tag: 'message', attrs: { id: 'A', to: jid, type: 'text' } })
    await device.until(() => device.ended !== null)
    expect(practice.reports()).toMatchObject([{ kind: 'stanza_invalid' }])
  })
})

describe('a registration', () => {
  it('is refused when the identity did not sign the pre-key', async () => {
    const practice = await sandbox()
    const device = client(practice)
    device.creds.signedPreKey.signature = randomBytes(64)
    device.connect()
    await device.until(() => device.ended !== null)
    expect(device.ended).toBe(400)
    expect(practice.reports()).toMatchObject([{ kind: 'registration_invalid' }])
  })

  it('is refused when the client countersigns with another key', async () => {
    const practice = await sandbox()
    const device = client(practice)
    device.connect()
    await device.until(() => device.qr !== null)
    device.creds.signedIdentityKey.private = Curve.generateKeyPair().private
    await expect(practice.scan(device.qr ?? '', sender)).rejects.toThrow(/another key/)
    await device.logIn()
    expect(device.ended).toBe(401)
  })

  it('fails at the client when the HMAC is of another secret', async () => {
    const practice = await sandbox()
    const device = client(practice)
    device.connect()
    await device.until(() => device.qr !== null)
    const parts = (device.qr ?? '').split(',')
    parts[3] = randomBytes(32).toString('base64')
    await expect(practice.scan(parts.join(','), sender)).rejects.toThrow(/closed/)
    expect(practice.preKeyCounts(sender)).toEqual([])
  })
})

describe('a login', () => {
  it('is refused for a key that nobody registered', async () => {
    const practice = await sandbox()
    const device = client(practice)
    Object.assign(device.creds, initAuthCreds(), { me: { id: `${sender}:1@s.whatsapp.net` } })
    await device.logIn()
    expect(device.ended).toBe(401)
    expect(practice.reports()).toMatchObject([{ kind: 'login_unknown' }])
  })

  it.each([`${sender}:7`, '6285500000901:1'])(
    'is refused under the name of another device, %s',
    async (name) => {
      const practice = await sandbox()
      const device = await paired(practice)
      await device.close()
      if (device.creds.me) device.creds.me.id = `${name}@s.whatsapp.net`
      await device.logIn()
      expect(device.ended).toBe(401)
      expect(practice.reports()).toMatchObject([{ kind: 'login_unknown' }])
    },
  )
})

describe('keys', () => {
  const iq = (content: BinaryNode[]): BinaryNode => ({
    tag: 'iq',
    attrs: { xmlns: 'encrypt', type: 'set', to: S_WHATSAPP_NET },
    content,
  })

  it('of another identity are not taken', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const key = xmppPreKey(Curve.generateKeyPair(), 5000)
    const upload = iq([
      { tag: 'identity', attrs: {}, content: randomBytes(32) },
      { tag: 'list', attrs: {}, content: [key] },
      xmppSignedPreKey(device.creds.signedPreKey),
    ])
    await expect(device.sock?.query(upload)).rejects.toThrow(/not-acceptable/)
    expect(practice.reports()).toMatchObject([{ kind: 'keys_invalid' }])
  })

  it('that are signed by another identity are not taken', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const stranger = signedKeyPair(Curve.generateKeyPair(), 2)
    const rotation = iq([{ tag: 'rotate', attrs: {}, content: [xmppSignedPreKey(stranger)] }])
    await expect(device.sock?.query(rotation)).rejects.toThrow(/not-acceptable/)
    await expect(device.sock?.rotateSignedPreKey()).resolves.toBeUndefined()
    expect(practice.reports()).toMatchObject([{ kind: 'keys_invalid' }])
  })

  it('are handed out once: a session by a one-time pre-key that was used cannot be read', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'first')
    const sock = device.sock
    if (sock === null) return
    const lid = (await sock.signalRepository.lidMapping.getLIDForPN(jid)) ?? ''
    const bundle = await sock.query({
      ...iq([{ tag: 'key', attrs: {}, content: [{ tag: 'user', attrs: { jid: lid } }] }]),
      attrs: { xmlns: 'encrypt', type: 'get', to: S_WHATSAPP_NET },
    })
    await parseAndInjectE2ESessions(bundle, sock.signalRepository)
    await device.say(recipient, 'with a fresh key')
    expect(practice.reports()).toEqual([])
    await parseAndInjectE2ESessions(bundle, sock.signalRepository)
    await device.say(recipient, 'with the same key again')
    expect(practice.reports()).toMatchObject([{ kind: 'undecryptable' }])
    expect(practice.reports()[0]?.detail).toMatch(/PreKey/)
  })

  it('of somebody who is not on WhatsApp are not to be had', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const answer = await device.sock?.query({
      ...iq([
        { tag: 'key', attrs: {}, content: [{ tag: 'user', attrs: { jid: '6285500000100@s.whatsapp.net' } }] },
      ]),
      attrs: { xmlns: 'encrypt', type: 'get', to: S_WHATSAPP_NET },
    })
    expect(JSON.stringify(answer)).toContain('item-not-found')
  })
})

describe('a message', () => {
  it('made by hand as Baileys makes it is taken', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'warm')
    expect((await sendStanza(device, await stanzaFor(device))).attrs['error']).toBeUndefined()
    expect(practice.inbox(recipient).at(-1)).toMatchObject({ text: 'hand-made', ownCopy: true })
    expect(practice.reports()).toEqual([])
  })

  it('that comes again in the same ciphertext cannot be read', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'warm')
    const stanza = await stanzaFor(device)
    await sendStanza(device, stanza)
    await sendStanza(device, { ...stanza, attrs: { ...stanza.attrs, id: generateMessageIDV2() } })
    expect(practice.inbox(recipient).filter(({ text }) => text === 'hand-made')).toHaveLength(1)
    expect(practice.reports()).toMatchObject([{ kind: 'undecryptable' }, { kind: 'undecryptable' }])
  })

  it('whose ciphertext was changed cannot be read', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'warm')
    const stanza = await stanzaFor(device)
    const ciphertext = ciphertextOf(participants(stanza)[0])
    ciphertext[ciphertext.length - 12] = (ciphertext.at(-12) ?? 0) ^ 1
    await sendStanza(device, stanza)
    expect(practice.inbox(recipient).filter(({ text }) => text === 'hand-made')).toEqual([])
    expect(practice.reports()).toMatchObject([{ kind: 'undecryptable' }])
  })

  it('by another identity than the registered one cannot be read', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    Object.assign(device.creds, { signedIdentityKey: Curve.generateKeyPair() })
    await device.say(recipient, 'who is that?')
    expect(practice.inbox(recipient)).toEqual([])
    expect(practice.reports()[0]).toMatchObject({ kind: 'undecryptable' })
  })

  it('to nobody but the own phone is refused with 400', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'warm')
    expect((await sendStanza(device, await stanzaFor(device, [ownPhone]))).attrs['error']).toBe('400')
    expect(practice.reports()).toMatchObject([{ kind: 'recipients_wrong' }])
  })

  it('that leaves out the own phone is taken, and the device list found wanting', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'warm')
    const ack = await sendStanza(device, await stanzaFor(device, [jid]))
    expect(ack.attrs['error']).toBeUndefined()
    expect(ack.attrs['phash']).toMatch(/^2:/)
    expect(practice.inbox(recipient).at(-1)).toMatchObject({ text: 'hand-made', ownCopy: false })
    expect(practice.reports()).toMatchObject([{ kind: 'recipients_wrong' }])
  })

  it('that is encrypted for a third person too is refused with 479', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'warm')
    await device.say('6285500000502', 'warm')
    const stanza = await stanzaFor(device, [jid, ownPhone, '6285500000502@s.whatsapp.net'])
    expect((await sendStanza(device, stanza)).attrs['error']).toBe('479')
    expect(practice.reports()).toMatchObject([{ kind: 'recipients_wrong' }])
  })

  it('to a new contact without the device identity, or with another one, is refused with 400', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'warm')
    const without = await stanzaFor(device)
    without.content = (without.content as BinaryNode[]).slice(0, 1)
    expect((await sendStanza(device, without)).attrs['error']).toBe('400')
    const changed = await stanzaFor(device)
    const identity = (changed.content as BinaryNode[])[1]
    if (identity !== undefined) identity.content = randomBytes(120)
    expect((await sendStanza(device, changed)).attrs['error']).toBe('400')
    expect(practice.reports()).toMatchObject([
      { kind: 'device_identity_wrong' },
      { kind: 'device_identity_wrong' },
    ])
  })

  it('that comes again under its id with another text is a defect of the client', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'one text', '3EB0AAAABBBBCCCCDDDD04')
    await device.say(recipient, 'another', '3EB0AAAABBBBCCCCDDDD04')
    expect(practice.inbox(recipient)).toMatchObject([{ text: 'one text', receptions: 2 }])
    expect(practice.reports()).toMatchObject([{ kind: 'content_differs' }])
  })

  it('of an unknown form is refused with 400', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const stanza = {
      tag: 'message',
      attrs: { id: generateMessageIDV2(), to: 'status@broadcast', type: 'text' },
    }
    expect((await sendStanza(device, stanza)).attrs['error']).toBe('400')
  })
})

describe('a question that the sandbox does not know', () => {
  it('is answered with an error and reported', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const query = { tag: 'iq', attrs: { xmlns: 'w:weather', type: 'get', to: S_WHATSAPP_NET } }
    await expect(device.sock?.query(query)).rejects.toThrow(/not-implemented/)
    expect(practice.reports()).toMatchObject([{ kind: 'query_unknown' }])
  })
})
