import { encodeSignedDeviceIdentity, generateMessageIDV2, getBinaryNodeChild } from '@whiskeysockets/baileys'
import type { BinaryNode, proto } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import type { AccountTraits } from '../../src-main/sandbox/sandbox.ts'
import { jidOf } from '../../src-main/sandbox/accounts/sandbox-numbers.ts'
import type { Client } from './client.ts'
import { paired, recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

const pn = jidOf(recipient)
const lid = jidOf(recipient, 0, 'lid')
const ownPn = jidOf(sender)
const ownLid = jidOf(sender, 0, 'lid')

const migrated: Partial<AccountTraits> = { lidMigrated: true }

/** Sends a message by hand, to devices and with a copy for the own ones as it is told. */
async function sendTo(
  device: Client,
  to: string,
  { devices, copyOf = to }: { devices: string[]; copyOf?: string },
): Promise<BinaryNode> {
  const { sock } = device
  if (sock === null) throw new Error('not connected')
  await sock.assertSessions(devices, false)
  const message: proto.IMessage = { conversation: 'by hand' }
  const copy = { deviceSentMessage: { destinationJid: copyOf, message } }
  const { nodes } = await sock.createParticipantNodes(devices, message, {}, copy)
  const identity = encodeSignedDeviceIdentity(device.creds.account ?? {}, true)
  const id = generateMessageIDV2()
  const before = device.acks.length
  await sock.sendNode({
    tag: 'message',
    attrs: { id, to, type: 'text' },
    content: [
      { tag: 'participants', attrs: {}, content: nodes },
      { tag: 'device-identity', attrs: {}, content: identity },
    ],
  })
  return device.ack(id, before)
}

function errorOf(ack: BinaryNode): string | undefined {
  return ack.attrs['error']
}

function usync(query: BinaryNode[], users: BinaryNode[]): BinaryNode {
  return {
    tag: 'iq',
    attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'usync' },
    content: [
      {
        tag: 'usync',
        attrs: { context: 'interactive', mode: 'query', sid: '1', last: 'true', index: '0' },
        content: [
          { tag: 'query', attrs: {}, content: query },
          { tag: 'list', attrs: {}, content: users },
        ],
      },
    ],
  }
}

async function usersOf(device: Client, question: BinaryNode): Promise<BinaryNode[]> {
  const answer = (await device.sock?.query(question)) as BinaryNode | undefined
  const list = getBinaryNodeChild(getBinaryNodeChild(answer, 'usync'), 'list')
  return list?.content as BinaryNode[]
}

function deviceCount(user: BinaryNode | undefined): number {
  const list = getBinaryNodeChild(getBinaryNodeChild(user, 'devices'), 'device-list')
  return Array.isArray(list?.content) ? list.content.length : 0
}

const devicesQuery = (jid: string): BinaryNode =>
  usync([{ tag: 'devices', attrs: { version: '2' } }], [{ tag: 'user', attrs: { jid } }])

describe('a migrated account', () => {
  it('is refused with 463 where it writes to a phone number, and nobody is shown anything', async () => {
    const practice = await sandbox({ accountTraits: migrated })
    const device = await paired(practice)
    expect(errorOf(await device.say(pn, 'by number'))).toBe('463')
    expect(practice.inbox()).toEqual([])
  })

  it('writes to LIDs: the own phone shows the copy, and receipts come from the LID', async () => {
    const practice = await sandbox({ accountTraits: migrated })
    const device = await paired(practice)
    const ack = await device.say(lid, 'by LID')
    expect(errorOf(ack)).toBeUndefined()
    expect(practice.inbox(recipient)).toMatchObject([{ text: 'by LID', ownCopy: true }])
    expect((await device.receipt(ack.attrs['id'] ?? '', 'read')).attrs['from']).toBe(lid)
    expect(practice.reports()).toEqual([])
  })

  it('hears from contacts by LID, with their number beside it', async () => {
    const practice = await sandbox({ accountTraits: migrated })
    const device = await paired(practice)
    const heard = new Promise<BinaryNode>((resolve) => device.sock?.ws.once('CB:message', resolve))
    await practice.write(recipient, sender, 'Halo')
    expect((await heard).attrs).toMatchObject({ from: lid, sender_pn: pn })
  })

  it('may be told of no devices where it asks by phone number, but never of its own', async () => {
    const practice = await sandbox({ accountTraits: migrated })
    const device = await paired(practice)
    practice.fault({ kind: 'empty-device-list', count: 100 })
    expect(deviceCount((await usersOf(device, devicesQuery(pn)))[0])).toBe(0)
    expect(deviceCount((await usersOf(device, devicesQuery(lid)))[0])).toBe(1)
    expect(deviceCount((await usersOf(device, devicesQuery(ownPn)))[0])).toBe(2)
  })

  it('may get no answer about its own LID', async () => {
    const practice = await sandbox({ accountTraits: migrated })
    const device = await paired(practice, sender, { defaultQueryTimeoutMs: 300 })
    practice.fault({ kind: 'own-lid-silence' })
    expect(await device.sock?.query(devicesQuery(ownLid))).toBeUndefined()
    expect(deviceCount((await usersOf(device, devicesQuery(ownLid)))[0])).toBe(2)
  })
})

