import { afterEach, beforeEach, describe, it } from 'vitest'
import { inState, pairedDevice, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const count = 8

let fixture: Fixture
let ids: string[]
beforeEach(async () => {
  fixture = await startFixture()
  const numbers = Array.from({ length: count }, (_, index) => String(6285500000900 + index))
  ids = (await Promise.all(numbers.map((number) => pairedDevice(fixture, number)))).map(({ id }) => id)
}, 60_000)
afterEach(() => fixture.stop())

const allConnected = () => Promise.all(ids.map((id) => until(fixture.devices, id, inState('connected'))))

describe('many devices', () => {
  it('are all back after a restart', async () => {
    await fixture.restart()
    await allConnected()
  })

  it('leave no socket, timer or listener behind over reconnects', async () => {
    for (let round = 0; round < 6; round++) {
      fixture.devices.reconnectAll('network')
      await allConnected()
    }
    // Two ends of a socket each, and two timers of Baileys' own, one of them for the half minute after a
    // pairing. What else times out by itself, within ten seconds, is waited for.
    const expected = { sockets: 2 * count, timers: 2 * count }
    await until(fixture.devices, ids[0] ?? '', () => isAtMost(held(), expected), 50_000)
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
