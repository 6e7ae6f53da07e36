import { describe, expect, it } from 'vitest'
import type { proto } from '@whiskeysockets/baileys'
import { paired, recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

const other = '6285500000501'

describe('a recipient', () => {
  it('may have several devices: each confirms the delivery', async () => {
    const practice = await sandbox()
    await practice.addDevice(recipient)
    const device = await paired(practice)
    const id = (await device.say(recipient, 'Halo')).attrs['id'] ?? ''
    const from = (): (string | undefined)[] =>
      device.receipts.filter((one) => one.attrs['type'] === undefined).map((one) => one.attrs['from'])
    await device.until(() => from().length === 2)
    expect(new Set(from())).toEqual(new Set([`${recipient}:1@s.whatsapp.net`, `${recipient}@s.whatsapp.net`]))
    expect(practice.inbox(recipient)).toMatchObject([{ id, receptions: 1 }])
    expect(practice.reports()).toEqual([])
  })

  it('may link a device later: senders are told and write to it too', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'to one device')
    await practice.addDevice(recipient)
    const devices = async (): Promise<number | undefined> =>
      (await device.sock?.getUSyncDevices([`${recipient}@s.whatsapp.net`], true, false))?.length
    await expect.poll(devices).toBe(2)
    await device.say(recipient, 'to two')
    await device.until(() =>
      device.receipts.some((one) => one.attrs['from'] === `${recipient}:1@s.whatsapp.net`),
    )
    expect(practice.reports()).toEqual([])
  })

  it('cannot be written to on a device that is gone: 479', async () => {
    const practice = await sandbox()
    const added = await practice.addDevice(recipient)
    const device = await paired(practice)
    await device.say(recipient, 'both')
    device.deaf('notification')
    await practice.removeDevice(recipient, added)
    expect((await device.say(recipient, 'stale')).attrs['error']).toBe('479')
    expect(practice.reports()).toMatchObject([{ kind: 'recipients_wrong' }])
  })

  it('may get a new phone: told of it, the sender writes to the new identity', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'to the old phone')
    const heard = device.hears('notification', 'encrypt')
    await practice.changeIdentity(recipient)
    await heard
    await device.say(recipient, 'to the new phone')
    const texts = (): (string | null)[] => practice.inbox(recipient).map((message) => message.text)
    await expect.poll(texts).toEqual(['to the old phone', 'to the new phone'])
  })

  it('asks for a message again that it cannot read, with its new keys, and gets it', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'to the old phone')
    await practice.changeIdentity(recipient, { quietly: true })
    const id = (await device.say(recipient, 'lost at first')).attrs['id'] ?? ''
    await device.receipt(id, 'retry')
    await expect
      .poll(() => practice.inbox(recipient).map((message) => message.text))
      .toContain('lost at first')
    expect(practice.reports()).toMatchObject([{ kind: 'undecryptable' }])
    expect((await device.say(recipient, 'and on')).attrs['error']).toBeUndefined()
    expect(practice.inbox(recipient).at(-1)).toMatchObject({ text: 'and on', receptions: 1 })
  })

  it('can be made to ask for a message again', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    practice.fault({ kind: 'retry' })
    const id = (await device.say(recipient, 'twice')).attrs['id'] ?? ''
    await device.receipt(id, 'retry')
    await expect.poll(() => practice.inbox(recipient)).toMatchObject([{ id, text: 'twice' }])
  })

  it('may have run out of one-time pre-keys', async () => {
    const practice = await sandbox()
    practice.exhaustPreKeys(recipient)
    const device = await paired(practice)
    await device.say(recipient, 'without')
    expect(practice.inbox(recipient)).toMatchObject([{ text: 'without' }])
    expect(practice.reports()).toEqual([])
  })

  it('may be known by its LID only', async () => {
    const practice = await sandbox({ accountTraits: { lidMigrated: true } })
    practice.showByLidOnly(recipient)
    const device = await paired(practice)
    const [found] = (await device.sock?.onWhatsApp(`+${recipient}`)) ?? []
    expect(found?.jid).toMatch(/^1\d{15}@lid$/)
    const id = (await device.say(found?.jid ?? '', 'by LID')).attrs['id'] ?? ''
    expect(practice.inbox(recipient)).toMatchObject([{ id, text: 'by LID', ownCopy: true }])
    expect((await device.receipt(id, 'read')).attrs['from']).toBe(found?.jid)
    expect(practice.reports()).toEqual([])
  })

  it('writes too, and what it is answered is read with the session that began there', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const texts: (string | null | undefined)[] = []
    device.sock?.ev.on('messages.upsert', ({ messages }) => {
      texts.push(...messages.map((one: proto.IWebMessageInfo) => one.message?.conversation))
    })
    await practice.write(recipient, sender, 'Ada stok?')
    await expect.poll(() => texts).toEqual(['Ada stok?'])
    await device.say(recipient, 'Ada')
    await practice.write(recipient, sender, 'Sip')
    await expect.poll(() => texts).toEqual(['Ada stok?', 'Sip'])
    await device.say(recipient, 'Terima kasih')
    expect(practice.inbox(recipient).map((message) => message.text)).toEqual(['Ada', 'Terima kasih'])
    expect(practice.reports()).toEqual([])
  })

  it('may be the account itself', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(sender, 'note to self')
    expect(practice.inbox(sender)).toMatchObject([{ from: sender, to: sender, text: 'note to self' }])
    expect(practice.reports()).toEqual([])
  })

  it('may be the sender’s own other companion, which is told of when it is linked and when it goes', async () => {
    const practice = await sandbox()
    const one = await paired(practice)
    await one.say(recipient, 'alone')
    const ownDevices = async (): Promise<number | undefined> =>
      (await one.sock?.getUSyncDevices([`${sender}@s.whatsapp.net`], true, false))?.length
    const two = await paired(practice)
    await expect.poll(ownDevices).toBe(2)
    const texts: (string | null | undefined)[] = []
    two.sock?.ev.on('messages.upsert', ({ messages }) => {
      texts.push(...messages.map((message) => message.message?.extendedTextMessage?.text))
    })
    await one.say(recipient, 'with another')
    await expect.poll(() => texts).toEqual(['with another'])
    await two.sock?.logout()
    await expect.poll(ownDevices).toBe(1)
    expect((await one.say(recipient, 'alone again')).attrs['error']).toBeUndefined()
    // rc14 names nobody in the receipt for its own phone's message where it knows the contact by number only.
    expect(practice.reports()).toMatchObject([
      { kind: 'stanza_invalid', detail: expect.stringContaining('to nobody') as string },
    ])
  })

  it('may be refused thousands of messages without the own phone losing its session', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'first')
    practice.fault({ kind: 'ack-error', code: 500, count: 2100 })
    for (let index = 0; index < 2100; index++) await device.say(recipient, 'x')
    await device.say(recipient, 'last')
    expect(practice.inbox(recipient)).toMatchObject([{ ownCopy: true }, { text: 'last', ownCopy: true }])
    expect(practice.reports()).toEqual([])
  }, 60_000)

  it('may be another companion of this sandbox', async () => {
    const practice = await sandbox()
    const one = await paired(practice)
    const two = await paired(practice, other)
    const texts: (string | null | undefined)[] = []
    two.sock?.ev.on('messages.upsert', ({ messages }) => {
      texts.push(...messages.map((message) => message.message?.extendedTextMessage?.text))
    })
    await one.say(other, 'Halo')
    expect(practice.inbox(other)).toMatchObject([{ text: 'Halo' }])
    await expect.poll(() => texts).toEqual(['Halo'])
    expect(practice.reports()).toEqual([])
  })
})

