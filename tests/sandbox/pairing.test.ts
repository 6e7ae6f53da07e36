import { describe, expect, it } from 'vitest'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { client, paired, recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

describe('pairing by QR', () => {
  it('gives the client its number, its LID and a name, and it logs in with its key from then on', async () => {
    const device = await paired(await sandbox())
    expect(device.creds.me?.id).toBe(`${sender}:1@s.whatsapp.net`)
    expect(device.creds.me?.lid).toMatch(/^1\d{15}:1@lid$/)
    expect(device.creds.account?.accountSignatureKey).toHaveLength(32)
    await device.close()
    await device.logIn()
    expect(device.open).toBe(true)
  })

  it('keeps six QRs, and refuses one that is unknown, used or of another client', async () => {
    const practice = await sandbox()
    const device = client(practice)
    device.connect()
    await device.until(() => device.qr !== null)
    const qr = device.qr ?? ''
    const swapped = qr.replace(/,[^,]+,/, `,${Buffer.alloc(32, 7).toString('base64')},`)
    await expect(practice.scan(swapped, sender)).rejects.toThrow(/other keys/)
    await expect(practice.scan('https://wa.me/settings/linked_devices#a,b,c,d,1', sender)).rejects.toThrow(
      /unknown/,
    )
    await practice.scan(qr, sender)
    await expect(practice.scan(qr, sender)).rejects.toThrow(/unknown here, used/)
    expect(practice.reports()).toMatchObject([{ kind: 'pairing_invalid' }])
  })

  it('takes the first of two scans at the same moment, and refuses the other', async () => {
    const practice = await sandbox()
    const device = client(practice)
    device.connect()
    await device.until(() => device.qr !== null)
    const qr = device.qr ?? ''
    const [first, other] = await Promise.allSettled([practice.scan(qr, sender), practice.scan(qr, recipient)])
    expect(first.status).toBe('fulfilled')
    expect(other).toMatchObject({ status: 'rejected', reason: { code: 'qr_unknown' } })
    expect(device.creds.me?.id).toBe(`${sender}:1@s.whatsapp.net`)
  })

  it('uploads 812 one-time pre-keys and more when they are used up', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    expect(practice.preKeyCounts(sender)).toEqual([812])
    const uploads = practice.preKeyCounts(sender)
    await practice.useUpPreKeys(sender)
    while (practice.preKeyCounts(sender)[0] === 0) await device.say(recipient, 'meanwhile')
    expect(practice.preKeyCounts(sender)[0]).toBeGreaterThan(0)
    expect(uploads).toEqual([812])
    expect(practice.reports()).toEqual([])
  })

  it('can be answered by a demand for a passkey instead', async () => {
    const practice = await sandbox()
    const device = client(practice)
    const sock = device.connect()
    const demands: BinaryNode[] = []
    sock.ws.on('CB:notification,type:passkey_prologue_request', (node: BinaryNode) => demands.push(node))
    await device.until(() => device.qr !== null)
    practice.fault({ kind: 'passkey' })
    await expect(practice.scan(device.qr ?? '', sender)).rejects.toThrow(/passkey/)
    await expect.poll(() => demands.length).toBe(1)
    await practice.scan(device.qr ?? '', sender)
    await device.until(() => device.ended === 515)
  })
})

describe('pairing by code', () => {
  it('links the client when the code is typed into the phone', async () => {
    const practice = await sandbox()
    const device = client(practice)
    const sock = device.connect()
    await device.until(() => device.qr !== null)
    const code = await sock.requestPairingCode(sender)
    await expect.poll(() => practice.waitingForCode(sender)).toBe(true)
    await practice.enterCode(`${code.slice(0, 4)}-${code.slice(4)}`, sender)
    await device.until(() => device.ended === 515)
    await device.logIn()
    expect((await device.say(recipient, 'Halo')).attrs['error']).toBeUndefined()
    expect(practice.inbox(recipient)).toMatchObject([{ from: sender, text: 'Halo' }])
    expect(practice.reports()).toEqual([])
  })

  it('refuses another code', async () => {
    const practice = await sandbox()
    const device = client(practice)
    const sock = device.connect()
    await device.until(() => device.qr !== null)
    const code = await sock.requestPairingCode(sender)
    await expect.poll(() => practice.waitingForCode(sender)).toBe(true)
    const wrong = code === 'ABCD1234' ? 'ABCD1235' : 'ABCD1234'
    await expect(practice.enterCode(wrong, sender)).rejects.toThrow(/wrong/)
    expect(practice.reports()).toMatchObject([{ kind: 'pairing_invalid' }])
  })
})

describe('logging out', () => {
  it('on the phone ends the connection with 401 and forgets the device', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await practice.logOut(sender)
    await device.until(() => device.ended !== null)
    expect(device.ended).toBe(401)
    await device.logIn()
    expect(device.ended).toBe(401)
  })

  it('by the client forgets the device', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.sock?.logout()
    await expect.poll(() => practice.preKeyCounts(sender)).toEqual([])
    await device.logIn()
    expect(device.ended).toBe(401)
  })
})
