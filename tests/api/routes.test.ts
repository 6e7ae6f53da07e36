import jsQR from 'jsqr'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Device } from '../../src-main/devices/device.ts'
import { deviceDouble, secrets, sender, startMockServices, type MockServices } from './mock-services.ts'

const scan = jsQR as unknown as typeof jsQR.default

let double: MockServices
beforeEach(async () => {
  double = await startMockServices()
})
afterEach(() => double.api.stop())

async function ask(route: string, parameters: Record<string, string> = {}, method = 'GET') {
  const query = new URLSearchParams({ api_key: secrets.all, ...parameters }).toString()
  const response = await fetch(`${double.url}${route}?${query}`, { method })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const become = (changes: Partial<Device>) => {
  double.devices.splice(0, 1, deviceDouble(changes))
}

describe('/info-devices', () => {
  it('lists number, state and what was sent', async () => {
    double.devices.push(
      deviceDouble({ id: 'device-2', number: null, state: { name: 'unpaired', reason: null } }),
    )
    expect((await ask('/info-devices')).body).toEqual({
      status: true,
      info: [
        { id: 'device-1', body: sender, status: 'Connected', message_sent: 7 },
        { id: 'device-2', body: '', status: 'Disconnect', message_sent: 7 },
      ],
    })
  })

  it('lists one by its number in any spelling, or none', async () => {
    expect((await ask('/info-devices', { number: '0855-0000-0000' }, 'POST')).body['info']).toHaveLength(1)
    expect((await ask('/info-devices', { number: '628123456789' })).body).toEqual({ status: true, info: [] })
    expect((await ask('/info-devices', { number: 'x' })).body).toEqual({ status: true, info: [] })
  })

  it('lists only devices of the key', async () => {
    expect((await ask('/info-devices', { api_key: secrets.other })).body).toEqual({ status: true, info: [] })
    expect((await ask('/info-devices', { api_key: secrets.sandbox })).body['info']).toHaveLength(1)
    become({ kind: 'whatsapp' })
    expect((await ask('/info-devices', { api_key: secrets.sandbox })).body['info']).toHaveLength(0)
  })

  it('needs the right to read', async () => {
    expect((await ask('/info-devices', { api_key: secrets.sendOnly })).body['code']).toBe('key_lacks_right')
  })
})

describe('/generate-qr', () => {
  const device = '6285500000001'
  const unpaired = { number: device, paired: false, state: { name: 'unpaired', reason: null } } as const

  it('says that there is no such device unless it may make one', async () => {
    expect(await ask('/generate-qr', { device })).toMatchObject({
      status: 400,
      body: { status: false, msg: 'Device not found!', code: 'device_not_found' },
    })
    expect(double.devices).toHaveLength(1)
  })

  it('makes one by force, and starts to pair it', async () => {
    const { status, body } = await ask('/generate-qr', { device: '0855-0000-0001', force: 'true' })
    expect({ status, body }).toEqual({
      status: 200,
      body: { status: 'processing', qrcode: null, message: expect.any(String) as string },
    })
    expect(double.devices[1]).toMatchObject({ number: device, kind: 'whatsapp' })
    expect(double.paired).toEqual(['device-2'])
  })

  it('makes a sandbox device for a key of the sandbox', async () => {
    await ask('/generate-qr', { device, force: '1', api_key: secrets.sandbox })
    expect(double.devices[1]).toMatchObject({ number: device, kind: 'sandbox' })
  })

  it('makes none for a key that is bound to named devices', async () => {
    expect((await ask('/generate-qr', { device, force: '1', api_key: secrets.other })).body['code']).toBe(
      'key_not_for_device',
    )
    expect(double.devices).toHaveLength(1)
  })

  it.each([
    ['12', 'number_too_short'],
    ['1234567890123456', 'number_too_long'],
    ['kasir', 'number_invalid'],
  ])('makes none for %s', async (number, code) => {
    expect((await ask('/generate-qr', { device: number, force: '1' })).body['code']).toBe(code)
  })

  it('shows the current QR, and never starts a pairing that runs again', async () => {
    become({
      ...unpaired,
      state: { name: 'pairing', qr: { text: 'a QR of WhatsApp', expiresAt: 9e12 }, code: null },
    })
    const { body } = await ask('/generate-qr', { device, force: '1' })
    expect(body['status']).toBe('qrcode')
    const png = Buffer.from(String(body['qrcode']).replace('data:image/png;base64,', ''), 'base64')
    const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    expect(scan(new Uint8ClampedArray(data), info.width, info.height)?.data).toBe('a QR of WhatsApp')
    expect(double.paired).toEqual([])
  })

  it('says that a device is connected already', async () => {
    expect(await ask('/generate-qr', { device: sender })).toMatchObject({
      status: 400,
      body: { status: false, msg: 'Device already connected!' },
    })
  })

  it.each(['connecting', 'waiting'] as const)('waits for a device that is %s', async (name) => {
    become({ number: device, state: { name, attempt: 1, reason: 'line_closed', nextTryAt: 1 } })
    expect((await ask('/generate-qr', { device })).body['status']).toBe('processing')
    expect(double.paired).toEqual([])
  })

  it('lets nobody wait for a device that this run cannot connect', async () => {
    become({ number: device, paired: true, state: { name: 'stopped', reason: 'not_in_this_run' } })
    expect(await ask('/generate-qr', { device, force: '1' })).toMatchObject({
      status: 400,
      body: { status: false, code: 'device_kind_unavailable' },
    })
    become({ number: device, paired: true, state: { name: 'stopped', reason: 'replaced' } })
    expect((await ask('/generate-qr', { device, force: '1' })).body).toMatchObject({
      status: 'processing',
      message: expect.stringContaining('is connecting'),
    })
  })

  it('pairs a device again that was logged out', async () => {
    become({ ...unpaired, state: { name: 'unpaired', reason: 'logged_out' } })
    expect((await ask('/generate-qr', { device })).body['status']).toBe('processing')
    expect(double.paired).toEqual(['device-1'])
  })

  it('says once that another phone has scanned it, then starts again', async () => {
    become({ ...unpaired, state: { name: 'unpaired', reason: 'wrong_phone' }, stateSince: Date.now() })
    const { status, body } = await ask('/generate-qr', { device, force: '1' })
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'pairing_failed' })
    expect(body['message']).toMatch(/another number/)
    expect(double.paired).toEqual([])
    expect((await ask('/generate-qr', { device, force: '1' })).body['status']).toBe('processing')
    expect(double.paired).toEqual(['device-1'])
  })

  it('needs the right to manage', async () => {
    expect((await ask('/generate-qr', { device, api_key: secrets.sendOnly })).body['code']).toBe(
      'key_lacks_right',
    )
  })
})

