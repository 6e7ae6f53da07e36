import { createHash, randomBytes } from 'node:crypto'
import { Agent, request } from 'node:https'
import { describe, expect, it } from 'vitest'
import { proto } from '@whiskeysockets/baileys'
import { paired, recipient, sandbox, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

describe('a file', () => {
  it('is uploaded, downloaded by the recipient, checked and decrypted', async () => {
    const practice = await sandbox()
    const sender = await paired(practice)
    const content = randomBytes(300_001)
    const ack = await sender.send(recipient, {
      document: content,
      mimetype: 'application/pdf',
      fileName: 'faktur.pdf',
      caption: 'Faktur Anda',
    })
    expect(ack.attrs['error']).toBeUndefined()
    expect(practice.inbox(recipient)).toMatchObject([
      {
        kind: 'document',
        text: 'Faktur Anda',
        fileName: 'faktur.pdf',
        mimeType: 'application/pdf',
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        ownCopy: true,
      },
    ])
    expect((await practice.blob(ack.attrs['id'] ?? ''))?.equals(content)).toBe(true)
    expect(practice.reports()).toEqual([])
  })

  it('is told apart as an image, a video, audio and a voice note, with what belongs to each', async () => {
    const practice = await sandbox()
    const sender = await paired(practice)
    // Baileys takes a waveform, though its types leave it out.
    const voice = { ptt: true, waveform: new Uint8Array(64).fill(7) }
    const jpegThumbnail = Buffer.from('preview').toString('base64')
    await sender.send(recipient, {
      image: randomBytes(99),
      mimetype: 'image/png',
      jpegThumbnail,
      width: 4,
      height: 3,
    })
    await sender.send(recipient, { video: randomBytes(99), mimetype: 'video/mp4', jpegThumbnail, seconds: 9 })
    await sender.send(recipient, { audio: randomBytes(99), mimetype: 'audio/mpeg', seconds: 5 })
    await sender.send(recipient, {
      audio: randomBytes(99),
      mimetype: 'audio/ogg',
      seconds: 2,
      ...voice,
    })
    expect(practice.inbox(recipient)).toMatchObject([
      { kind: 'image', mimeType: 'image/png', width: 4, height: 3, thumbnailBytes: 7, bytes: 99 },
      { kind: 'video', seconds: 9, bytes: 99 },
      { kind: 'audio', seconds: 5, bytes: 99 },
      { kind: 'voice', seconds: 2, waveform: Array.from(voice.waveform), bytes: 99 },
    ])
    expect(practice.reports()).toEqual([])
  })

  it.each([
    ['hash', { fileSha256: randomBytes(32) }, /hash of the file/],
    ['encrypted hash', { fileEncSha256: randomBytes(32) }, /hash of the encrypted file/],
    ['key', { mediaKey: randomBytes(32) }, /MAC/],
    ['length', { fileLength: 51 }, /50 bytes, not 51/],
    ['place', { directPath: `/v/t62.7118-24/${'0'.repeat(64)}.enc` }, /not on the media host/],
  ])('is reported when its %s is another, and shown without a hash', async (_what, corrupted, sentence) => {
    const practice = await sandbox()
    const sender = await paired(practice, undefined, {
      patchMessageBeforeSending: (message) => {
        const copy = proto.Message.decode(proto.Message.encode(message).finish())
        if (copy.documentMessage) Object.assign(copy.documentMessage, corrupted)
        return copy
      },
    })
    await sender.send(recipient, { document: randomBytes(50), mimetype: 'text/plain', fileName: 'a.txt' })
    expect(practice.inbox(recipient)).toMatchObject([{ kind: 'document', sha256: null }])
    expect(practice.reports()).toMatchObject([{ kind: 'media_wrong' }])
    expect(practice.reports()[0]?.detail).toMatch(sentence)
  })

  it('is not taken without the auth that was handed out, nor under another hash', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const { hosts, auth } = (await device.sock?.refreshMediaConn(true)) ?? { hosts: [], auth: '' }
    const content = randomBytes(100)
    const name = createHash('sha256').update(content).digest('base64url')
    const path = `https://${hosts[0]?.hostname}/mms/image`
    const upload = (url: string): Promise<number> => posted(url, practice.certificate, content)
    expect(await upload(`${path}/${name}?auth=wrong&token=${name}`)).toBe(401)
    expect(await upload(`${path}/${'A'.repeat(43)}?auth=${auth}&token=${name}`)).toBe(400)
    expect(await upload(`${path}/${name}?auth=${auth}&token=${name}`)).toBe(200)
    expect(practice.reports()).toMatchObject([{ kind: 'media_wrong' }, { kind: 'media_wrong' }])
  })

  it('can be made not to be taken', async () => {
    const practice = await sandbox()
    const sender = await paired(practice)
    practice.fault({ kind: 'upload-error', count: 5 })
    const sent = sender.send(recipient, {
      document: randomBytes(50),
      mimetype: 'text/plain',
      fileName: 'a.txt',
    })
    await expect(sent).rejects.toThrow(/upload/i)
  })

  it('is given back whole and in ranges, over TLS that only its own root vouches for', async () => {
    const practice = await sandbox()
    const sender = await paired(practice)
    const content = randomBytes(5000)
    const sent = await sender.sock?.sendMessage(`${recipient}@s.whatsapp.net`, {
      document: content,
      mimetype: 'text/plain',
      fileName: 'a.txt',
    })
    const url = sent?.message?.documentMessage?.url ?? ''
    await expect(statusOf(url)).rejects.toThrow(/certificate|self.signed/i)
    expect(await statusOf(url, practice.certificate)).toEqual({ status: 200, bytes: 5018 })
    expect(await statusOf(url, practice.certificate, 'bytes=16-31')).toEqual({ status: 206, bytes: 16 })
  })
})

