import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const number = '6281234567890'
const recipient = `${number}@s.whatsapp.net`

let fixture: Fixture
let id: string
beforeEach(async () => {
  fixture = await startFixture()
  ;({ id } = await pairedDevice(fixture))
})
afterEach(() => fixture.stop())

const texts = (): (string | null)[] => fixture.sandbox.inbox().map(({ text }) => text)

async function say(text: string): Promise<void> {
  const { outcome } = await sendText(fixture.devices, id, recipient, text)
  expect(outcome.result).toBe('acknowledged')
  await until(fixture.devices, id, () => texts().includes(text))
}

/** What is said while the news of a device is still on its way may miss it or be refused; soon nothing is. */
async function saidToAll(text: string): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const reports = fixture.sandbox.reports().length
    const { outcome } = await sendText(fixture.devices, id, recipient, `${text} ${round}`)
    if (outcome.result === 'acknowledged' && fixture.sandbox.reports().length === reports) return
  }
  throw new Error('a device is left out for good')
}

describe('a Signal session', () => {
  it('survives reconnects', async () => {
    for (let round = 0; round < 5; round++) {
      await say(`message ${round}`)
      fixture.devices.reconnectAll('network')
      await until(fixture.devices, id, inState('connected'))
    }
    expect(texts()).toHaveLength(5)
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('survives that the recipient’s phone is set up anew, announced or not', async () => {
    await say('before')
    await fixture.sandbox.changeIdentity(number)
    await say('after')
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    await fixture.sandbox.changeIdentity(number, { quietly: true })
    await sendText(fixture.devices, id, recipient, 'unannounced')
    await until(fixture.devices, id, () => texts().includes('unannounced'))
    await say('at last')
  })

  it('begins with a recipient who has no pre-keys left', async () => {
    fixture.sandbox.exhaustPreKeys(number)
    await say('one')
    await say('two')
  })

  it('reaches all devices of a recipient, and those that come and go', async () => {
    const device = await fixture.sandbox.addDevice(number)
    await saidToAll('two devices')
    await fixture.sandbox.addDevice(number)
    await saidToAll('three devices')
    await fixture.sandbox.removeDevice(number, device)
    await saidToAll('two again')
  })

  it('reads what the recipient answers, before and after a restart', async () => {
    await say('question')
    await fixture.sandbox.write(number, '6285500000000', 'answer')
    await say('thanks')
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    await fixture.sandbox.write(number, '6285500000000', 'another')
    await say('thanks again')
    expect(fixture.sandbox.reports()).toEqual([])
  })
})

it('own pre-keys that are used up are replaced', async () => {
  await fixture.sandbox.useUpPreKeys('6285500000000')
  await until(fixture.devices, id, () =>
    fixture.sandbox.preKeyCounts('6285500000000').every((count) => count > 0),
  )
  await fixture.sandbox.write(number, '6285500000000', 'with a fresh pre-key')
  await say('hello')
})

it('a contact known by LID only is found and written to', async () => {
  await fixture.sandbox.setAccount('6285500000000', { lidMigrated: true })
  fixture.sandbox.showByLidOnly(number)
  const lookup = (await fixture.devices.lookUp(id, [number])).get(number)
  expect(lookup).toMatchObject({ exists: true, jid: expect.stringMatching(/@lid$/) as string })
  const jid = lookup?.exists === true ? lookup.jid : ''
  expect((await sendText(fixture.devices, id, jid, 'by LID')).outcome.result).toBe('acknowledged')
  expect(texts()).toEqual(['by LID'])
})

it('the own number gets messages too, with receipts', async () => {
  const kinds: string[] = []
  fixture.devices.onReceipt.add(({ kind }) => kinds.push(kind))
  const { outcome } = await sendText(fixture.devices, id, '6285500000000@s.whatsapp.net', 'note')
  expect(outcome.result).toBe('acknowledged')
})
