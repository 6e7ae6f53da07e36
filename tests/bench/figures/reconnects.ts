import { setTimeout as pause } from 'node:timers/promises'
import { Caller, inParallel } from '../caller.ts'
import { cpuOf } from '../child.ts'
import type { Figure } from '../figure.ts'
import { allConnected, startKurir, type Kurir } from '../kurir.ts'
import { contacts, deviceNumbers, startPractice, type Practice } from '../practice.ts'
import { seedFolder } from '../seeding.ts'
import { Callers } from '../sending.ts'
import { ratios, rounded } from '../statistics.ts'

const reconnects = 100
const people = contacts(20, 200)

/** What a message costs in a program whose device has reconnected a hundred times, beside one that has not. */
export const reconnecting: Figure = {
  names: ['reconnects_100'],
  measure: async ({ rounds, quick, say }) => {
    const practice = await startPractice()
    const count = quick ? 500 : 1_000
    const [fresh, old] = await Promise.all([party(practice, 300), party(practice, 301)])
    await fresh.send(count)
    await old.send(count)
    await reconnect(practice, old)
    const cost = { fresh: [] as number[], old: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      cost.fresh.push(await fresh.send(count))
      cost.old.push(await old.send(count))
      say(
        `ms CPU a message: fresh ${rounded(cost.fresh.at(-1) ?? 0)}, after ${rounded(cost.old.at(-1) ?? 0)}`,
      )
    }
    await Promise.all([fresh.kurir.stop(), old.kurir.stop()])
    await practice.stop()
    return [
      {
        name: 'reconnects_100',
        samples: ratios(cost.old, cost.fresh),
        sides: [
          { label: 'fresh', unit: 'ms', samples: cost.fresh },
          { label: 'after 100 reconnects', unit: 'ms', samples: cost.old },
        ],
        notes: ['CPU time of the whole program, user and system.'],
      },
    ]
  },
}

interface Party {
  kurir: Kurir
  number: string
  /** Answers CPU milliseconds a message. */
  send(count: number): Promise<number>
}

async function party(practice: Practice, at: number): Promise<Party> {
  const [number = ''] = deviceNumbers(1, at)
  const kurir = await startKurir(await seedFolder(await practice.accounts([number])), practice)
  return {
    kurir,
    number,
    send: async (count) => {
      const callers = new Callers(kurir)
      const before = cpuOf(kurir.pid)
      await inParallel(8, count, (index) => callers.send(number, people[index % people.length] ?? ''))
      callers.close()
      return (cpuOf(kurir.pid) - before) / count
    },
  }
}

/** By 515, after which a device comes back at once. */
async function reconnect(practice: Practice, { kurir, number }: Party): Promise<void> {
  const caller = new Caller(kurir.port)
  for (let time = 0; time < reconnects; time++) {
    await practice.fault({ kind: 'close', code: 515, number })
    while ((await connected(caller)) === 1) await pause(2)
    await allConnected(kurir.port, 1)
  }
  caller.close()
}

async function connected(caller: Caller): Promise<number> {
  const { body } = await caller.get('/health')
  return (JSON.parse(body) as { devices: { connected: number } }).devices.connected
}