describe('a group', () => {
  it.each([0, 1])('has members who read with the sender key (%i)', async (index) => {
    const practice = await sandbox()
    const device = await paired(practice)
    const group = practice.groups[index]
    expect(Object.keys((await device.sock?.groupFetchAllParticipating()) ?? {})).toHaveLength(2)
    for (const text of ['first', 'second', 'third']) {
      expect((await device.say(group?.jid ?? '', text)).attrs['error']).toBeUndefined()
    }
    expect(practice.inbox(group?.members[1] ?? '')).toMatchObject(
      ['first', 'second', 'third'].map((text) => ({ to: group?.jid, text, members: group?.members })),
    )
    const id = practice.inbox()[0]?.id ?? ''
    expect((await device.receipt(id, 'read')).attrs['participant']).toMatch(/^62855000005\d\d@/)
    expect(practice.reports()).toEqual([])
  })

  it('has members who ask again when they lost the sender key', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const group = practice.groups[0]
    await device.say(group?.jid ?? '', 'first')
    await practice.changeIdentity(group?.members[0] ?? '', { quietly: true })
    const id = (await device.say(group?.jid ?? '', 'second')).attrs['id'] ?? ''
    await device.receipt(id, 'retry')
    await expect.poll(() => practice.inbox(group?.members[0]).map(({ text }) => text)).toContain('second')
  })

  it('that there is not is refused', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await expect(device.sock?.groupMetadata('999@g.us')).rejects.toThrow(/not-found/)
  })
})

