import { afterEach, beforeEach, expect, it } from 'vitest'
import { Devices } from '../../src-main/devices/devices.ts'
import { scanWhenOffered, silentLog, startFixture, until, type Fixture } from './devices-fixture.ts'

const dayMs = 24 * 60 * 60_000
let fixture: Fixture
let now = Date.now()

beforeEach(async () => {
  now = Date.now()
  fixture = await startFixture({ maxDevices: () => 6, now: () => now })
})
afterEach(() => fixture.stop())

/** Devices of another WhatsApp Web endpoint, as real ones are: here it is the practice WhatsApp. */
function customDevices(): Devices {
  return new Devices({
    database: fixture.database,
    cipher: fixture.cipher,
    log: silentLog,
    sandbox: () => null,
    whatsappUrl: fixture.sandbox.url,
    extraCertificates: [fixture.sandbox.certificate],
    getMessage: () => undefined,
  })
}

it('takes as many devices as the setting allows, and one more once one was removed', async () => {
  const add = (n: number) =>
    fixture.devices.add({ kind: 'sandbox', number: `62855000001${n}0`, name: `${n}` })
  const outcomes = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6, 7].map(add))
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  )
  expect(refused).toHaveLength(2)
  expect(refused[0]).toMatchObject({ code: 'too_many_devices' })
  expect(fixture.devices.list()).toHaveLength(6)
  await fixture.devices.remove(fixture.devices.list()[0]?.id ?? '')
  await add(8)
})

it('pairs three real phones at a time, goes on with those, and takes the next once one has ended', async () => {
  const devices = customDevices()
  try {
    const ids: string[] = []
    for (const n of [1, 2, 3, 4]) {
      ids.push((await devices.add({ kind: 'custom', number: `62855000002${n}0`, name: `${n}` })).id)
    }
    const [first = '', second = '', third = '', fourth = ''] = ids
    for (const id of [first, second, third]) await devices.pair(id, 'qr')
    await expect(devices.pair(fourth, 'qr')).rejects.toMatchObject({ code: 'too_many_pairings' })
    await devices.pair(first, 'qr')
    await devices.cancelPairing(second)
    await until(devices, second, ({ state }) => state.name === 'unpaired')
    await devices.pair(fourth, 'qr')
    expect(devices.get(fourth)?.state.name).toBe('pairing')
  } finally {
    await devices.stop()
  }
})

it('removes what was never paired a day after it was added, and nothing else', async () => {
  const unused = await fixture.devices.add({ kind: 'sandbox', number: '6285500000310', name: 'Unused' })
  const linked = await fixture.devices.add({ kind: 'sandbox', number: '6285500000320', name: 'Linked' })
  await fixture.devices.pair(linked.id, 'qr')
  await scanWhenOffered(fixture, linked.id, '6285500000320')
  await until(fixture.devices, linked.id, ({ state }) => state.name === 'connected')
  await fixture.devices.logOut(linked.id)
  await until(fixture.devices, linked.id, ({ paired }) => !paired)
  now += dayMs - 1_000
  const young = await fixture.devices.add({ kind: 'sandbox', number: '6285500000330', name: 'Young' })
  await fixture.restart()
  expect(
    fixture.devices
      .list()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['Linked', 'Unused', 'Young'])
  now += 2_000
  await fixture.restart()
  expect(fixture.devices.get(unused.id)).toBeUndefined()
  expect(fixture.devices.get(young.id)).toBeDefined()
  expect(fixture.devices.get(linked.id)).toBeDefined()
})
