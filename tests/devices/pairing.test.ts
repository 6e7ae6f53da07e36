import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Device } from '../../src-main/devices/device.ts'
import { Client } from '../sandbox/client.ts'
import { inState, pairedDevice, scanWhenOffered, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const own = '6285500000000'
const recipient = '6281234567890@s.whatsapp.net'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(() => fixture.stop())

/** Baileys' own timer from one QR to the next, which takes more than two minutes for all, runs at once. */
function qrsPassQuickly(): () => void {
  const timer = globalThis.setTimeout
  const spy = vi.spyOn(globalThis, 'setTimeout')
  spy.mockImplementation(((work: () => void, ms: number) =>
    timer(work, work.name === 'genPairQR' ? 1 : ms)) as typeof setTimeout)
  return () => spy.mockRestore()
}

/** The next QR comes when what is answered is called, instead of after a minute. */
function holdNextQr(): () => void {
  const timer = globalThis.setTimeout
  let next: (() => void) | null = null
  const spy = vi.spyOn(globalThis, 'setTimeout')
  spy.mockImplementation(((work: () => void, ms: number) => {
    if (work.name !== 'genPairQR') return timer(work, ms)
    next = work
    return timer(() => {}, 0)
  }) as typeof setTimeout)
  return () => {
    spy.mockRestore()
    next?.()
  }
}

describe('pairing by QR', () => {
  it('needs nothing but the scan, restart included, and the device sends', async () => {
    const { id, paired, number } = await pairedDevice(fixture)
    expect({ paired, number }).toEqual({ paired: true, number: own })
    const { outcome } = await sendText(fixture.devices, id, recipient, 'Halo')
    expect(outcome.result).toBe('acknowledged')
    expect(fixture.sandbox.inbox()).toMatchObject([{ text: 'Halo', to: '6281234567890' }])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('begins with nothing of an earlier pairing, even where the disk did not let that go', async () => {
    const { id } = await pairedDevice(fixture)
    const takesAgain = diskRefuses('DELETE FROM session_keys')
    await expect(fixture.devices.logOut(id)).rejects.toThrow('the disk is full')
    takesAgain()
    await expect(expectNoKeys(id)).rejects.toThrow()
    await fixture.devices.pair(id, 'qr')
    await until(fixture.devices, id, inState('pairing'))
    await expectNoKeys(id)
  })

  it('says until when the QR can be scanned', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'qr')
    const { state } = await until(
      fixture.devices,
      id,
      ({ state }) => state.name === 'pairing' && state.qr !== null,
    )
    const left = state.name === 'pairing' && state.qr !== null ? state.qr.expiresAt - Date.now() : 0
    expect(left).toBeGreaterThan(50_000)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  it('learns the number of a device that has none', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: null, name: 'Kasir' })
    await fixture.devices.pair(id, 'qr')
    await scanWhenOffered(fixture, id, own)
    expect((await until(fixture.devices, id, inState('connected'))).number).toBe(own)
    expect(fixture.devices.byNumber(own)?.id).toBe(id)
  })

  it('by another phone than the device is named after fails and says so', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'qr')
    const scanned = scanWhenOffered(fixture, id, '6285500000001')
    await expect(scanned).rejects.toMatchObject({ code: 'client_declined' })
    const device = await until(fixture.devices, id, inState('unpaired'))
    expect(device).toMatchObject({ state: { reason: 'wrong_phone' }, paired: false, number: own })
    await expectNoKeys(id)
  })

  it('of a device whose row the disk does not take ends with it', async () => {
    const takesAgain = diskRefuses('INSERT INTO devices')
    const adding = fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    const { id } = fixture.devices.byNumber(own) ?? { id: '' }
    await Promise.all([expect(adding).rejects.toThrow('the disk is full'), fixture.devices.pair(id, 'code')])
    takesAgain()
    const later = await fixture.devices.add({ kind: 'sandbox', number: '6285500000001', name: 'Kasir' })
    await fixture.devices.pair(later.id, 'code')
    await until(fixture.devices, later.id, ({ state }) => state.name === 'pairing' && state.code !== null)
    expect(fixture.sandbox.waitingForCode(own)).toBe(false)
  })

  it('by a phone that is another device here fails and says so', async () => {
    await pairedDevice(fixture, own)
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: null, name: 'Twin' })
    await fixture.devices.pair(id, 'qr')
    void scanWhenOffered(fixture, id, own).catch(() => {})
    const device = await until(fixture.devices, id, inState('unpaired'))
    expect(device).toMatchObject({ state: { reason: 'number_taken' }, number: null })
    expect(fixture.devices.byNumber(own)?.state.name).toBe('connected')
  })

  it('whose credentials the disk does not take fails and says so, and works the next time', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'qr')
    const takesAgain = diskRefuses('INSERT INTO session_credentials')
    await expect(scanWhenOffered(fixture, id, own)).rejects.toMatchObject({ code: 'client_declined' })
    const device = await until(fixture.devices, id, inState('unpaired'))
    expect(device).toMatchObject({ state: { reason: 'keys_not_saved' }, paired: false })
    await expectNoKeys(id)
    takesAgain()
    await fixture.devices.pair(id, 'qr')
    await scanWhenOffered(fixture, id, own)
    await until(fixture.devices, id, inState('connected'))
  })

  it('that is not scanned before the QRs run out has expired', async () => {
    const shown = new Set<string>()
    fixture.devices.onChange.add(({ state }) => {
      if (state.name === 'pairing' && state.qr !== null) shown.add(state.qr.text)
    })
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    const atTheirPace = qrsPassQuickly()
    await fixture.devices.pair(id, 'qr')
    const device = await until(fixture.devices, id, inState('unpaired'))
    atTheirPace()
    expect(device.state).toEqual({ name: 'unpaired', reason: 'pairing_expired' })
    expect(shown.size).toBe(6)
    await expectNoKeys(id)
    await fixture.devices.pair(id, 'qr')
    await scanWhenOffered(fixture, id, own)
    await until(fixture.devices, id, inState('connected'))
  })

  it.each(['notification', 'iq'] as const)(
    'of an account that demands a passkey, by %s, says exactly that, and shows no further QR',
    async (by) => {
      const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
      fixture.sandbox.fault({ kind: 'passkey', by })
      await fixture.devices.pair(id, 'qr')
      void scanWhenOffered(fixture, id, own).catch(() => {})
      const device = await until(fixture.devices, id, inState('unpaired'))
      expect(device.state).toEqual({ name: 'unpaired', reason: 'passkey_required' })
      await expectNoKeys(id)
    },
  )

  it('can be cancelled, leaves nothing behind, and works the next time', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'qr')
    await until(fixture.devices, id, ({ state }) => state.name === 'pairing' && state.qr !== null)
    await fixture.devices.cancelPairing(id)
    expect(fixture.devices.get(id)?.state).toEqual({ name: 'unpaired', reason: null })
    await expectNoKeys(id)
    await fixture.devices.pair(id, 'qr')
    await scanWhenOffered(fixture, id, own)
    await until(fixture.devices, id, inState('connected'))
  })

  it('that runs is not begun again: the QR stays the same', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'qr')
    const offered = await until(
      fixture.devices,
      id,
      ({ state }) => state.name === 'pairing' && state.qr !== null,
    )
    await fixture.devices.pair(id, 'qr')
    expect(fixture.devices.get(id)?.state).toEqual(offered.state)
  })
})

