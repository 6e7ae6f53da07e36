import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { participantHash } from '../../src-main/devices/connection/groups/group-send.ts'
import { eventually } from '../support/program.ts'
import { rigTest } from './fixture-test.ts'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const own = '6285500000000'
const [one, two, three] = ['6285500000501', '6285500000502', '6285500000503'] as const
const day = 86_400

describe.each(['lid', 'pn'] as const)('a group that names its members by %s', (addressing) => {
  let fixture: Fixture
  let id: string
  let jid: string
  beforeEach(async () => {
    fixture = await startFixture()
    ;({ id } = await pairedDevice(fixture))
    ;({ jid } = await fixture.sandbox.addGroup({ subject: 'Toko', addressing, members: [one, two, three] }))
  })
  afterEach(() => fixture.stop())

  const send = async (text: string) => (await sendText(fixture.devices, id, jid, text)).outcome
  const last = () => fixture.sandbox.inbox(jid).at(-1)

  it('gets a message although the keys of one member’s device are not given, which is left out', async () => {
    fixture.sandbox.fault({ kind: 'keys-refused', recipient: two, count: 1_000 })
    expect((await send('Halo')).result).toBe('acknowledged')
    expect(last()).toMatchObject({ text: 'Halo', members: [one, three], waiting: [two] })
    // Not asked for again with each message.
    fixture.sandbox.fault({ kind: 'query-silence', count: 1_000 })
    expect((await send('Lagi')).result).toBe('acknowledged')
    expect(last()?.members).toEqual([one, three])
  })

  it('asks once more for keys that were refused, after asking which devices there are', async () => {
    fixture.sandbox.fault({ kind: 'keys-refused', recipient: two, count: 1 })
    expect((await send('Halo')).result).toBe('acknowledged')
    expect(last()).toMatchObject({ members: [one, two, three], waiting: [] })
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('asks for keys one by one where WhatsApp refuses them all without saying whose', async () => {
    fixture.sandbox.fault({ kind: 'key-query-refused', recipient: two, count: 1_000 })
    expect((await send('Halo')).result).toBe('acknowledged')
    expect(last()).toMatchObject({ members: [one, three], waiting: [two] })
  })

  it('to which nobody can be encrypted is told so: the server’s acknowledgement would mean nothing', async () => {
    fixture.sandbox.fault({ kind: 'keys-refused', count: 1_000, number: own })
    expect(await send('Halo')).toMatchObject({ result: 'refused', code: 'no_recipient_device' })
    expect(fixture.sandbox.inbox(jid)).toEqual([])
  })

  it('gets the sender’s key again with the message after one whose fate is unknown', async () => {
    fixture.sandbox.fault({ kind: 'lose' })
    expect((await send('hilang')).result).toBe('unknown')
    await until(fixture.devices, id, inState('connected'))
    expect((await send('sampai')).result).toBe('acknowledged')
    expect(last()).toMatchObject({ text: 'sampai', members: [one, two, three], waiting: [] })
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('that changed its form without telling is asked again and gets the message once more, under its id', async () => {
    expect((await send('sebelum')).result).toBe('acknowledged')
    const other = addressing === 'lid' ? 'pn' : 'lid'
    await fixture.sandbox.setGroup(jid, { addressing: other }, { quietly: true })
    const { outcome, messageId } = await sendText(fixture.devices, id, jid, 'sesudah')
    expect(outcome.result).toBe('acknowledged')
    expect(last()).toMatchObject({ id: messageId, members: [one, two, three], waiting: [] })
    expect(fixture.sandbox.reports()).toHaveLength(1)
  })

  it('that refuses with 421 again is not asked a third time', async () => {
    fixture.sandbox.fault({ kind: 'ack-error', code: 421, count: 2 })
    expect(await send('Halo')).toMatchObject({ result: 'refused', whatsappCode: 421 })
    expect((await send('Lagi')).result).toBe('acknowledged')
  })

  it('whose members have linked a device that nobody told of gets it with the next message', async () => {
    await send('sebelum')
    await fixture.sandbox.addDevice(two, { quietly: true })
    // Its acknowledgement names the devices as the server knows them.
    await send('tanpa yang baru')
    const before = fixture.sandbox.reports().length
    expect(before).toBeGreaterThan(0)
    await send('dengan yang baru')
    expect(fixture.sandbox.reports()).toHaveLength(before)
  })

  it('in which only admins write is not written to by others', async () => {
    await fixture.sandbox.setGroup(jid, { announce: true, admins: [one] })
    expect(await send('Halo')).toMatchObject({
      result: 'refused',
      code: 'refused_by_whatsapp',
      reason: expect.stringContaining('Only admins') as string,
    })
    expect(fixture.sandbox.reports()).toEqual([])
    await fixture.sandbox.setGroup(jid, { admins: [one, own] })
    await eventually(async () => (await send('Halo')).result === 'acknowledged')
  })

  it('whose messages disappear gets them with its timer', async () => {
    await fixture.sandbox.setGroup(jid, { expirationSeconds: day })
    await eventually(() => fixture.sandbox.unacknowledged(own) === 0)
    expect((await send('Halo')).result).toBe('acknowledged')
    expect(fixture.sandbox.reports()).toEqual([])
  })
})

// Each waits for the end of an unanswered query.
rigTest().concurrent.for(['lid', 'pn'] as const)(
  'a message to a group by %s whose members’ devices are not told has not left, and is read once they are',
  async (addressing, { fixture }) => {
    const { id } = await pairedDevice(fixture)
    const { jid } = await fixture.sandbox.addGroup({
      subject: 'Toko',
      addressing,
      members: [one, two, three],
    })
    const send = async () => (await sendText(fixture.devices, id, jid, 'Halo')).outcome.result
    fixture.sandbox.fault({ kind: 'query-silence' })
    expect(await send()).toBe('not_sent')
    expect(await send()).toBe('acknowledged')
    expect(fixture.sandbox.inbox(jid).at(-1)?.members).toEqual([one, two, three])
  },
)

it('a message to a group whose line goes while keys are asked for has not left, though it is encrypted by then', async () => {
  const fixture = await startFixture()
  onTestFinished(() => fixture.stop())
  const { id } = await pairedDevice(fixture)
  const { jid } = await fixture.sandbox.addGroup({ subject: 'Toko', addressing: 'lid', members: [one, two] })
  fixture.sandbox.fault({ kind: 'key-query-silence' })
  const sending = sendText(fixture.devices, id, jid, 'Halo')
  await eventually(() => fixture.sandbox.faults().length === 0)
  fixture.sandbox.fault({ kind: 'close', code: 408 })
  expect((await sending).outcome.result).toBe('not_sent')
})

it('a group of 1,024 members gets a message within a minute, and the next within seconds', async () => {
  const fixture = await startFixture({ sendDeadline: 60_000 })
  onTestFinished(() => fixture.stop())
  const { id } = await pairedDevice(fixture)
  const members = Array.from({ length: 1_023 }, (_, index) => String(6_281_300_000_000 + index))
  const { jid } = await fixture.sandbox.addGroup({ subject: 'Semua', addressing: 'lid', members })
  // Of this process alone: what the machine does besides is not the message's fault.
  const cpuMs = async (text: string): Promise<number> => {
    const before = process.cpuUsage()
    expect((await sendText(fixture.devices, id, jid, text)).outcome.result).toBe('acknowledged')
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }
  // The practice WhatsApp's part is in it, which makes a thousand phones for the first.
  expect(await cpuMs('dingin')).toBeLessThan(60_000)
  expect(await cpuMs('hangat')).toBeLessThan(2_000)
  expect(fixture.sandbox.inbox(jid).map((message) => message.members.length)).toEqual([1_023, 1_023])
  expect(fixture.sandbox.reports()).toEqual([])
}, 240_000)

it('the hash of a group’s devices does not depend on their order', () => {
  const jids = ['62812@s.whatsapp.net', '62812:3@s.whatsapp.net', '1234:2@lid']
  expect(participantHash(jids)).toBe(participantHash(jids.toReversed()))
  expect(participantHash(jids)).toMatch(/^2:[A-Za-z0-9+/]{8}$/)
})
