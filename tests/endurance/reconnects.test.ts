import { readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { inState, pairedDevice, sendText, startFixture, until } from '../devices/devices-fixture.ts'

const rounds = Number(process.env['KURIR_RECONNECTS'] ?? 1_000)
const recipient = '6281234567890@s.whatsapp.net'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

interface Held {
  /** Megabytes that are reachable. */
  heap: number
  sockets: number
  timers: number
  /** Open descriptors, where /proc tells. */
  descriptors: number
}

/** What the process holds once everything that times out by itself (within 12 s) has done so. */
async function settled(): Promise<Held> {
  await pause(12_500)
  collectGarbage()
  await pause(100)
  collectGarbage()
  const resources = process.getActiveResourcesInfo()
  return {
    heap: process.memoryUsage().heapUsed / 1e6,
    sockets: resources.filter((kind) => kind === 'TCPSocketWrap').length,
    timers: resources.filter((kind) => kind === 'Timeout').length,
    descriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0,
  }
}

it(`holds nothing more after ${rounds} reconnects, and every message is read`, async () => {
  const fixture = await startFixture()
  const { id } = await pairedDevice(fixture)
  const round = async (text: string): Promise<void> => {
    fixture.devices.reconnectAll('network')
    await until(fixture.devices, id, inState('connected'))
    expect((await sendText(fixture.devices, id, recipient, text)).outcome.result).toBe('acknowledged')
  }
  for (let count = 0; count < 100; count++) await round(`warm ${count}`)
  await pause(30_000)
  const before = await settled()
  for (let count = 0; count < rounds; count++) await round(`round ${count}`)
  const after = await settled()
  console.log({ rounds, before, after })
  expect(after.sockets).toBe(before.sockets)
  expect(after.timers).toBeLessThanOrEqual(before.timers)
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
  // A socket that was kept would weigh some 200 kB: a thousand of them two hundred megabytes.
  expect(after.heap - before.heap).toBeLessThan(15)
  expect(fixture.sandbox.reports()).toEqual([])
  await fixture.stop()
}, 3_600_000)