describe('a QR whose secret WhatsApp retires', () => {
  /** What is on the screen, once it is another QR than `before`. */
  const shown = async (id: string, before: { text: string } | null = null) => {
    const isNew = ({ state }: Device): boolean =>
      state.name === 'pairing' && state.qr !== null && state.qr.text !== before?.text
    const { state } = await until(fixture.devices, id, isNew)
    if (state.name !== 'pairing' || state.qr === null) throw new Error('there is no QR')
    return state.qr
  }
  const fieldsOf = ({ text }: { text: string }): string[] => text.split(',')

  it('before it is scanned is drawn anew at once, and the phone that scans it is linked', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'qr')
    const first = await shown(id)
    fixture.sandbox.fault({ kind: 'refresh', qr: first.text })
    const second = await shown(id, first)
    // The same reference and keys, for as long as before, with another secret of 32 bytes.
    expect(fieldsOf(second).with(3, '')).toEqual(fieldsOf(first).with(3, ''))
    expect(Buffer.from(fieldsOf(second)[3] ?? '', 'base64')).toHaveLength(32)
    expect(second.expiresAt).toBe(first.expiresAt)
    await expect(fixture.sandbox.scan(first.text, own)).rejects.toMatchObject({ code: 'qr_retired' })
    await fixture.sandbox.scan(second.text, own)
    await until(fixture.devices, id, inState('connected'))
    expect((await sendText(fixture.devices, id, recipient, 'Halo')).outcome.result).toBe('acknowledged')
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('just after it was scanned is drawn anew, and has to be scanned again', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    fixture.sandbox.fault({ kind: 'refresh' })
    await fixture.devices.pair(id, 'qr')
    const first = await shown(id)
    await expect(fixture.sandbox.scan(first.text, own)).rejects.toMatchObject({ code: 'qr_retired' })
    const second = await shown(id, first)
    await fixture.sandbox.scan(second.text, own)
    await until(fixture.devices, id, inState('connected'))
    await until(await fixture.restart(), id, inState('connected'))
  })

  it('stays replaced in every later QR', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    const seen: string[] = []
    fixture.devices.onChange.add(({ state }) => {
      if (state.name === 'pairing' && state.qr !== null && !seen.includes(state.qr.text))
        seen.push(state.qr.text)
    })
    // Baileys' own timer from one QR to the next, held until the secret was replaced.
    const nextQr = holdNextQr()
    await fixture.devices.pair(id, 'qr')
    const first = await shown(id)
    fixture.sandbox.fault({ kind: 'refresh' })
    const second = await shown(id, first)
    nextQr()
    const third = await shown(id, second)
    expect(fieldsOf(third)[3]).toBe(fieldsOf(second)[3])
    expect(fieldsOf(third)[0]).not.toBe(fieldsOf(second)[0])
    await fixture.sandbox.scan(third.text, own)
    await until(fixture.devices, id, inState('connected'))
    expect(new Set(seen.map((text) => text.split(',')[3])).size).toBe(2)
  })

  it('is not linked by an answer under the old secret', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'qr')
    const first = await shown(id)
    // The server does not know what was shown, and sends on what the phone has made of the old QR.
    fixture.sandbox.fault({ kind: 'refresh' })
    await shown(id, first)
    await expect(fixture.sandbox.scan(first.text, own)).rejects.toMatchObject({ code: 'client_declined' })
    const device = await until(fixture.devices, id, inState('unpaired'))
    expect(device).toMatchObject({ paired: false, state: { reason: 'pairing_refused' } })
    await expectNoKeys(id)
  })

  it('does not end a pairing by code, whose secret is another', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'code')
    const { state } = await until(
      fixture.devices,
      id,
      ({ state }) => state.name === 'pairing' && state.code !== null,
    )
    fixture.sandbox.fault({ kind: 'refresh' })
    await fixture.sandbox.enterCode(state.name === 'pairing' ? (state.code?.text ?? '') : '', own)
    await until(fixture.devices, id, inState('connected'))
  })

  it('links no unmodified Baileys, which goes on showing it', async () => {
    const client = new Client(fixture.sandbox)
    client.connect()
    await client.until(() => client.qr !== null)
    fixture.sandbox.fault({ kind: 'refresh' })
    await expect(fixture.sandbox.scan(client.qr ?? '', own)).rejects.toMatchObject({ code: 'qr_retired' })
    await client.close()
  })
})