describe('a newsletter', () => {
  it('takes messages that are not encrypted', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const { jid, name } = practice.newsletter
    const metadata = await device.sock?.newsletterMetadata('jid', jid)
    expect(metadata).toMatchObject({ id: jid, thread_metadata: { name: { text: name } } })
    await device.say(jid, 'Promo')
    expect(practice.inbox(jid)).toMatchObject([{ to: jid, text: 'Promo' }])
  })
})

describe('the bar on new contacts', () => {
  it('is answered, and told of when it begins and ends', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'before')
    expect(await device.sock?.fetchAccountReachoutTimelock()).toMatchObject({ isActive: false })
    const until = 2_000_000_000_000
    practice.setTimeLock(true, until)
    expect(await device.sock?.fetchAccountReachoutTimelock()).toMatchObject({
      isActive: true,
      timeEnforcementEnds: new Date(until),
    })
    const newContact = await device.say('6285500000560', 'new')
    expect(newContact.attrs['error']).toBe('463')
    expect((await device.say(recipient, 'known')).attrs['error']).toBeUndefined()
    const updates: unknown[] = []
    device.sock?.ev.on('connection.update', ({ reachoutTimeLock }) =>
      updates.push(reachoutTimeLock?.isActive),
    )
    practice.setTimeLock(false)
    await expect.poll(() => updates).toContain(false)
  })
})

describe('the quota of new chats', () => {
  it('is told when half of it is used, refuses one more with 475, and leaves known contacts alone', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.say(recipient, 'before')
    expect(await device.sock?.fetchNewChatMessageCap()).toMatchObject({ total_quota: -1 })
    practice.fault({ kind: 'new-chat-cap', total: 2 })
    const told: unknown[] = []
    device.sock?.ev.on('message-capping.update', (info) => told.push(info))
    expect((await device.say('6285500000561', 'one')).attrs['error']).toBeUndefined()
    await expect.poll(() => told).toMatchObject([{ capping_status: 'FIRST_WARNING', used_quota: '1' }])
    expect((await device.say('6285500000562', 'two')).attrs['error']).toBeUndefined()
    expect((await device.say('6285500000563', 'three')).attrs['error']).toBe('475')
    expect((await device.say(recipient, 'known')).attrs['error']).toBeUndefined()
    expect((await device.say('6285500000561', 'known by now')).attrs['error']).toBeUndefined()
    expect(await device.sock?.fetchNewChatMessageCap()).toMatchObject({
      capping_status: 'CAPPED',
      total_quota: 2,
    })
  })

  it('bars new contacts for companions for a time, which ends without a word', async () => {
    let ahead = 0
    const practice = await sandbox({ now: () => Date.now() + ahead })
    const device = await paired(practice)
    practice.fault({ kind: 'time-lock' })
    const lock = await device.sock?.fetchAccountReachoutTimelock()
    expect(lock).toMatchObject({ isActive: true, enforcementType: 'WEB_COMPANION_ONLY' })
    expect((await device.say('6285500000561', 'Halo')).attrs['error']).toBe('463')
    ahead = 61_000
    expect((await device.say('6285500000561', 'Halo')).attrs['error']).toBeUndefined()
  })
})
