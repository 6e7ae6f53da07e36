import { describe, expect } from 'vitest'
import { eventually } from '../harness/program.ts'
import { Client } from '../sandbox/client.ts'
import { springTraits } from '../sandbox/spring-traits.ts'
import { rigTest } from './rig-test.ts'
import { inState, pairedDevice, sendText, until } from './rig.ts'
import type { Rig } from './rig.ts'

const own = '6285500000000'
const recipient = '6281234567890@s.whatsapp.net'

// Its phone tells nothing by itself, so that a name is learned where the test says. A message to a stranger then waits
// eight seconds for the salt: the tests wait at the same time.
const it = rigTest({}, { accountTraits: springTraits, history: false })

const neverOnline = { online: false, phoneMuted: false, timesOnline: 0 }

/** The server has handled everything that the client sent before: it acknowledges a message. */
async function settled(rig: Rig, id: string): Promise<void> {
  expect((await sendText(rig.devices, id, recipient, 'Halo')).outcome.result).toBe('acknowledged')
}

/** The companions' pre-keys run out: the client makes more, and its credentials change. */
async function preKeysRunOut(rig: Rig): Promise<void> {
  await rig.sandbox.useUpPreKeys(own)
  await eventually(() => Math.min(...rig.sandbox.preKeyCounts(own)) > 0)
}

describe.concurrent('contacts never see the account online, and its phone goes on notifying', () => {
  it('for a business account, whose name comes with the link, and at each reconnect', async ({ rig }) => {
    const { id } = await pairedDevice(rig, own)
    await settled(rig, id)
    expect(rig.sandbox.appearance(own)).toMatchObject({ ...neverOnline, name: `Practice ${own}` })
    await until(await rig.restart(), id, inState('connected'))
    await settled(rig, id)
    expect(rig.sandbox.appearance(own)).toMatchObject(neverOnline)
  })

  it('when the credentials change because pre-keys were made', async ({ rig }) => {
    const { id } = await pairedDevice(rig, own)
    await preKeysRunOut(rig)
    await preKeysRunOut(rig)
    await settled(rig, id)
    expect(rig.sandbox.appearance(own)).toMatchObject(neverOnline)
  })

  it('for a consumer account without a name, until and after it learns the name from a message of its phone', async ({
    rig,
    expect,
  }) => {
    await rig.sandbox.setAccount(own, { consumer: true })
    const { id } = await pairedDevice(rig, own)
    await preKeysRunOut(rig)
    await settled(rig, id)
    expect(rig.sandbox.appearance(own)).toEqual({ ...neverOnline, name: null })
    await rig.sandbox.write(own, own, 'a note to myself')
    // Told as unavailable, so that contacts see the name.
    await expect.poll(() => rig.sandbox.appearance(own).name, { timeout: 20_000 }).toBe(`Practice ${own}`)
    await preKeysRunOut(rig)
    await settled(rig, id)
    expect(rig.sandbox.appearance(own)).toMatchObject(neverOnline)
    await until(await rig.restart(), id, inState('connected'))
    await preKeysRunOut(rig)
    await settled(rig, id)
    expect(rig.sandbox.appearance(own)).toMatchObject({ ...neverOnline, name: `Practice ${own}` })
  })
})

it.concurrent('an unmodified Baileys is shown online as soon as its credentials change, as on the real server', async ({
  rig,
  expect,
}) => {
  const client = new Client(rig.sandbox)
  await client.pair(own)
  await preKeysRunOut(rig)
  await expect
    .poll(() => rig.sandbox.appearance(own), { timeout: 20_000 })
    .toMatchObject({
      online: true,
      phoneMuted: true,
    })
  await client.close()
  await expect.poll(() => rig.sandbox.appearance(own).online).toBe(false)
})