describe('pairing by code', () => {
  /** It is shown once the server has taken it, so that it can be typed at once. */
  const typed = (code: string): Promise<void> => fixture.sandbox.enterCode(code, own)

  const offeredCode = async (id: string): Promise<string> => {
    const { state } = await until(
      fixture.devices,
      id,
      ({ state }) => state.name === 'pairing' && state.code !== null,
    )
    if (state.name !== 'pairing' || state.code === null) throw new Error('there is no code')
    expect(state.code.expiresAt).toBeGreaterThan(Date.now() + 100_000)
    return state.code.text
  }

  it('shows eight characters, and connects when they are typed into the phone', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'code')
    const code = await offeredCode(id)
    expect(code).toMatch(/^[0-9A-Z]{8}$/)
    await typed(code)
    await until(fixture.devices, id, inState('connected'))
    expect((await sendText(fixture.devices, id, recipient, 'Halo')).outcome.result).toBe('acknowledged')
    await until(await fixture.restart(), id, inState('connected'))
  })

  it('can be asked for while a QR is shown', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'qr')
    await until(fixture.devices, id, ({ state }) => state.name === 'pairing' && state.qr !== null)
    await fixture.devices.pair(id, 'code')
    await typed(await offeredCode(id))
    await until(fixture.devices, id, inState('connected'))
  })

  it.each([
    [400, 'code_refused'],
    [429, 'code_rate_limited'],
  ] as const)('that WhatsApp refuses with %i shows no code, and says so: %s', async (code, reason) => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    const codes: string[] = []
    fixture.devices.onChange.add(({ state }) => {
      if (state.name === 'pairing' && state.code !== null) codes.push(state.code.text)
    })
    fixture.sandbox.fault({ kind: 'code-refused', code })
    await fixture.devices.pair(id, 'code')
    const device = await until(fixture.devices, id, inState('unpaired'))
    expect(device.state).toEqual({ name: 'unpaired', reason })
    expect(codes).toEqual([])
    await expectNoKeys(id)
    await fixture.devices.pair(id, 'code')
    await typed(await offeredCode(id))
    await until(fixture.devices, id, inState('connected'))
  })

  it('that is not finished leaves no credentials that would be refused at the next start', async () => {
    const { id } = await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
    await fixture.devices.pair(id, 'code')
    await offeredCode(id)
    const devices = await fixture.restart()
    await expectNoKeys(id)
    expect(devices.get(id)).toMatchObject({ paired: false, state: { name: 'unpaired', reason: null } })
    await devices.pair(id, 'qr')
    await scanWhenOffered(fixture, id, own)
    await until(devices, id, inState('connected'))
    expect(fixture.sandbox.reports()).toEqual([])
  })
})

