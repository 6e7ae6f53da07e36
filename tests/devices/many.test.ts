import { afterEach, beforeEach, describe, it } from 'vitest'
import { inState, pairedDevice, startRig, until } from './rig.ts'
import type { Rig } from './rig.ts'

const count = 8

let rig: Rig
let ids: string[]
beforeEach(async () => {
  rig = await startRig()
  const numbers = Array.from({ length: count }, (_, index) => String(6285500000900 + index))
  ids = (await Promise.all(numbers.map((number) => pairedDevice(rig, number)))).map(({ id }) => id)
}, 60_000)
afterEach(() => rig.stop())

const allConnected = () => Promise.all(ids.map((id) => until(rig.devices, id, inState('connected'))))

describe('many devices', () => {
  it('are all back after a restart', async () => {
    await rig.restart()
    await allConnected()
  })

  it('leave no socket, timer or listener behind over reconnects', async () => {
    for (let round = 0; round < 6; round++) {
      rig.devices.reconnectAll('network')
      await allConnected()
    }
    // Two ends of a socket each, and two timers of Baileys' own, one of them for the half minute after a
    // pairing. What else times out by itself, within ten seconds, is waited for.
    const expected = { sockets: 2 * count, timers: 2 * count }
    await until(rig.devices, ids[0] ?? '', () => isAtMost(held(), expected), 50_000)
  }, 90_000)
})

interface Held {
  sockets: number
  timers: number
}

/** What the process holds open; the one timer that waits here is not counted. */
function held(): Held {
  const resources = process.getActiveResourcesInfo()
  return {
    sockets: resources.filter((kind) => kind === 'TCPSocketWrap').length,
    timers: resources.filter((kind) => kind === 'Timeout').length - 1,
  }
}

function isAtMost(found: Held, expected: Held): boolean {
  return found.sockets <= expected.sockets && found.timers <= expected.timers
}
