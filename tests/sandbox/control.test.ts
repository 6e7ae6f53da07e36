import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { startControl } from '../../src-main/sandbox/control/sandbox-control.ts'
import type { Control } from '../../src-main/sandbox/control/sandbox-control.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { client, paired, recipient, sandbox, sender, stopAfterEach, stopLater } from './sandbox-fixture.ts'

stopAfterEach()

async function control(practice: Sandbox): Promise<Control> {
  return stopLater(await startControl(practice))
}

async function post(where: Control, path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(where.url + path, { method: 'POST', body: text })
  return { status: response.status, body: await response.json() }
}

describe('the control interface', () => {
  it('has a practice phone scan a QR, and shows what recipients received', async () => {
    const practice = await sandbox()
    const where = await control(practice)
    const device = client(practice)
    device.connect()
    await device.until(() => device.qr !== null)
    expect(await post(where, '/scan', { qr: device.qr, number: sender })).toEqual({ status: 200, body: {} })
    await device.until(() => device.ended === 515)
    await device.logIn()
    const ack = await device.say(recipient, 'Halo')
    const all = (await (await fetch(`${where.url}/inbox?number=%2B${recipient}`)).json()) as object[]
    expect(all).toEqual([
      {
        id: ack.attrs['id'],
        from: sender,
        to: recipient,
        kind: 'text',
        text: 'Halo',
        fileName: null,
        mimeType: null,
        sha256: null,
        bytes: null,
        width: null,
        height: null,
        seconds: null,
        waveform: null,
        thumbnailBytes: null,
        viewOnce: false,
        quotedId: null,
        quotedAuthor: null,
        at: expect.any(Number) as number,
        receptions: 1,
        ownCopy: true,
        members: [],
        waiting: [],
      },
    ])
    expect(await (await fetch(`${where.url}/inbox?number=6285500000501`)).json()).toEqual([])
  })

  it('makes things go wrong', async () => {
    const practice = await sandbox()
    const where = await control(practice)
    const device = await paired(practice)
    await post(where, '/fault', { kind: 'ack-error', code: 479 })
    expect((await device.say(recipient, 'refused')).attrs['error']).toBe('479')
    expect((await device.say(recipient, 'taken')).attrs['error']).toBeUndefined()
  })

  it('refuses a message with 463 and closes a line with 428 where no code is given', async () => {
    const practice = await sandbox()
    const where = await control(practice)
    const device = await paired(practice)
    await post(where, '/fault', { kind: 'ack-error', count: 1 })
    expect((await device.say(recipient, 'refused')).attrs['error']).toBe('463')
    expect((await post(where, '/fault', { kind: 'close' })).status).toBe(200)
    await device.until(() => device.ended === 428)
  })

  it('says that a number without WhatsApp has no phone to scan with', async () => {
    const practice = await sandbox()
    const where = await control(practice)
    const device = client(practice)
    device.connect()
    await device.until(() => device.qr !== null)
    expect(await post(where, '/scan', { qr: device.qr, number: '6285500000100' })).toMatchObject({
      status: 400,
      body: { code: 'not_on_whatsapp' },
    })
  })

  it.each([
    ['/scan', { qr: 'x' }, /number/],
    ['/scan', { qr: 'x', number: '12' }, /number: must be a phone number/],
    ['/scan', { qr: 'no such qr', number: sender }, /not that of a WhatsApp QR/],
    ['/scan', 'not json', /not JSON/],
    ['/fault', { kind: 'meteor' }, /kind/],
    ['/fault', { kind: 'login-failure' }, /code is missing/],
    ['/fault', { kind: 'slow' }, /ms is missing/],
    ['/fault', { kind: 'slow-query' }, /ms is missing/],
    ['/fault', { kind: 'drop', count: 0 }, /count/],
    ['/fault', { kind: 'drop', often: 2 }, /often/],
    ['/link-code', { code: 'ABCD1234', number: sender }, /Nobody waits/],
  ])('says what is wrong with %s %j', async (path, body, sentence) => {
    const where = await control(await sandbox())
    const answer = await post(where, path, body)
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({
      error: expect.stringMatching(sentence),
      code: expect.stringMatching(/^[a-z_]+$/),
    })
  })

  it('knows no other path and no other method', async () => {
    const where = await control(await sandbox())
    expect((await fetch(`${where.url}/nothing`)).status).toBe(404)
    expect((await fetch(`${where.url}/scan`)).status).toBe(405)
  })

  it('is asked with two slashes where an address ends with one', async () => {
    const where = await control(await sandbox())
    const answer = await fetch(`${where.url}//reports`)
    expect(answer.status).toBe(200)
    expect((await fetch(`${where.url}//[`)).status).toBe(404)
  })

  it('says what the number of an inbox looks like', async () => {
    const where = await control(await sandbox())
    const answer = await fetch(`${where.url}/inbox?number=085500000500`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining('with country code') })
  })

  it.each([
    ['another host', { host: 'evil.example' }],
    ['a page', { origin: 'https://evil.example' }],
    ['a frame', { origin: 'null' }],
    ['a link on a page', { 'sec-fetch-site': 'cross-site' }],
  ])('keeps out %s', async (_whose, headers) => {
    const where = await control(await sandbox())
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${where.url}/inbox`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', reject)
      asked.end()
    })
    expect(status).toBe(403)
  })
})