describe('pairing again', () => {
  it('after a logout from the phone keeps id, name and number', async () => {
    const { id } = await pairedDevice(fixture)
    fixture.sandbox.fault({ kind: 'close', code: 401 })
    const out = await until(fixture.devices, id, inState('unpaired'))
    expect(out).toMatchObject({ state: { reason: 'logged_out' }, paired: false, number: own })
    await expectNoKeys(id)
    await fixture.devices.pair(id, 'qr')
    await scanWhenOffered(fixture, id, own)
    const again = await until(fixture.devices, id, inState('connected'))
    expect(again).toMatchObject({ id, name: `Phone ${own}`, number: own, paired: true })
    expect((await sendText(fixture.devices, id, recipient, 'Lagi')).outcome.result).toBe('acknowledged')
    expect(fixture.sandbox.inbox().at(-1)?.text).toBe('Lagi')
  })

  it('is refused while the device is connected', async () => {
    const { id } = await pairedDevice(fixture)
    await expect(fixture.devices.pair(id, 'qr')).rejects.toMatchObject({ code: 'device_connected' })
  })
})

describe('logging out here', () => {
  it('unlinks the device and wipes its keys', async () => {
    const { id } = await pairedDevice(fixture)
    await fixture.devices.logOut(id)
    expect(fixture.devices.get(id)).toMatchObject({
      state: { name: 'unpaired', reason: 'by_operator' },
      paired: false,
      number: own,
    })
    await expectNoKeys(id)
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('and removing leaves no row', async () => {
    const { id } = await pairedDevice(fixture)
    await fixture.devices.remove(id)
    expect(fixture.devices.list()).toEqual([])
    await expectNothing(id)
  })

  it('and removing leaves no row, whatever else is asked of the device meanwhile', async () => {
    const { id } = await pairedDevice(fixture)
    const removing = fixture.devices.remove(id)
    const asked: Promise<unknown>[] = []
    while (fixture.devices.get(id) !== undefined) {
      const orders = [
        fixture.devices.rename(id, 'Another'),
        fixture.devices.pair(id, 'qr'),
        fixture.devices.logOut(id),
      ]
      asked.push(Promise.allSettled(orders))
      await new Promise(setImmediate)
    }
    await removing
    await Promise.all(asked)
    await expectNothing(id)
    await fixture.restart()
    expect(fixture.devices.list()).toEqual([])
    await pairedDevice(fixture)
  })

  it('and removing is ended before the devices have stopped', async () => {
    const { id } = await pairedDevice(fixture)
    const removing = fixture.devices.remove(id)
    await fixture.devices.stop()
    // As the program does it next.
    const write = fixture.database.write.bind(fixture.database)
    fixture.database.write = () => Promise.reject(new Error('nothing new is written'))
    await removing.finally(() => {
      fixture.database.write = write
    })
    await expectNothing(id)
  })

  it('and removing can be done again where the disk did not take it', async () => {
    const { id } = await pairedDevice(fixture)
    const takesAgain = diskRefuses('DELETE FROM devices')
    await expect(fixture.devices.remove(id)).rejects.toThrow('the disk is full')
    expect(fixture.devices.get(id)).toMatchObject({
      paired: false,
      state: { name: 'unpaired', reason: 'by_operator' },
    })
    takesAgain()
    await fixture.devices.pair(id, 'qr')
    await until(fixture.devices, id, inState('pairing'))
    await fixture.devices.remove(id)
    await expectNothing(id)
  })
})

it('adds a device whole or not at all', async () => {
  const wanted = { kind: 'sandbox', number: own, name: 'Kasir' } as const
  const takesAgain = diskRefuses('INSERT INTO device_events')
  await expect(fixture.devices.add(wanted)).rejects.toThrow('the disk is full')
  expect(fixture.devices.list()).toEqual([])
  takesAgain()
  const { id } = await fixture.devices.add(wanted)
  expect(fixture.devices.history(id, { limit: 5 })).toMatchObject([{ state: 'unpaired', reason: null }])
})

it('refuses what cannot be', async () => {
  await fixture.devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
  await expect(fixture.devices.add({ kind: 'sandbox', number: own, name: 'Twin' })).rejects.toMatchObject({
    code: 'device_number_taken',
  })
  await expect(fixture.devices.add({ kind: 'custom', number: null, name: 'Other' })).rejects.toMatchObject({
    code: 'device_kind_unavailable',
  })
  await expect(fixture.devices.pair('nobody', 'qr')).rejects.toMatchObject({ code: 'device_not_found' })
  const { id } = await fixture.devices.add({ kind: 'sandbox', number: null, name: 'Nameless' })
  await expect(fixture.devices.pair(id, 'code')).rejects.toMatchObject({ code: 'pairing_failed' })
  await expect(fixture.devices.connect(id)).rejects.toMatchObject({ code: 'sender_not_paired' })
})

/** Statements with these words fail, until what is answered is called. */
function diskRefuses(words: string): () => void {
  const { database } = fixture
  const statement = database.statement.bind(database)
  database.statement = ((sql: string) => {
    if (sql.includes(words)) throw new Error('the disk is full')
    return statement(sql)
  }) as never
  return () => {
    database.statement = statement
  }
}

async function expectNothing(id: string): Promise<void> {
  await expectNoKeys(id)
  for (const table of ['devices', 'device_events']) {
    expect(fixture.database.statement(`SELECT * FROM ${table}`).all()).toEqual([])
  }
}

async function expectNoKeys(id: string): Promise<void> {
  await fixture.database.write(() => {})
  for (const table of ['session_keys', 'session_credentials']) {
    const { count } = fixture.database
      .statement<{ count: number }>(`SELECT count(*) AS count FROM ${table} WHERE device_id = ?`)
      .get(id) ?? { count: -1 }
    expect({ table, count }).toEqual({ table, count: 0 })
  }
}