describe('/check-number', () => {
  it('says where a number is, or that it is not there', async () => {
    expect((await ask('/check-number', { sender, number: '0855-0000-0500' })).body).toEqual({
      status: true,
      msg: { exists: true, jid: '6285500000500@s.whatsapp.net' },
    })
    expect((await ask('/check-number', { sender, number: '6285500000100' }, 'POST')).body).toEqual({
      status: true,
      msg: false,
    })
  })

  it('refuses what is no number', async () => {
    expect((await ask('/check-number', { sender, number: '123' })).body['code']).toBe('number_too_short')
    expect((await ask('/check-number', { sender, number: '1203@g.us' })).body['code']).toBe('number_invalid')
  })

  it('is for those who may send, as asking is what comes before it', async () => {
    const asked = { sender, number: '6285500000500' }
    expect((await ask('/check-number', { ...asked, api_key: secrets.sendOnly })).status).toBe(200)
    expect((await ask('/check-number', { ...asked, api_key: secrets.readOnly })).body['code']).toBe(
      'key_lacks_right',
    )
  })

  it('does not ask WhatsApp in bulk', async () => {
    become({ kind: 'whatsapp' })
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => ask('/check-number', { sender, number: '6285500000500' })),
    )
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThan(35)
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(5)
  })
})

describe('/logout-device and /delete-device', () => {
  it.each(['/logout-device', '/delete-device'])('%s says that it is done', async (route) => {
    expect(await ask(route, { sender }, 'POST')).toEqual({
      status: 200,
      body: { status: true, message: expect.any(String) as string },
    })
  })

  it.each(['/logout-device', '/delete-device'])(
    '%s needs the right to manage, and the device',
    async (route) => {
      expect((await ask(route, { sender, api_key: secrets.sendOnly }, 'POST')).body['code']).toBe(
        'key_lacks_right',
      )
      expect((await ask(route, { sender, api_key: secrets.other }, 'POST')).body['code']).toBe(
        'key_not_for_device',
      )
      expect((await ask(route, { sender: '62899' }, 'POST')).body['code']).toBe('sender_unknown')
    },
  )
})

it('/groups lists id and subject', async () => {
  expect((await ask('/groups', { sender })).body).toEqual({
    status: true,
    groups: [{ id: '120363000000000000@g.us', subject: 'Toko' }],
  })
})

describe('/messages/:id', () => {
  it('tells states and their times', async () => {
    expect((await ask('/messages/3EB0TEST')).body).toEqual({
      status: true,
      data: {
        id: '3EB0TEST',
        sender,
        number: '6285500000500',
        kind: 'text',
        state: 'sent',
        created_at: '2023-11-14T22:13:20.000Z',
        changed_at: '2023-11-14T22:13:21.000Z',
        states: [
          { state: 'queued', at: '2023-11-14T22:13:20.000Z' },
          { state: 'sent', at: '2023-11-14T22:13:21.000Z' },
        ],
      },
    })
  })

  it('does not tell unknown from foreign ones', async () => {
    const unknown = await ask('/messages/3EB0NONE')
    const foreign = await ask('/messages/3EB0TEST', { api_key: secrets.other })
    expect(unknown).toMatchObject({ status: 400, body: { code: 'message_not_found' } })
    expect(foreign).toEqual(unknown)
  })

  it('takes the id from the path, whatever else is named so', async () => {
    expect((await ask('/messages/3EB0NONE', { id: '3EB0TEST' })).status).toBe(400)
  })
})

it('/health needs no key and says nothing personal', async () => {
  const response = await fetch(`${double.url}/health`)
  const text = await response.text()
  expect(JSON.parse(text)).toEqual({
    status: true,
    version: '0.0.0-test',
    devices: { unpaired: 0, pairing: 0, connecting: 0, waiting: 0, connected: 1, stopped: 0 },
    queue: 0,
  })
  expect(text).not.toContain(sender)
})