function statusOf(url: string, ca?: string, range?: string): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const headers = range === undefined ? {} : { range }
    const asked = request(url, { agent: new Agent(ca === undefined ? {} : { ca }), headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

function posted(url: string, ca: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent: new Agent({ ca }) }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Baileys 7.0.0-rc14 as it is, which knows the WhatsApp of spring. */
describe('what WhatsApp acknowledges and nobody is ever shown', () => {
  it('is media that is not named by its mediatype: something to be seen once, as rc14 sends it', async () => {
    const practice = await sandbox()
    const sender = await paired(practice)
    const image = { image: randomBytes(99), mimetype: 'image/png', jpegThumbnail: '', viewOnce: true }
    const ack = await sender.send(recipient, image)
    expect(ack.attrs['error']).toBeUndefined()
    expect(practice.inbox()).toEqual([])
    expect(practice.reports()).toMatchObject([
      { kind: 'media_type_wrong', detail: expect.stringContaining('view_once') },
      { kind: 'media_type_wrong', detail: 'mediatype none for image: dropped' },
    ])
  })

  it('is media that is named by another mediatype than its own, to a person and to a group', async () => {
    const practice = await sandbox()
    const sender = await paired(practice, undefined, {
      patchMessageBeforeSending: (message) =>
        message.imageMessage ? { documentMessage: message.imageMessage } : message,
    })
    const image = { image: randomBytes(99), mimetype: 'image/png', jpegThumbnail: '' }
    for (const to of [recipient, practice.groups[0]?.jid ?? '']) {
      expect((await sender.send(to, image)).attrs['error']).toBeUndefined()
    }
    expect(practice.inbox()).toEqual([])
    const wrong = { kind: 'media_type_wrong', detail: 'mediatype image for document: dropped' }
    expect(practice.reports()).toMatchObject([wrong, wrong])
  })

  it('is a newsletter’s file as rc14 uploads and names it', async () => {
    const practice = await sandbox()
    const sender = await paired(practice)
    const image = { image: randomBytes(99), mimetype: 'image/png', jpegThumbnail: '' }
    expect((await sender.send(practice.newsletter.jid, image)).attrs['error']).toBeUndefined()
    expect(practice.inbox()).toEqual([])
    expect(practice.reports()).toMatchObject([{ kind: 'media_type_wrong' }])
  })
})

describe('where files are uploaded to', () => {
  it('is answered with two hosts, by an error, late, or never', async () => {
    const practice = await sandbox()
    const device = await paired(practice, undefined, { defaultQueryTimeoutMs: 1_000 })
    const ask = () => device.sock?.query({ tag: 'iq', attrs, content: [{ tag: 'media_conn', attrs: {} }] })
    const attrs = { type: 'set', xmlns: 'w:m', to: 's.whatsapp.net' }
    const first = JSON.stringify(await ask())
    expect(first).toContain('"type":"fallback"')
    expect(first).toContain('"type":"primary"')
    practice.fault({ kind: 'media-conn-error', code: 429 })
    await expect(ask()).rejects.toMatchObject({ data: 429 })
    practice.fault({ kind: 'media-conn-slow', ms: 200 })
    const began = performance.now()
    await ask()
    expect(performance.now() - began).toBeGreaterThan(190)
    practice.fault({ kind: 'media-conn-silence' })
    expect(await ask()).toBeUndefined()
  })

  it('takes nothing under an auth that it has refused, and hands another one out', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const content = randomBytes(100)
    const name = createHash('sha256').update(content).digest('base64url')
    const upload = async (): Promise<{ auth: string; status: number }> => {
      const { hosts, auth } = (await device.sock?.refreshMediaConn(true)) ?? { hosts: [], auth: '' }
      const url = `https://${hosts[0]?.hostname}/mms/image/${name}?auth=${auth}&token=${name}`
      return { auth, status: await posted(url, practice.certificate, content) }
    }
    practice.fault({ kind: 'upload-error', code: 401 })
    const refused = await upload()
    const taken = await upload()
    expect([refused.status, taken.status]).toEqual([401, 200])
    expect(taken.auth).not.toBe(refused.auth)
  })
})
