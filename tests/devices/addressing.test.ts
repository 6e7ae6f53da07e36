import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Receipt } from '../../src-main/devices/connection/sending/outgoing.ts'
import { jidOf } from '../../src-main/sandbox/accounts/sandbox-numbers.ts'
import type { InboxMessage } from '../../src-main/sandbox/sandbox.ts'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const account = '6285500000000'
const number = '6281234567890'
const pn = jidOf(number)
const lid = jidOf(number, 0, 'lid')

let fixture: Fixture
let id: string
let receipts: Receipt[]
beforeEach(async () => {
  fixture = await startFixture()
  receipts = []
})
afterEach(() => fixture.stop())

async function pair(lidMigrated: boolean): Promise<void> {
  await fixture.sandbox.setAccount(account, { lidMigrated })
  ;({ id } = await pairedDevice(fixture))
  listen()
}

function listen(): void {
  fixture.devices.onReceipt.add((receipt) => receipts.push(receipt))
}

/** Another program takes the device over as it is on the disk: the first one is told of nothing. */
async function takeOver(): Promise<void> {
  const before = fixture.devices
  await fixture.database.write(() => {})
  fixture.devices = fixture.another()
  await fixture.devices.start()
  listen()
  await until(fixture.devices, id, inState('connected'))
  await before.stop()
}

/** An answer comes after all that was on the line before it. */
async function heardAll(): Promise<void> {
  await fixture.devices.lookUp(id, [`62811${String(Date.now()).slice(-8)}`])
}

const send = (text: string, to = pn) => sendText(fixture.devices, id, to, text)
const result = async (text: string, to = pn) => (await send(text, to)).outcome.result
const refused = () => fixture.sandbox.refusals().map(({ to, error }) => ({ to, error }))
const shown = (of = number) =>
  fixture.sandbox
    .inbox(of)
    .map(({ text, receptions, ownCopy }: InboxMessage) => ({ text, receptions, ownCopy }))
const once = (text: string) => ({ text, receptions: 1, ownCopy: true })
const fromOf = (messageId: string, kind: Receipt['kind']) =>
  receipts.filter((one) => one.kind === kind && one.messageIds.includes(messageId)).map(({ from }) => from)

