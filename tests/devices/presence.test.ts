import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Client } from '../sandbox/client.ts'
import { springTraits } from '../sandbox/spring-traits.ts'
import { inState, pairedDevice, sendText, startRig, until } from './rig.ts'
import type { Rig } from './rig.ts'

const own = '6285500000000'
const recipient = '6281234567890@s.whatsapp.net'

let rig: Rig
beforeEach(async () => {
  // Its phone tells nothing by itself, so that a name is learned where the test says.
  rig = await startRig({}, { accountTraits: springTraits, history: false })
})
afterEach(() => rig.stop())

const neverOnline = { online: false, phoneMuted: false, timesOnline: 0 }

/** The server has handled everything that the client sent before: it acknowledges a message. */
async function settled(id: string): Promise<void> {
  expect((await sendText(rig.devices, id, recipient, 'Halo')).outcome.result).toBe('acknowledged')
}

/** The companions' pre-keys run out: the client makes more, and its credentials change. */
async function preKeysRunOut(): Promise<void> {
  await rig.sandbox.useUpPreKeys(own)
  await expect.poll(() => Math.min(...rig.sandbox.preKeyCounts(own)), { timeout: 20_000 }).toBeGreaterThan(0)
}

describe('contacts never see the account online, and its phone goes on notifying', () => {
  it('for a business account, whose name comes with the link, and at each reconnect', async () => {
    const { id } = await pairedDevice(rig, own)
    await settled(id)
    expect(rig.sandbox.appearance(own)).toMatchObject({ ...neverOnline, name: `Practice ${own}` })
    await until(await rig.restart(), id, inState('connected'))
    await settled(id)
    expect(rig.sandbox.appearance(own)).toMatchObject(neverOnline)
  })

  it('when the credentials change because pre-keys were made', async () => {
    const { id } = await pairedDevice(rig, own)
    await preKeysRunOut()
    await preKeysRunOut()
    await settled(id)
    expect(rig.sandbox.appearance(own)).toMatchObject(neverOnline)
  })

  it('for a consumer account without a name, until and after it learns the name from a message of its phone', async () => {
    await rig.sandbox.setAccount(own, { consumer: true })
    const { id } = await pairedDevice(rig, own)
    await preKeysRunOut()
    await settled(id)
    expect(rig.sandbox.appearance(own)).toEqual({ ...neverOnline, name: null })
    await rig.sandbox.write(own, own, 'a note to myself')
    // Told as unavailable, so that contacts see the name.
    await expect.poll(() => rig.sandbox.appearance(own).name, { timeout: 20_000 }).toBe(`Practice ${own}`)
    await preKeysRunOut()
    await settled(id)
    expect(rig.sandbox.appearance(own)).toMatchObject(neverOnline)
    await until(await rig.restart(), id, inState('connected'))
    await preKeysRunOut()
    await settled(id)
    expect(rig.sandbox.appearance(own)).toMatchObject({ ...neverOnline, name: `Practice ${own}` })
  })
})

it('an unmodified Baileys is shown online as soon as its credentials change, as on the real server', async () => {
  const client = new Client(rig.sandbox)
  await client.pair(own)
  await preKeysRunOut()
  await expect
    .poll(() => rig.sandbox.appearance(own), { timeout: 20_000 })
    .toMatchObject({
      online: true,
      phoneMuted: true,
    })
  await client.close()
  await expect.poll(() => rig.sandbox.appearance(own).online).toBe(false)
})
