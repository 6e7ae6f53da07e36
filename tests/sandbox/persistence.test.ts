import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { initAuthCreds } from '@whiskeysockets/baileys'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import { springTraits } from './spring-traits.ts'
import { Client, quiet } from './client.ts'
import { client, paired, recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kurir-sandbox-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('after a restart', () => {
  it('a device logs in again, and recipients go on reading with the sessions that they had', async () => {
    const file = join(folder, 'sandbox.sqlite')
    const before = await startSandbox({ file, log: quiet, accountTraits: springTraits })
    const device = await new Client(before).pair(sender)
    await device.say(recipient, 'before')
    await device.close()
    await before.stop()

    const after = await sandbox({ file })
    const again = client(after)
    Object.assign(again.creds, device.creds)
    for (const [name, value] of device.keys.values) again.keys.values.set(name, value)
    await again.logIn()
    expect(again.open).toBe(true)
    await again.say(recipient, 'after')
    expect(after.inbox(recipient).map((message) => message.text)).toEqual(['before', 'after'])
    expect(after.reports()).toEqual([])
  })

  it('a message that was taken before is shown once when it comes again', async () => {
    const file = join(folder, 'sandbox.sqlite')
    const before = await startSandbox({ file, log: quiet, accountTraits: springTraits })
    const device = await new Client(before).pair(sender)
    await device.say(recipient, 'once', '3EB0AAAABBBBCCCCDDDD03')
    await device.close()
    await before.stop()

    const after = await sandbox({ file })
    const again = client(after)
    Object.assign(again.creds, device.creds)
    for (const [name, value] of device.keys.values) again.keys.values.set(name, value)
    await again.logIn()
    await again.say(recipient, 'once', '3EB0AAAABBBBCCCCDDDD03')
    expect(after.inbox(recipient)).toMatchObject([{ text: 'once', receptions: 2 }])
  })

  it('a client that lost its latest keys with the acknowledgement may send again, and the next one is read', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'warm')
    const keys = new Map(device.keys.values)
    practice.fault({ kind: 'drop' })
    const jid = `${recipient}@s.whatsapp.net`
    await device.sock?.sendMessage(jid, { text: 'once' }, { messageId: '3EB0AAAABBBBCCCCDDDD05' })
    await device.until(() => device.ended !== null)
    device.keys.values.clear()
    for (const [name, value] of keys) device.keys.values.set(name, value)

    await device.logIn()
    await device.say(recipient, 'once', '3EB0AAAABBBBCCCCDDDD05')
    await device.say(recipient, 'next')
    expect(practice.inbox(recipient)).toMatchObject([
      { text: 'warm' },
      { text: 'once', receptions: 2 },
      { text: 'next', receptions: 1 },
    ])
    expect(practice.reports()).toEqual([])
  })

  it('files are still there', async () => {
    const file = join(folder, 'sandbox.sqlite')
    const before = await startSandbox({ file, log: quiet, accountTraits: springTraits })
    const device = await new Client(before).pair(sender)
    const content = randomBytes(70_000)
    const ack = await device.send(recipient, { document: content, mimetype: 'a/b', fileName: 'a.b' })
    await device.close()
    await before.stop()
    const after = await sandbox({ file })
    expect((await after.blob(ack.attrs['id'] ?? ''))?.equals(content)).toBe(true)
  })
})

describe('a device that was away', () => {
  it('hears of receipts when it comes back', async () => {
    const practice = await sandbox({ receiptTimes: { delivered: 0, read: 300 } })
    const device = await paired(practice)
    const id = (await device.say(recipient, 'read while away')).attrs['id'] ?? ''
    await device.close()
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(device.receipts.filter((one) => one.attrs['type'] === 'read')).toEqual([])
    await device.logIn()
    expect((await device.receipt(id, 'read')).attrs['offline']).toBeDefined()
  })

  it('does not hear again of what it has acknowledged', async () => {
    const practice = await sandbox({ receiptTimes: { delivered: 0, read: 0 } })
    const device = await paired(practice)
    const id = (await device.say(recipient, 'read')).attrs['id'] ?? ''
    await device.receipt(id, 'read')
    await device.say(recipient, 'and another')
    await expect.poll(() => practice.unreported(sender)).toBe(0)
    device.receipts.length = 0
    await device.close()
    await device.logIn()
    await device.say(recipient, 'and one more')
    expect(device.receipts.filter((one) => one.attrs['offline'] !== undefined)).toEqual([])
  })
})

describe('the inbox', () => {
  it('keeps the latest messages and forgets the oldest', async () => {
    const practice = await sandbox({ inboxLimit: 10 })
    const device = await paired(practice)
    for (let index = 0; index < 300; index++) await device.say(recipient, `number ${index}`)
    const kept = practice.inbox(recipient)
    expect(kept.length).toBeLessThan(300)
    expect(kept.at(-1)?.text).toBe('number 299')
  })
})

describe('seeding', () => {
  it('registers companions that log in and send without having scanned', async () => {
    const practice = await sandbox()
    const devices = ['6281100000001', '6281100000002'].map((number) => ({ number, creds: initAuthCreds() }))
    const seeded = await practice.seed(devices)
    for (const [index, { creds, number }] of devices.entries()) {
      const device = client(practice)
      Object.assign(device.creds, creds, seeded[index])
      await device.logIn()
      expect((await device.say(recipient, `from ${number}`)).attrs['error']).toBeUndefined()
    }
    expect(practice.inbox(recipient)).toMatchObject([
      { from: '6281100000001', ownCopy: true },
      { from: '6281100000002', ownCopy: true },
    ])
    expect(practice.reports()).toEqual([])
  })
})