describe('an account that is told at linking to be migrated', () => {
  beforeEach(() => pair(true))

  it('writes to LIDs at once, the own phone shows the copies, and receipts are understood', async () => {
    const { messageId, outcome } = await send('Halo')
    expect(outcome.result).toBe('acknowledged')
    await expect.poll(() => fromOf(messageId, 'read')).toEqual([lid])
    expect(shown()).toEqual([once('Halo')])
    expect(refused()).toEqual([])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('knows that again after a crash, though nobody tells it any more', async () => {
    await takeOver()
    expect(await result('Halo')).toBe('acknowledged')
    expect(refused()).toEqual([])
  })

  it('writes where WhatsApp names no device by number, and says nothing about the own LID', async () => {
    fixture.sandbox.fault({ kind: 'empty-device-list', count: 100 })
    fixture.sandbox.fault({ kind: 'own-lid-silence', count: 100 })
    const startedAt = performance.now()
    expect(await result('Halo')).toBe('acknowledged')
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    expect(shown()).toEqual([once('Halo')])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('waits for device queries that are slow', async () => {
    fixture.sandbox.fault({ kind: 'slow-query', ms: 1_500, count: 2 })
    expect(await result('Halo')).toBe('acknowledged')
    expect(shown()).toEqual([once('Halo')])
  })

  it('goes over to the new LID of a number that was registered anew', async () => {
    expect(await result('before')).toBe('acknowledged')
    fixture.sandbox.fault({ kind: 'refresh-lid' })
    expect(await result('the last to the old one')).toBe('acknowledged')
    const { messageId, outcome } = await send('after')
    expect(outcome.result).toBe('acknowledged')
    await expect.poll(() => fromOf(messageId, 'read')).toHaveLength(1)
    const [renewed = ''] = fromOf(messageId, 'read')
    expect(renewed).toMatch(/@lid$/)
    expect(renewed).not.toBe(lid)
    await takeOver()
    const again = await send('and after a restart')
    await expect.poll(() => fromOf(again.messageId, 'read')).toEqual([renewed])
    expect(shown()).toHaveLength(4)
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('does not write on to an old LID while the new one is not to be had', async () => {
    expect(await result('before')).toBe('acknowledged')
    fixture.sandbox.fault({ kind: 'refresh-lid' })
    expect(await result('the last to the old one')).toBe('acknowledged')
    fixture.sandbox.fault({ kind: 'query-silence', count: 100 })
    const outcome = send('held')
    await expect.poll(() => fixture.devices.get(id)?.state.name).toBe('connected')
    fixture.sandbox.fault({ kind: 'close', code: 503 })
    expect((await outcome).outcome.result).toBe('not_sent')
    expect(shown()).toHaveLength(2)
  })

  it('writes to a device that a contact links, and no more to one that it removes', async () => {
    expect(await result('to the phone')).toBe('acknowledged')
    const device = await fixture.sandbox.addDevice(number)
    await heardAll()
    const both = await send('to both')
    await expect
      .poll(() => fromOf(both.messageId, 'delivered').toSorted())
      .toEqual([lid, jidOf(number, device, 'lid')].toSorted())
    await fixture.sandbox.removeDevice(number, device)
    await heardAll()
    expect(await result('to the phone again')).toBe('acknowledged')
    expect(refused()).toEqual([])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('finds a device that nobody told of, because the acknowledgement doubts the list under either name', async () => {
    expect(await result('to the phone')).toBe('acknowledged')
    const device = await fixture.sandbox.addDevice(number, { quietly: true })
    expect(await result('leaves one out', lid)).toBe('acknowledged')
    const both = await send('to both')
    await expect
      .poll(() => fromOf(both.messageId, 'delivered').toSorted())
      .toEqual([lid, jidOf(number, device, 'lid')].toSorted())
  })

  it('writes to another device of its own that nobody told of', async () => {
    expect(await result('one')).toBe('acknowledged')
    await fixture.sandbox.addDevice(account, { quietly: true })
    expect(await result('leaves one out')).toBe('acknowledged')
    const reports = fixture.sandbox.reports().length
    expect(await result('two')).toBe('acknowledged')
    expect(fixture.sandbox.reports()).toHaveLength(reports)
  })

  it.each([
    ['its number', jidOf(account)],
    ['its LID', jidOf(account, 0, 'lid')],
  ])('may write to itself by %s, and hears that it arrived, once', async (_name, to) => {
    for (const text of ['note', 'another']) {
      const { messageId, outcome } = await send(text, to)
      expect(outcome.result).toBe('acknowledged')
      await expect.poll(() => fromOf(messageId, 'read')).not.toEqual([])
      // Each device that could read it confirms that: the phone got it once.
      expect(fromOf(messageId, 'delivered')).toHaveLength(1)
    }
    expect(shown(account)).toMatchObject([{ text: 'note' }, { text: 'another' }])
    expect(refused()).toEqual([])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('names the author of a quoted message by LID, itself included', async () => {
    const original = await send('Halo')
    const quote = async (participant: string) => {
      const quoted = { id: original.messageId, participant, message: null }
      const message = await fixture.devices.compose(id, { kind: 'text', text: 'Re', quoted })
      const messageId = fixture.devices.newMessageId(id)
      expect((await fixture.devices.send(id, { messageId, jid: pn, message })).result).toBe('acknowledged')
      return fixture.sandbox.inbox(number).at(-1)?.quotedAuthor
    }
    expect(await quote(jidOf(account))).toBe(jidOf(account, 0, 'lid'))
    expect(await quote(pn)).toBe(lid)
    expect(await quote(jidOf('6285500000777'))).toBe(jidOf('6285500000777'))
  })

  it('sends once more what a recipient could not read', async () => {
    fixture.sandbox.fault({ kind: 'retry' })
    expect(await result('again, please')).toBe('acknowledged')
    await expect.poll(() => shown()).toMatchObject([{ text: 'again, please' }])
  })

  it('is told that a contact is locked after a single refusal, since the form is certain', async () => {
    expect(await result('first')).toBe('acknowledged')
    const { outcome } = await send('x', jidOf('6285500000200'))
    expect(outcome).toMatchObject({ result: 'refused', code: 'contact_locked', whatsappCode: 463 })
    expect(refused()).toHaveLength(1)
  })

  it('looks numbers up together with their LIDs', async () => {
    const found = await fixture.devices.lookUp(id, [number, '6285500000100'])
    expect(found.get(number)).toEqual({ exists: true, jid: pn, lid })
    expect(found.get('6285500000100')).toEqual({ exists: false })
  })
})

describe('a group whose members have LIDs', () => {
  it('is written to although WhatsApp says nothing about the own LID', async () => {
    await pair(true)
    const group = fixture.sandbox.groups.find(({ addressing }) => addressing === 'lid')
    fixture.sandbox.fault({ kind: 'own-lid-silence', count: 100 })
    const startedAt = performance.now()
    expect(await result('Halo', group?.jid)).toBe('acknowledged')
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    const [message] = fixture.sandbox.inbox(group?.jid)
    expect(message?.members.toSorted()).toEqual([...(group?.members ?? [])].toSorted())
    expect(fixture.sandbox.reports()).toEqual([])
  })
})

describe('an account that is not migrated', () => {
  beforeEach(() => pair(false))

  it('writes to phone numbers', async () => {
    const { messageId, outcome } = await send('Halo')
    expect(outcome.result).toBe('acknowledged')
    await expect.poll(() => fromOf(messageId, 'read')).toEqual([pn])
    expect(shown()).toEqual([once('Halo')])
    expect(refused()).toEqual([])
  })

  it('may be migrated while nobody tells: the message arrives once, and the next ones at the first try', async () => {
    await fixture.sandbox.setAccount(account, { lidMigrated: true })
    const { messageId, outcome } = await send('Halo')
    expect(outcome.result).toBe('acknowledged')
    expect(fixture.sandbox.refusals()).toMatchObject([{ id: messageId, to: pn, error: 463 }])
    expect(shown()).toEqual([once('Halo')])
    await expect.poll(() => fromOf(messageId, 'read')).toEqual([lid])
    expect(await result('next')).toBe('acknowledged')
    await takeOver()
    expect(await result('after a crash')).toBe('acknowledged')
    expect(refused()).toHaveLength(1)
    expect(shown()).toEqual(['Halo', 'next', 'after a crash'].map(once))
  })

  it('is told by its phone when that migrates, and writes to LIDs from then on, after a crash too', async () => {
    await fixture.sandbox.migrate(account)
    await expect.poll(() => fixture.sandbox.unconfirmed(account)).toBe(0)
    expect(await result('Halo')).toBe('acknowledged')
    await takeOver()
    expect(await result('after a crash')).toBe('acknowledged')
    expect(refused()).toEqual([])
    expect(shown()).toEqual(['Halo', 'after a crash'].map(once))
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('may be migrated while the program is not running: it asks when it is back', async () => {
    await fixture.sandbox.setAccount(account, { lidMigrated: true })
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    await expect.poll(() => result('Halo')).toBe('acknowledged')
    expect(shown().at(-1)).toEqual(once('Halo'))
    expect(await result('next')).toBe('acknowledged')
    expect(refused().length).toBeLessThanOrEqual(1)
  })

  it('is told that a contact is locked once the other form has been tried', async () => {
    const to = jidOf('6285500000200')
    expect((await send('x', to)).outcome).toMatchObject({
      result: 'refused',
      code: 'contact_locked',
      whatsappCode: 463,
    })
    expect(refused()).toEqual([
      { to, error: 463 },
      { to: jidOf('6285500000200', 0, 'lid'), error: 463 },
    ])
    expect(await result('Halo')).toBe('acknowledged')
    expect(refused()).toHaveLength(2)
  })

  it('does not lose a message whose second form’s acknowledgement is cut off', async () => {
    await fixture.sandbox.setAccount(account, { lidMigrated: true })
    // The first form uses the first of them up, the second one the other.
    fixture.sandbox.fault({ kind: 'slow', ms: 1 })
    fixture.sandbox.fault({ kind: 'drop' })
    const { messageId, outcome } = await send('Halo')
    expect(outcome.result).toBe('unknown')
    expect(refused()).toEqual([{ to: pn, error: 463 }])
    await until(fixture.devices, id, inState('connected'))
    const message = await fixture.devices.compose(id, { kind: 'text', text: 'Halo' })
    expect((await fixture.devices.send(id, { messageId, jid: pn, message })).result).toBe('acknowledged')
    expect(shown()).toMatchObject([{ text: 'Halo', receptions: 2 }])
  })
})

describe('an account that was told to be migrated and is not', () => {
  it('goes back to phone numbers at the first refusal, and over again at the first that says otherwise', async () => {
    await pair(true)
    await fixture.sandbox.setAccount(account, { lidMigrated: false })
    expect(await result('one')).toBe('acknowledged')
    expect(await result('two')).toBe('acknowledged')
    expect(refused()).toEqual([{ to: lid, error: 400 }])
    await fixture.sandbox.setAccount(account, { lidMigrated: true })
    expect(await result('three')).toBe('acknowledged')
    expect(await result('four')).toBe('acknowledged')
    expect(refused()).toEqual([
      { to: lid, error: 400 },
      { to: pn, error: 463 },
    ])
    expect(shown()).toEqual(['one', 'two', 'three', 'four'].map(once))
    expect(fixture.sandbox.reports()).toEqual([])
  })
})
