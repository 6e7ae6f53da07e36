import { afterEach, beforeEach, expect, it } from 'vitest'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const own = '6285500000000'
const number = '6281234567890'
const recipient = `${number}@s.whatsapp.net`

let fixture: Fixture
let id: string
beforeEach(async () => {
  fixture = await startFixture()
  ;({ id } = await pairedDevice(fixture, own))
})
afterEach(() => fixture.stop())

/** The largest record of a kind, in bytes. */
function largest(type: string): number {
  const row = fixture.database
    .statement<{ bytes: number }>(
      'SELECT max(length(sealed)) AS bytes FROM session_keys WHERE device_id = ? AND type = ?',
    )
    .get(id, type)
  return row?.bytes ?? 0
}

async function say(text: string, jid = recipient): Promise<void> {
  const { outcome } = await sendText(fixture.devices, id, jid, text)
  expect(outcome.result).toBe('acknowledged')
  await until(fixture.devices, id, () => fixture.sandbox.inbox().some((message) => message.text === text))
}

it('a session is no longer for a long conversation, which is read to its end', async () => {
  const turn = async (round: number): Promise<void> => {
    await say(`question ${round}`)
    await fixture.sandbox.write(number, own, `answer ${round}`)
  }
  for (let round = 0; round < 10; round++) await turn(round)
  const early = largest('session')
  for (let round = 10; round < 40; round++) await turn(round)
  expect(largest('session')).toBeLessThan(early * 1.2)
  expect(fixture.sandbox.reports()).toEqual([])
})

it('asking for a recipient’s devices again begins no other session', async () => {
  await say('first')
  const early = largest('session')
  for (let round = 0; round < 6; round++) {
    // What is remembered of devices is in memory only.
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    await say(`again ${round}`)
  }
  expect(largest('session')).toBeLessThan(early * 1.2)
  expect(fixture.sandbox.reports()).toEqual([])
})

it('a group’s own key is no longer for many messages', async () => {
  const group = '120363000000000001@g.us'
  for (let index = 0; index < 10; index++) await say(`early ${index}`, group)
  const early = largest('sender-key')
  for (let index = 0; index < 40; index++) await say(`late ${index}`, group)
  expect(largest('sender-key')).toBeLessThan(early * 1.2)
  expect(fixture.sandbox.reports()).toEqual([])
})
