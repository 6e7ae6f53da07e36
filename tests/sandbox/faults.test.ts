import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { client, paired, recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

const id = '3EB0AAAABBBBCCCCDDDD02'
const jid = `${recipient}@s.whatsapp.net`

describe('a fault', () => {
  it('drop: takes the message, cuts the line instead of the acknowledgement, and shows a resend once', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    practice.fault({ kind: 'drop' })
    await device.sock?.sendMessage(jid, { text: 'once' }, { messageId: id })
    await device.until(() => device.ended !== null)
    expect(device.acks).toEqual([])
    expect(practice.inbox(recipient)).toMatchObject([{ id, receptions: 1 }])
    await device.logIn()
    await device.say(recipient, 'once', id)
    expect(practice.inbox(recipient)).toMatchObject([{ id, text: 'once', receptions: 2 }])
    expect(practice.reports()).toEqual([])
  })

  it('lose: cuts the line before the message is looked at', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    practice.fault({ kind: 'lose' })
    await device.sock?.sendMessage(jid, { text: 'lost' }, { messageId: id })
    await device.until(() => device.ended !== null)
    expect(practice.inbox()).toEqual([])
    await device.logIn()
    await device.say(recipient, 'lost', id)
    expect(practice.inbox(recipient)).toMatchObject([{ id, receptions: 1 }])
  })

  it('silence: the line is dead though open, and another login takes its place', async () => {
    const practice = await sandbox()
    const device = await paired(practice, sender, { defaultQueryTimeoutMs: 300 })
    practice.fault({ kind: 'silence' })
    await device.sock?.sendMessage(jid, { text: 'into the void' }, { messageId: id })
    expect(await device.sock?.onWhatsApp(`+${recipient}`)).toBeUndefined()
    const socket = device.socket()
    let answered = false
    socket?.on('pong', () => (answered = true))
    socket?.ping()
    expect(await device.sock?.onWhatsApp(`+${recipient}`)).toBeUndefined()
    expect({ acks: device.acks, answered, state: socket?.readyState }).toEqual({
      acks: [],
      answered: false,
      state: WebSocket.OPEN,
    })
    expect(practice.inbox()).toEqual([])

    await device.logIn()
    await device.say(recipient, 'heard', id)
    expect(practice.inbox()).toMatchObject([{ text: 'heard', receptions: 1 }])
    socket?.terminate()
  })

  it('slow: the acknowledgement comes later', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    practice.fault({ kind: 'slow', ms: 300 })
    const began = performance.now()
    await device.say(recipient, 'late')
    expect(performance.now() - began).toBeGreaterThanOrEqual(290)
  })

  it('ack-error: refuses as many messages as it is told to', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    practice.fault({ kind: 'ack-error', code: 475, count: 2 })
    const codes = []
    for (let index = 0; index < 3; index++) codes.push((await device.say(recipient, 'x')).attrs['error'])
    expect(codes).toEqual(['475', '475', undefined])
    expect(practice.inbox(recipient)).toHaveLength(1)
  })

  it.each([401, 403, 405, 408, 411, 428, 440, 500, 503])(
    'close: ends an open connection so that the client sees %i',
    async (code) => {
      const practice = await sandbox()
      const device = await paired(practice)
      practice.fault({ kind: 'close', code })
      await device.until(() => device.ended !== null)
      // A cut line and an ended stream look the same to Baileys.
      expect(device.ended).toBe(code === 408 ? 428 : code)
    },
  )

  it('close 401 removes the device: its next login is refused', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    practice.fault({ kind: 'close', code: 401 })
    await device.until(() => device.ended !== null)
    await device.logIn()
    expect(device.ended).toBe(401)
    expect(practice.reports()).toMatchObject([{ kind: 'login_unknown' }])
  })

  it.each([401, 403, 405, 500, 503])('login-failure: refuses a login with %i', async (code) => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.close()
    practice.fault({ kind: 'login-failure', code })
    await device.logIn()
    expect(device.ended).toBe(code)
    await device.logIn()
    expect(device.open).toBe(true)
  })

  it('query-silence: a device query is never answered', async () => {
    const practice = await sandbox()
    const device = await paired(practice, sender, { defaultQueryTimeoutMs: 300 })
    practice.fault({ kind: 'query-silence' })
    expect(await device.sock?.onWhatsApp(`+${recipient}`)).toBeUndefined()
    expect(await device.sock?.onWhatsApp(`+${recipient}`)).toEqual([{ jid, exists: true }])
  })

  it('concerns one account where one is named', async () => {
    const practice = await sandbox()
    const one = await paired(practice)
    const other = await paired(practice, '6285500000901')
    practice.fault({ kind: 'ack-error', code: 500, number: '6285500000901' })
    expect((await one.say(recipient, 'x')).attrs['error']).toBeUndefined()
    expect((await other.say(recipient, 'x')).attrs['error']).toBe('500')
  })
})

describe('a number', () => {
  it.each(['6285500000100', '6285500000199'])('%s is not on WhatsApp', async (number) => {
    const practice = await sandbox()
    const device = await paired(practice)
    expect(await device.sock?.onWhatsApp(`+${number}`)).toEqual([])
    expect((await device.say(number, 'hello?')).attrs['error']).toBe('404')
    expect(practice.reports()).toMatchObject([{ kind: 'recipients_wrong' }])
  })

  it('…2xx refuses with 463', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    expect((await device.say('6285500000207', 'hello?')).attrs['error']).toBe('463')
    expect(practice.inbox()).toEqual([])
  })

  it('…3xx never acknowledges', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.sock?.sendMessage('6285500000300@s.whatsapp.net', { text: 'hello?' })
    await device.say(recipient, 'acknowledged')
    expect(device.acks.map((ack) => ack.attrs['from'])).toEqual([jid])
  })

  it('…4xx never reads', async () => {
    const practice = await sandbox({ receiptTimes: { delivered: 0, read: 0 } })
    const device = await paired(practice)
    const unread = await device.say('6285500000400', 'hello?')
    const read = await device.say(recipient, 'hello')
    await device.receipt(unread.attrs['id'] ?? '', undefined)
    await device.receipt(read.attrs['id'] ?? '', 'read')
    expect(device.receipts.filter((one) => one.attrs['type'] === 'read')).toHaveLength(1)
  })

  it('may be any other, with as many accounts and companions as are wanted', async () => {
    const practice = await sandbox()
    const numbers = ['6281234567890', '14155550123', '6281234567890']
    const devices = await Promise.all(numbers.map((number) => paired(practice, number)))
    for (const device of devices) {
      expect((await device.say(recipient, 'hello')).attrs['error']).toBeUndefined()
    }
    // rc14 names nobody in the receipt for its own phone's message where it knows the contact by number only.
    expect(practice.reports().filter(({ detail }) => !detail.includes('to nobody'))).toEqual([])
  })
})

describe('a second login of the same device', () => {
  it('ends the first with 440', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const twin = client(practice)
    Object.assign(twin.creds, device.creds)
    await twin.logIn()
    await device.until(() => device.ended !== null)
    expect(device.ended).toBe(440)
    expect(twin.open).toBe(true)
  })
})
