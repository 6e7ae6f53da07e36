import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'
import { sessionKeysTables } from '../../src-main/devices/session-keys/session-keys-table.ts'

const recipient = '6281234567890@s.whatsapp.net'

let fixture: Fixture
let id: string
beforeEach(async () => {
  fixture = await startFixture()
  ;({ id } = await pairedDevice(fixture))
})
afterEach(() => fixture.stop())

/** The next write of session keys fails, as on a full disk; the answer tells whether it has. */
function failNextKeyWrite(): () => boolean {
  const { database } = fixture
  const statement = database.statement.bind(database)
  let failed = false
  database.statement = ((sql: string) => {
    if (!failed && sql.includes('INSERT INTO session_keys')) {
      failed = true
      throw new Error('the disk is full')
    }
    return statement(sql)
  }) as never
  return () => failed
}

/** The connection was made anew, and the recipient reads what comes next. */
async function goesOnWithout(lost: string): Promise<void> {
  await until(fixture.devices, id, inState('connected'))
  const reasons = fixture.devices.history(id, { limit: 20 }).map(({ reason }) => reason)
  expect(reasons).toContain('keys_not_saved')
  expect((await sendText(fixture.devices, id, recipient, 'three')).outcome.result).toBe('acknowledged')
  const texts = fixture.sandbox.inbox().map(({ text }) => text)
  expect(texts).not.toContain(lost)
  expect(texts).toEqual(['one', 'three'])
  expect(fixture.sandbox.reports()).toEqual([])
}

describe('a write of session keys that fails', () => {
  it('lets nothing leave, closes the session, and the next message is read', async () => {
    await sendText(fixture.devices, id, recipient, 'one')
    const hasFailed = failNextKeyWrite()
    const { outcome } = await sendText(fixture.devices, id, recipient, 'two')
    expect(hasFailed()).toBe(true)
    expect(['unknown', 'not_sent']).toContain(outcome.result)
    expect(fixture.sandbox.inbox().map(({ text }) => text)).toEqual(['one'])
    await goesOnWithout('two')
  })

  it('to a cold contact does the same', async () => {
    await fixture.devices.lookUp(id, ['6281234567890'])
    failNextKeyWrite()
    expect((await sendText(fixture.devices, id, recipient, 'one')).outcome.result).not.toBe('acknowledged')
    await until(fixture.devices, id, inState('connected'))
    expect((await sendText(fixture.devices, id, recipient, 'two')).outcome.result).toBe('acknowledged')
    expect(fixture.sandbox.inbox().map(({ text }) => text)).toEqual(['two'])
  })
})

describe('a message whose row is being written', () => {
  async function sendWritten(text: string, written: () => Promise<void>) {
    const message = await fixture.devices.compose(id, { kind: 'text', text })
    const outgoing = { messageId: fixture.devices.newMessageId(id), jid: recipient, message, written }
    return fixture.devices.send(id, outgoing)
  }

  it('does not leave before the row is on the disk', async () => {
    await sendText(fixture.devices, id, recipient, 'one')
    const asked = Promise.withResolvers<void>()
    const written = Promise.withResolvers<void>()
    const sending = sendWritten('two', () => {
      asked.resolve()
      return written.promise
    })
    await asked.promise
    await pause(300)
    expect(fixture.sandbox.inbox().map(({ text }) => text)).toEqual(['one'])
    written.resolve()
    expect((await sending).result).toBe('acknowledged')
    expect(fixture.sandbox.inbox().map(({ text }) => text)).toEqual(['one', 'two'])
  })

  it('never leaves where the row could not be written, and the next one is read', async () => {
    await sendText(fixture.devices, id, recipient, 'one')
    const outcome = await sendWritten('two', () => Promise.reject(new Error('the disk is full')))
    expect(outcome.result).not.toBe('acknowledged')
    await goesOnWithout('two')
  })
})

it('keeps nothing readable in the tables that backups leave out', async () => {
  await sendText(fixture.devices, id, recipient, 'one')
  for (const table of sessionKeysTables) {
    const rows = fixture.database.statement<{ sealed: Uint8Array }>(`SELECT sealed FROM ${table}`).all()
    expect(rows.length).toBeGreaterThan(0)
    for (const { sealed } of rows) {
      expect(Buffer.from(sealed).toString('latin1')).not.toMatch(/private|noiseKey|_sessions|rootKey/)
    }
  }
})
