import { expect, it } from 'vitest'
import { jidOf } from '../../src-main/sandbox/accounts/sandbox-numbers.ts'
import { eventually } from '../support/program.ts'
import { inState, scanWhenOffered, sendText, startFixture, until } from './devices-fixture.ts'

const shop = '6285500000000'
const knownContacts = Array.from({ length: 100 }, (_, index) => String(6_285_500_010_000 + index))
const strangers = Array.from({ length: 200 }, (_, index) => String(6_285_500_020_000 + index))
const senders = 4

it('a shop of autumn 2026 sends a day’s 300 receipts: all acknowledged, none refused, never shown online', async () => {
  const fixture = await startFixture()
  const { sandbox, devices } = fixture
  const tokenAt = Math.floor(Date.now() / 1_000)
  await sandbox.preparePhone(shop, { contacts: knownContacts.map((number) => ({ number, tokenAt })) })
  // Linked by QR, whose secret is retired while it is shown.
  const { id } = await devices.add({ kind: 'sandbox', number: shop, name: 'Shop' })
  await devices.pair(id, 'qr')
  const shown = await until(devices, id, ({ state }) => state.name === 'pairing' && state.qr !== null)
  const first = shown.state.name === 'pairing' ? shown.state.qr?.text : undefined
  sandbox.fault({ kind: 'refresh', ...(first === undefined ? {} : { qr: first }) })
  await until(devices, id, ({ state }) => state.name === 'pairing' && state.qr?.text !== first)
  await scanWhenOffered(fixture, id, shop)
  await until(devices, id, inState('connected'))

  const recipients = [...strangers, ...knownContacts]
  const waiting = recipients.entries()
  await Promise.all(
    Array.from({ length: senders }, async () => {
      for (const [index, number] of waiting) {
        const { outcome } = await sendText(devices, id, jidOf(number), `Receipt ${index}`)
        expect(outcome, number).toMatchObject({ result: 'acknowledged' })
      }
    }),
  )

  expect(sandbox.refusals()).toEqual([])
  await eventually(() => sandbox.inbox(null, 1_000).length === recipients.length)
  const inbox = sandbox.inbox(null, 1_000)
  expect(new Set(inbox.map(({ to }) => to)).size).toBe(recipients.length)
  expect(inbox.filter(({ ownCopy }) => !ownCopy)).toEqual([])
  expect(sandbox.appearance(shop)).toMatchObject({ online: false, timesOnline: 0 })
  expect(sandbox.reports()).toEqual([])
  await fixture.stop()
}, 180_000)
