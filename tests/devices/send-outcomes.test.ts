import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { outcomeOf, outcomeOfFailure } from '../../src-main/devices/connection/sending/send-outcome.ts'
import type { Receipt } from '../../src-main/devices/connection/sending/outgoing.ts'
import { boom } from './boom.ts'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const jid = (number: string): string => `${number}@s.whatsapp.net`
const ordinary = jid('6281234567890')

describe('a send', () => {
  let fixture: Fixture
  let id: string
  beforeEach(async () => {
    fixture = await startFixture()
    ;({ id } = await pairedDevice(fixture))
  })
  afterEach(() => fixture.stop())

  const send = async (to: string, text = 'Halo') => (await sendText(fixture.devices, id, to, text)).outcome

  it('is acknowledged only by the server’s own word, however late', async () => {
    fixture.sandbox.fault({ kind: 'slow', ms: 300 })
    const began = performance.now()
    expect(await send(ordinary)).toMatchObject({ result: 'acknowledged', at: expect.any(Number) as number })
    expect(performance.now() - began).toBeGreaterThanOrEqual(290)
  })

  const codes: Record<number, string> = { 463: 'contact_locked', 475: 'new_chat_quota_used' }

  it.each([463, 479, 475, 400, 404, 500])('that is answered with %i is refused', async (code) => {
    // 479 says that the devices named are old: they are asked for anew, and the message goes once more.
    fixture.sandbox.fault({ kind: 'ack-error', code, count: code === 479 ? 2 : 1 })
    expect(await send(ordinary)).toMatchObject({
      result: 'refused',
      code: codes[code] ?? 'refused_by_whatsapp',
      whatsappCode: code,
    })
    expect(fixture.sandbox.inbox()).toEqual([])
    expect((await send(ordinary, 'next')).result).toBe('acknowledged')
  })

  it('to a number that is not on WhatsApp names no recipient, and the own phone gets no copy', async () => {
    expect(await send(jid('6285500000100'))).toMatchObject({ result: 'refused', code: 'no_recipient_device' })
    expect((await send(ordinary, 'next')).result).toBe('acknowledged')
  })

  it('to a group that is not there, or that the device is not in, is refused at once', async () => {
    expect(await send('120363000000009999@g.us')).toMatchObject({
      result: 'refused',
      code: 'refused_by_whatsapp',
      whatsappCode: 404,
    })
    expect((await send('120363000000000001@g.us')).result).toBe('acknowledged')
  })

  it('to a group whose members are not told has not left', async () => {
    fixture.sandbox.fault({ kind: 'query-silence' })
    const outcome = send('120363000000000001@g.us')
    await new Promise((resolve) => setTimeout(resolve, 100))
    fixture.sandbox.fault({ kind: 'close', code: 408 })
    expect((await outcome).result).toBe('not_sent')
  })

  it('whose line is cut instead of an acknowledgement may have arrived', async () => {
    fixture.sandbox.fault({ kind: 'drop' })
    expect((await send(ordinary)).result).toBe('unknown')
    expect(fixture.sandbox.inbox()).toHaveLength(1)
  })

  it('to a newsletter whose line is cut may have arrived, too, though nothing is encrypted for it', async () => {
    fixture.sandbox.fault({ kind: 'drop' })
    expect((await send(fixture.sandbox.newsletter.jid)).result).toBe('unknown')
    expect(fixture.sandbox.inbox()).toHaveLength(1)
  })

  it('that is sent again under its id after that is read once', async () => {
    fixture.sandbox.fault({ kind: 'drop' })
    const message = await fixture.devices.compose(id, { kind: 'text', text: 'once' })
    const messageId = fixture.devices.newMessageId(id)
    const outgoing = { messageId, jid: ordinary, message }
    expect((await fixture.devices.send(id, outgoing)).result).toBe('unknown')
    await until(fixture.devices, id, inState('connected'))
    expect((await fixture.devices.send(id, outgoing)).result).toBe('acknowledged')
    expect(fixture.sandbox.inbox().map(({ id, text }) => [id, text])).toEqual([[messageId, 'once']])
  })

  it('whose line is cut before the server looks at it may have arrived, for all that is known here', async () => {
    fixture.sandbox.fault({ kind: 'lose' })
    expect((await send(ordinary)).result).toBe('unknown')
    await until(fixture.devices, id, inState('connected'))
    expect((await send(ordinary, 'next')).result).toBe('acknowledged')
    expect(fixture.sandbox.inbox().map(({ text }) => text)).toEqual(['next'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('to a cold contact whose line goes during the device query has not left', async () => {
    fixture.sandbox.fault({ kind: 'query-silence' })
    const outcome = send(ordinary)
    await new Promise((resolve) => setTimeout(resolve, 100))
    fixture.sandbox.fault({ kind: 'close', code: 408 })
    expect((await outcome).result).toBe('not_sent')
    expect(fixture.sandbox.inbox()).toEqual([])
  })

  it('to a cold contact hangs no longer than the connection when a stream error comes', async () => {
    fixture.sandbox.fault({ kind: 'query-silence' })
    const outcome = send(ordinary)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const began = performance.now()
    fixture.sandbox.fault({ kind: 'close', code: 503 })
    expect((await outcome).result).toBe('not_sent')
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  it('whose device query is never answered has not left, and nothing goes to the own phone alone', async () => {
    fixture.sandbox.fault({ kind: 'query-silence' })
    expect(await send(ordinary)).toMatchObject({ result: 'not_sent' })
    expect(fixture.sandbox.inbox()).toEqual([])
    expect((await send(ordinary, 'next')).result).toBe('acknowledged')
  }, 30_000)

  it('that is never acknowledged is unknown after its deadline, and others go on', async () => {
    await until(await fixture.restart({ sendDeadline: 2_000 }), id, inState('connected'))
    expect((await send(jid('6285500000300'))).result).toBe('unknown')
    expect((await send(ordinary, 'next')).result).toBe('acknowledged')
  }, 30_000)

  it('is not held up by another whose recipient’s devices are slow to be learned', async () => {
    await send(ordinary, 'warm')
    fixture.sandbox.fault({ kind: 'query-silence' })
    const cold = send(jid('6281200000002'), 'cold')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await Promise.race([send(ordinary, 'quick'), cold])).result).toBe('acknowledged')
    fixture.sandbox.fault({ kind: 'close', code: 408 })
    expect((await cold).result).toBe('not_sent')
  })

  it('can be one of many at a time, and all are read', async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => String(6281200000100 + index))
    const outcomes = await Promise.all(numbers.map((number) => send(jid(number), `to ${number}`)))
    expect(outcomes.every(({ result }) => result === 'acknowledged')).toBe(true)
    await Promise.all(numbers.map((number) => send(jid(number), `again to ${number}`)))
    expect(fixture.sandbox.inbox()).toHaveLength(24)
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('while disconnected has not left', async () => {
    fixture.sandbox.fault({ kind: 'close', code: 440 })
    const message = await fixture.devices.compose(id, { kind: 'text', text: 'x' })
    await until(fixture.devices, id, inState('stopped'))
    const outcome = await fixture.devices.send(id, { messageId: 'A', jid: ordinary, message })
    expect(outcome.result).toBe('not_sent')
    expect(await fixture.devices.send('nobody', { messageId: 'A', jid: ordinary, message })).toMatchObject({
      result: 'not_sent',
    })
  })

  it('is not held up by its predecessor’s silence after the connection is back', async () => {
    fixture.sandbox.fault({ kind: 'query-silence' })
    const outcome = send(ordinary)
    await new Promise((resolve) => setTimeout(resolve, 100))
    fixture.sandbox.fault({ kind: 'close', code: 515 })
    await outcome
    await until(fixture.devices, id, inState('connected'))
    const began = performance.now()
    expect((await send(jid('6281200000001'), 'next')).result).toBe('acknowledged')
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('is followed by the receipts of its recipient', async () => {
    const receipts: Receipt[] = []
    fixture.devices.onReceipt.add((receipt) => receipts.push(receipt))
    const { messageId } = await sendText(fixture.devices, id, ordinary, 'Halo')
    await until(fixture.devices, id, () => receipts.some(({ kind }) => kind === 'read'))
    expect(receipts.map(({ deviceId, messageIds, kind }) => [deviceId, messageIds, kind])).toEqual([
      [id, [messageId], 'delivered'],
      [id, [messageId], 'read'],
    ])
  })

  it('that its recipient cannot read is served again from the rows, also after a restart', async () => {
    const kept = new Map<string, Uint8Array>()
    const devices = await fixture.restart({ getMessage: (_deviceId, { id }) => kept.get(id) })
    await until(devices, id, inState('connected'))
    const message = await devices.compose(id, { kind: 'text', text: 'again' })
    const messageId = devices.newMessageId(id)
    kept.set(messageId, message)
    fixture.sandbox.fault({ kind: 'retry' })
    expect((await devices.send(id, { messageId, jid: ordinary, message })).result).toBe('acknowledged')
    await until(devices, id, () => fixture.sandbox.inbox().some(({ text }) => text === 'again'))
    expect(fixture.sandbox.inbox()).toHaveLength(1)
  })

  it('learns of a bar on new contacts, and of its end', async () => {
    const end = Date.now() + 60 * 60 * 1_000
    fixture.sandbox.setTimeLock(true, end)
    const locked = await until(fixture.devices, id, ({ timeLock }) => timeLock !== null)
    expect(locked.timeLock?.until).toBe(Math.floor(end / 1_000) * 1_000)
    // It outlasts the program, so that the next start does not try a new contact first.
    const devices = await fixture.restart()
    expect(devices.get(id)?.timeLock).toEqual(locked.timeLock)
    await until(devices, id, inState('connected'))
    fixture.sandbox.setTimeLock(false)
    await until(devices, id, ({ timeLock }) => timeLock === null)
  })

  it('takes a bar whose end no date can tell for one that names none', async () => {
    fixture.sandbox.setTimeLock(true, 8_640_000_000_001_000)
    await until(fixture.devices, id, ({ timeLock }) => timeLock !== null)
    expect(fixture.devices.get(id)?.timeLock).toEqual({ until: null })
  })

  it('learns at its next start of an end that came while it was away', async () => {
    fixture.sandbox.setTimeLock(true, Date.now() + 60 * 60 * 1_000)
    await until(fixture.devices, id, ({ timeLock }) => timeLock !== null)
    await fixture.devices.stop()
    fixture.sandbox.setTimeLock(false)
    const devices = await fixture.restart()
    await until(devices, id, ({ state, timeLock }) => state.name === 'connected' && timeLock === null)
  })

  it('asks again about a bar that names no end', async () => {
    await fixture.devices.stop()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const devices = await fixture.restart()
    await until(devices, id, inState('connected'))
    fixture.sandbox.setTimeLock(true)
    await sendText(devices, id, jid('6285500000200'), 'x')
    await until(devices, id, ({ timeLock }) => timeLock !== null && timeLock.until === null)
    fixture.sandbox.setTimeLock(false, null, { quietly: true })
    vi.advanceTimersByTime(10 * 60_000)
    await until(devices, id, ({ timeLock }) => timeLock === null)
  })

  it('refused with 463 asks whether all new contacts are barred', async () => {
    fixture.sandbox.setTimeLock(true, Date.now() + 60_000)
    await until(fixture.devices, id, ({ timeLock }) => timeLock !== null)
    await fixture.devices.stop()
    await fixture.database.write(() => {
      fixture.database.statement('UPDATE devices SET time_locked = 0, time_lock_until = NULL').run()
    })
    const devices = await fixture.restart()
    await until(devices, id, inState('connected'))
    expect(devices.get(id)?.timeLock).toBeNull()
    const { outcome } = await sendText(devices, id, jid('6285500000200'), 'x')
    expect(outcome).toMatchObject({ result: 'refused', code: 'contact_locked', whatsappCode: 463 })
    await until(devices, id, ({ timeLock }) => timeLock !== null)
  })
})

describe('what Baileys rejects with', () => {
  it.each([
    ['a bare close code', 1006, false, 'not_sent'],
    ['a bare close code after the encryption', 1006, true, 'unknown'],
    ['an Error', new Error('Connection Closed'), false, 'not_sent'],
    ['a Boom after the encryption', boom(408, 'Timed Out'), true, 'unknown'],
    ['nothing', undefined, true, 'unknown'],
  ] as const)('%s', (_what, error, mayHaveLeft, result) => {
    expect(outcomeOfFailure(error, { mayHaveLeft }).result).toBe(result)
  })

  it('failing to encrypt for every device is final', () => {
    const error = boom(500, 'All encryptions failed')
    expect(outcomeOfFailure(error, { mayHaveLeft: true })).toMatchObject({ code: 'encryption_failed' })
  })

  it('an acknowledgement without a time came now', () => {
    const now = (): number => 42
    expect(outcomeOf({ error: null, at: null }, ordinary, now)).toEqual({
      result: 'acknowledged',
      at: 42,
    })
  })
})
