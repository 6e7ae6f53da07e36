import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inState, pairedDevice, sendText, startRig, until } from './rig.ts'
import type { Rig } from './rig.ts'

const number = '6281234567890'
const recipient = `${number}@s.whatsapp.net`

let rig: Rig
let id: string
beforeEach(async () => {
  rig = await startRig()
  ;({ id } = await pairedDevice(rig))
})
afterEach(() => rig.stop())

const texts = (): (string | null)[] => rig.sandbox.inbox().map(({ text }) => text)

async function say(text: string): Promise<void> {
  const { outcome } = await sendText(rig.devices, id, recipient, text)
  expect(outcome.result).toBe('acknowledged')
  await until(rig.devices, id, () => texts().includes(text))
}

/** What is said while the news of a device is still on its way may miss it or be refused; soon nothing is. */
async function saidToAll(text: string): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const reports = rig.sandbox.reports().length
    const { outcome } = await sendText(rig.devices, id, recipient, `${text} ${round}`)
    if (outcome.result === 'acknowledged' && rig.sandbox.reports().length === reports) return
  }
  throw new Error('a device is left out for good')
}

describe('a Signal session', () => {
  it('survives reconnects', async () => {
    for (let round = 0; round < 5; round++) {
      await say(`message ${round}`)
      rig.devices.reconnectAll('network')
      await until(rig.devices, id, inState('connected'))
    }
    expect(texts()).toHaveLength(5)
    expect(rig.sandbox.reports()).toEqual([])
  })

  it('survives that the recipient’s phone is set up anew, announced or not', async () => {
    await say('before')
    await rig.sandbox.changeIdentity(number)
    await say('after')
    await rig.restart()
    await until(rig.devices, id, inState('connected'))
    await rig.sandbox.changeIdentity(number, { quietly: true })
    await sendText(rig.devices, id, recipient, 'unannounced')
    await until(rig.devices, id, () => texts().includes('unannounced'))
    await say('at last')
  })

  it('begins with a recipient who has no pre-keys left', async () => {
    rig.sandbox.exhaustPreKeys(number)
    await say('one')
    await say('two')
  })

  it('reaches all devices of a recipient, and those that come and go', async () => {
    const device = await rig.sandbox.addDevice(number)
    await saidToAll('two devices')
    await rig.sandbox.addDevice(number)
    await saidToAll('three devices')
    await rig.sandbox.removeDevice(number, device)
    await saidToAll('two again')
  })

  it('reads what the recipient answers, before and after a restart', async () => {
    await say('question')
    await rig.sandbox.write(number, '6285500000000', 'answer')
    await say('thanks')
    await rig.restart()
    await until(rig.devices, id, inState('connected'))
    await rig.sandbox.write(number, '6285500000000', 'another')
    await say('thanks again')
    expect(rig.sandbox.reports()).toEqual([])
  })
})

it('own pre-keys that are used up are replaced', async () => {
  await rig.sandbox.useUpPreKeys('6285500000000')
  await until(rig.devices, id, () => rig.sandbox.preKeyCounts('6285500000000').every((count) => count > 0))
  await rig.sandbox.write(number, '6285500000000', 'with a fresh pre-key')
  await say('hello')
})

it('a contact known by LID only is found and written to', async () => {
  await rig.sandbox.setAccount('6285500000000', { lidMigrated: true })
  rig.sandbox.showByLidOnly(number)
  const lookup = (await rig.devices.lookUp(id, [number])).get(number)
  expect(lookup).toMatchObject({ exists: true, jid: expect.stringMatching(/@lid$/) as string })
  const jid = lookup?.exists === true ? lookup.jid : ''
  expect((await sendText(rig.devices, id, jid, 'by LID')).outcome.result).toBe('acknowledged')
  expect(texts()).toEqual(['by LID'])
})

it('the own number gets messages too, with receipts', async () => {
  const kinds: string[] = []
  rig.devices.onReceipt.add(({ kind }) => kinds.push(kind))
  const { outcome } = await sendText(rig.devices, id, '6285500000000@s.whatsapp.net', 'note')
  expect(outcome.result).toBe('acknowledged')
})
