import { describe, expect } from 'vitest'
import { eventually } from '../support/program.ts'
import { Client } from '../sandbox/client.ts'
import { springTraits } from '../sandbox/spring-traits.ts'
import { rigTest } from './fixture-test.ts'
import { inState, pairedDevice, sendText, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const own = '6285500000000'
const recipient = '6281234567890@s.whatsapp.net'

// Its phone tells nothing by itself, so that a name is learned where the test says. A message to a stranger then waits
// eight seconds for the salt: the tests wait at the same time.
const it = rigTest({}, { accountTraits: springTraits, history: false })

const neverOnline = { online: false, phoneMuted: false, timesOnline: 0 }

/** The server has handled everything that the client sent before: it acknowledges a message. */
async function settled(fixture: Fixture, id: string): Promise<void> {
  expect((await sendText(fixture.devices, id, recipient, 'Halo')).outcome.result).toBe('acknowledged')
}

/** The companions' pre-keys run out: the client makes more, and its credentials change. */
async function preKeysRunOut(fixture: Fixture): Promise<void> {
  await fixture.sandbox.useUpPreKeys(own)
  await eventually(() => Math.min(...fixture.sandbox.preKeyCounts(own)) > 0)
}

describe.concurrent('contacts never see the account online, and its phone goes on notifying', () => {
  it('for a business account, whose name comes with the link, and at each reconnect', async ({ fixture }) => {
    const { id } = await pairedDevice(fixture, own)
    await settled(fixture, id)
    expect(fixture.sandbox.appearance(own)).toMatchObject({ ...neverOnline, name: `Practice ${own}` })
    await until(await fixture.restart(), id, inState('connected'))
    await settled(fixture, id)
    expect(fixture.sandbox.appearance(own)).toMatchObject(neverOnline)
  })

  it('when the credentials change because pre-keys were made', async ({ fixture }) => {
    const { id } = await pairedDevice(fixture, own)
    await preKeysRunOut(fixture)
    await preKeysRunOut(fixture)
    await settled(fixture, id)
    expect(fixture.sandbox.appearance(own)).toMatchObject(neverOnline)
  })

  it('for a consumer account without a name, until and after it learns the name from a message of its phone', async ({
    fixture,
    expect,
  }) => {
    await fixture.sandbox.setAccount(own, { consumer: true })
    const { id } = await pairedDevice(fixture, own)
    await preKeysRunOut(fixture)
    await settled(fixture, id)
    expect(fixture.sandbox.appearance(own)).toEqual({ ...neverOnline, name: null })
    await fixture.sandbox.write(own, own, 'a note to myself')
    // Told as unavailable, so that contacts see the name.
    await expect.poll(() => fixture.sandbox.appearance(own).name, { timeout: 20_000 }).toBe(`Practice ${own}`)
    await preKeysRunOut(fixture)
    await settled(fixture, id)
    expect(fixture.sandbox.appearance(own)).toMatchObject(neverOnline)
    await until(await fixture.restart(), id, inState('connected'))
    await preKeysRunOut(fixture)
    await settled(fixture, id)
    expect(fixture.sandbox.appearance(own)).toMatchObject({ ...neverOnline, name: `Practice ${own}` })
  })
})

it.concurrent('an unmodified Baileys is shown online as soon as its credentials change, as on the real server', async ({
  fixture,
  expect,
}) => {
  const client = new Client(fixture.sandbox)
  await client.pair(own)
  await preKeysRunOut(fixture)
  await expect
    .poll(() => fixture.sandbox.appearance(own), { timeout: 20_000 })
    .toMatchObject({
      online: true,
      phoneMuted: true,
    })
  await client.close()
  await expect.poll(() => fixture.sandbox.appearance(own).online).toBe(false)
})