describe('an account that is not migrated', () => {
  it('is refused with 400 where it writes to a LID, and nobody is shown anything', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    expect(errorOf(await device.say(lid, 'by LID'))).toBe('400')
    expect(practice.inbox()).toEqual([])
    expect(errorOf(await device.say(pn, 'by number'))).toBeUndefined()
  })
})

describe('a message', () => {
  it.each([
    ['by LID from a migrated account', migrated, lid, [lid, ownPn]],
    ['by number from another', {}, pn, [pn, ownLid]],
  ])('%s to devices of both kinds is refused with 400', async (_which, accountTraits, to, devices) => {
    const practice = await sandbox({ accountTraits })
    const device = await paired(practice)
    expect(errorOf(await sendTo(device, to, { devices }))).toBe('400')
    expect(practice.inbox()).toEqual([])
    expect(practice.reports()).toMatchObject([{ kind: 'addressing_mixed' }])
  })

  it('whose copy names another chat than its address is not shown on the own phone', async () => {
    const practice = await sandbox({ accountTraits: migrated })
    const device = await paired(practice)
    expect(errorOf(await sendTo(device, lid, { devices: [lid, ownLid], copyOf: pn }))).toBeUndefined()
    expect(practice.inbox(recipient)).toMatchObject([{ text: 'by hand', ownCopy: false }])
    expect(practice.reports()).toMatchObject([{ kind: 'own_copy_wrong' }])
    await sendTo(device, lid, { devices: [lid, ownLid] })
    expect(practice.inbox(recipient).at(-1)).toMatchObject({ text: 'by hand', ownCopy: true })
  })

  it('that is refused is not passed on to another companion of the recipient', async () => {
    const practice = await sandbox({ accountTraits: migrated })
    const device = await paired(practice)
    const other = await paired(practice, '6285500000901')
    const heard: BinaryNode[] = []
    other.sock?.ws.on('CB:message', (node: BinaryNode) => heard.push(node))
    expect(errorOf(await device.say('6285500000901', 'refused'))).toBe('463')
    expect(errorOf(await device.say(jidOf('6285500000901', 0, 'lid'), 'taken'))).toBeUndefined()
    await expect.poll(() => heard).toHaveLength(1)
  })
})

describe('a contact', () => {
  it('is named by LID and number where its number is asked about with addressing_mode="lid"', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    const asked = [`+${recipient}`, '+6285500000100', recipient]
    const users = asked.map((number) => ({
      tag: 'user',
      attrs: {},
      content: [{ tag: 'contact', attrs: {}, content: number }],
    }))
    const question = usync([{ tag: 'contact', attrs: { addressing_mode: 'lid' } }], users)
    const types = (user: BinaryNode) => getBinaryNodeChild(user, 'contact')?.attrs['type']
    const answered = await usersOf(device, question)
    expect(answered.map(types)).toEqual(['in', 'out', 'invalid'])
    expect(answered.map(({ attrs }) => attrs).slice(0, 2)).toEqual([
      { jid: lid, pn_jid: pn },
      { pn_jid: jidOf('6285500000100') },
    ])
  })

  it('that was registered anew has another LID: acknowledgements say so until the new one is used', async () => {
    const practice = await sandbox({ accountTraits: migrated })
    const device = await paired(practice)
    expect((await device.say(lid, 'before')).attrs['refresh_lid']).toBeUndefined()
    practice.fault({ kind: 'refresh-lid' })
    expect((await device.say(lid, 'old')).attrs['refresh_lid']).toBe('true')
    expect((await device.say(lid, 'still old')).attrs['refresh_lid']).toBe('true')
    const contact = { tag: 'contact', attrs: {}, content: `+${recipient}` }
    const query = [{ tag: 'contact', attrs: { addressing_mode: 'lid' } }]
    const [user] = await usersOf(device, usync(query, [{ tag: 'user', attrs: {}, content: [contact] }]))
    const renewed = user?.attrs['jid'] ?? ''
    expect(renewed).not.toBe(lid)
    const ack = await device.say(renewed, 'new')
    expect(ack.attrs['refresh_lid']).toBeUndefined()
    expect(practice.inbox(recipient).map(({ text }) => text)).toEqual(['before', 'old', 'still old', 'new'])
    expect((await device.receipt(ack.attrs['id'] ?? '', 'read')).attrs['from']).toBe(renewed)
  })
})

describe('a device or contact query', () => {
  it('may be answered late', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    practice.fault({ kind: 'slow-query', ms: 300 })
    const began = performance.now()
    expect(await device.sock?.onWhatsApp(`+${recipient}`)).toEqual([{ jid: pn, exists: true }])
    expect(performance.now() - began).toBeGreaterThanOrEqual(290)
  })
})
