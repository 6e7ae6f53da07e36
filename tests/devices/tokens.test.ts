import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { jidOf } from '../../src-main/sandbox/accounts/sandbox-numbers.ts'
import { isIssueDue, isTokenValid } from '../../src-main/devices/tokens/token-age.ts'
import { eventually } from '../support/program.ts'
import { rigTest } from './fixture-test.ts'
import { inState, pairedDevice, sendText, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'

const number = '6285500000000'
const stranger = '6285500000500'
const known = '6285500000600'
const week = 7 * 24 * 60 * 60
const now = (): number => Math.floor(Date.now() / 1_000)

// A message that waits for a salt in vain takes eight seconds: the tests wait at the same time.
const it = rigTest().extend<{ sandbox: Sandbox }>({
  sandbox: async ({ fixture }, use) => {
    await fixture.sandbox.setAccount(number, { tokensDemanded: true })
    await use(fixture.sandbox)
  },
})

const send = async (fixture: Fixture, id: string, to: string, text = 'Halo') =>
  (await sendText(fixture.devices, id, jidOf(to), text)).outcome

/** The history and the settings have been read. */
const settled = (sandbox: Sandbox): Promise<unknown> => eventually(() => sandbox.unconfirmed(number) === 0)

describe.concurrent('a device that is linked to an account where tokens are demanded', () => {
  it('writes to a stranger at once: its first message waits for the salt that the phone sends', async ({
    fixture,
    sandbox,
  }) => {
    await sandbox.preparePhone(number, { saltPlaces: 'history' })
    const { id } = await pairedDevice(fixture)
    expect(await send(fixture, id, stranger)).toMatchObject({ result: 'acknowledged' })
    expect(sandbox.reports()).toEqual([])
    await settled(sandbox)
  })

  it('is refused with 463 without a salt, says that a token is missing, and asks for no time-lock', async ({
    fixture,
    sandbox,
  }) => {
    await sandbox.preparePhone(number, { saltPlaces: 'none' })
    const { id } = await pairedDevice(fixture)
    // In force, but nobody has said so.
    sandbox.setTimeLock(true, null, { quietly: true })
    expect(await send(fixture, id, stranger)).toMatchObject({
      result: 'refused',
      code: 'contact_locked',
      whatsappCode: 463,
      reason: expect.stringContaining('token') as string,
    })
    await pause(300)
    expect(fixture.devices.get(id)?.timeLock).toBeNull()
  }, 40_000)

  it('asks for the time-lock where it has a token and is refused all the same', async ({
    fixture,
    sandbox,
  }) => {
    const { id } = await pairedDevice(fixture)
    sandbox.setTimeLock(true, null, { quietly: true })
    expect(await send(fixture, id, stranger)).toMatchObject({ result: 'refused', code: 'contact_locked' })
    await until(fixture.devices, id, ({ timeLock }) => timeLock !== null)
  })

  it('writes to a known contact with the token of its history, as long as that is valid', async ({
    fixture,
    sandbox,
  }) => {
    const bucket = Math.floor(now() / week) * week
    await sandbox.preparePhone(number, {
      saltPlaces: 'none',
      contacts: [
        { number: known, tokenAt: bucket - 3 * week },
        { number: stranger, tokenAt: bucket - 3 * week - 1 },
      ],
    })
    const { id } = await pairedDevice(fixture)
    await settled(sandbox)
    expect(await send(fixture, id, known)).toMatchObject({ result: 'acknowledged' })
    // Too old: it is not even tried.
    expect(await send(fixture, id, stranger)).toMatchObject({ result: 'refused', whatsappCode: 463 })
    expect(sandbox.reports()).toEqual([])
  }, 40_000)

  it('prefers the contact’s own token, and makes one of the salt where that has grown too old', async ({
    fixture,
    sandbox,
  }) => {
    await sandbox.preparePhone(number, { contacts: [{ number: known, tokenAt: now() - 6 * week }] })
    const { id } = await pairedDevice(fixture)
    await settled(sandbox)
    expect(await send(fixture, id, known)).toMatchObject({ result: 'acknowledged' })
    expect(sandbox.reports()).toEqual([])
  })

  it('keeps the token of whoever writes, under the LID, and uses it', async ({ fixture, sandbox }) => {
    await sandbox.preparePhone(number, { saltPlaces: 'none' })
    const { id } = await pairedDevice(fixture)
    await settled(sandbox)
    await sandbox.giveToken(stranger, number)
    const kept = fixture.database.statement(
      `SELECT 1 FROM session_keys WHERE device_id = ? AND type = 'tctoken' AND id = ?`,
    )
    await eventually(() => kept.get(id, jidOf(stranger, 0, 'lid')) !== undefined)
    expect(await send(fixture, id, stranger)).toMatchObject({ result: 'acknowledged' })
  }, 40_000)

  it('follows the salt: what app state says counts for more than the history, and a REMOVE ends it', async ({
    fixture,
    sandbox,
  }) => {
    const { id } = await pairedDevice(fixture)
    await settled(sandbox)
    expect(await send(fixture, id, stranger)).toMatchObject({ result: 'acknowledged' })
    const asked = (): number => sandbox.appStateAsked(number).length
    let before = asked()
    await sandbox.changeSalt(number, randomBytes(32))
    await eventually(() => asked() > before)
    await eventually(async () => (await send(fixture, id, '6285500000501')).result === 'acknowledged')
    before = asked()
    await sandbox.changeSalt(number, null)
    await eventually(() => asked() > before)
    await eventually(async () => (await send(fixture, id, '6285500000502')).result === 'refused')
    // The second collection of the news was heeded, the address book left alone.
    expect(new Set(sandbox.appStateAsked(number))).toEqual(new Set(['critical_block', 'regular_high']))
  }, 40_000)

  it('asks for app state again when the server calls it dirty', async ({ fixture, sandbox }) => {
    await pairedDevice(fixture)
    await settled(sandbox)
    await eventually(() => sandbox.appStateAsked(number).length >= 2)
    const before = sandbox.appStateAsked(number).length
    sandbox.markAppStateDirty(number)
    await eventually(() => sandbox.appStateAsked(number).length === before + 2)
  })

  it('learns names, mappings and timers of the history, and knows them after a restart', async ({
    fixture,
    sandbox,
  }) => {
    await sandbox.preparePhone(number, {
      contacts: [{ number: known, tokenAt: now(), expirationSeconds: 86_400 }],
    })
    const { id } = await pairedDevice(fixture)
    await settled(sandbox)
    const rows = (type: string): string[] =>
      fixture.database
        .statement<{ id: string }>('SELECT id FROM session_keys WHERE device_id = ? AND type = ?')
        .all(id, type)
        .map((row) => row.id)
    await eventually(() => rows('lid-mapping').includes(known))
    const timers = fixture.database.statement('SELECT * FROM chat_timers WHERE device_id = ?')
    await eventually(() => timers.all(id).length > 0)
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    expect(await send(fixture, id, stranger)).toMatchObject({ result: 'acknowledged' })
    expect(await send(fixture, id, known)).toMatchObject({ result: 'acknowledged' })
    expect(sandbox.reports()).toEqual([])
  })

  it('keeps salt and tokens sealed: neither lies in the database in the clear', async ({
    fixture,
    sandbox,
  }) => {
    const salt = randomBytes(32)
    await sandbox.changeSalt(number, salt)
    await sandbox.preparePhone(number, { contacts: [{ number: known, tokenAt: now() }] })
    const { id } = await pairedDevice(fixture)
    await settled(sandbox)
    expect(await send(fixture, id, stranger)).toMatchObject({ result: 'acknowledged' })
    const { sealed } = fixture.database
      .statement<{ sealed: Uint8Array }>(
        `SELECT sealed FROM session_keys WHERE device_id = ? AND type = 'nct-salt'`,
      )
      .get(id) as { sealed: Uint8Array }
    expect(sealed.length).toBeGreaterThan(0)
    for (const row of fixture.database.statement('SELECT * FROM session_keys').all()) {
      const bytes = Buffer.from((row as { sealed: Uint8Array }).sealed)
      for (const secret of [salt, salt.toString('base64'), `token of ${known}`]) {
        expect(bytes.includes(secret)).toBe(false)
      }
    }
  })
})

describe.concurrent('the own token', () => {
  it('is given to a contact once a week, and again with its old time when the contact’s phone is another', async ({
    fixture,
    sandbox,
  }) => {
    const { id } = await pairedDevice(fixture)
    await settled(sandbox)
    const issuedAt = now() - 3
    await send(fixture, id, stranger)
    await eventually(() => sandbox.issuedTokens(number).length === 1)
    await send(fixture, id, stranger, 'again')
    expect(sandbox.issuedTokens(number)).toHaveLength(1)
    const [first] = sandbox.issuedTokens(number)
    expect(first).toMatchObject({ contact: stranger })
    expect(first?.issuedAt).toBeGreaterThanOrEqual(issuedAt)
    await sandbox.changeIdentity(stranger)
    await eventually(() => sandbox.issuedTokens(number).length === 2)
    expect(sandbox.issuedTokens(number)[1]).toEqual(first)
  })

  it('is not given after a refusal, nor to oneself', async ({ fixture, sandbox }) => {
    const { id } = await pairedDevice(fixture)
    await settled(sandbox)
    sandbox.fault({ kind: 'ack-error', code: 463 })
    await send(fixture, id, stranger)
    await send(fixture, id, number, 'note')
    await pause(300)
    expect(sandbox.issuedTokens(number)).toEqual([])
  })

  test('is due in each week, and a token lasts four', () => {
    const monday = 2_900 * week
    expect(isIssueDue(null, monday)).toBe(true)
    expect(isIssueDue(monday, monday + week - 1)).toBe(false)
    expect(isIssueDue(monday - 1, monday)).toBe(true)
    expect(isTokenValid(monday - 3 * week, monday + week - 1)).toBe(true)
    expect(isTokenValid(monday - 3 * week - 1, monday)).toBe(false)
  })
})

describe.concurrent('a device that was linked by an older version', () => {
  it('says that linking it again is advised, until it has a salt', async ({ fixture, sandbox }) => {
    await sandbox.preparePhone(number, { saltPlaces: 'none' })
    const { id } = await pairedDevice(fixture)
    await settled(sandbox)
    expect(fixture.devices.get(id)?.relinkAdvised).toBe(false)
    await fixture.devices.stop()
    await fixture.database.write(
      () => void fixture.database.statement('UPDATE devices SET makes_tokens = 0').run(),
    )
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    expect(fixture.devices.get(id)?.relinkAdvised).toBe(true)
    await sandbox.changeSalt(number, randomBytes(32))
    await until(fixture.devices, id, ({ relinkAdvised }) => !relinkAdvised)
    expect(await send(fixture, id, stranger)).toMatchObject({ result: 'acknowledged' })
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    expect(fixture.devices.get(id)?.relinkAdvised).toBe(false)
  })
})
