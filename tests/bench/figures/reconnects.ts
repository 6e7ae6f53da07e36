import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { Caller, inParallel } from '../caller.ts'
import { cpuOf } from '../child.ts'
import type { Figure } from '../figure.ts'
import { startKurir, type Kurir } from '../kurir.ts'
import { contacts, deviceNumbers, startPractice, type Practice } from '../practice.ts'
import { databaseName } from '../../../src-main/storage/backup/finish-restore.ts'
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
    const fresh = await party(practice, 300)
    const old = await party(practice, 301)
    await fresh.send(count)
    await old.send(count)
    await reconnect(practice, old)
    say(`reconnected ${reconnects} times`)
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
    const times = connections(old.folder) - 1
    if (times < reconnects) throw new Error(`only ${times} reconnects`)
    return [
      {
        name: 'reconnects_100',
        samples: ratios(cost.old, cost.fresh),
        sides: [
          { label: 'fresh', unit: 'ms', samples: cost.fresh },
          { label: 'after 100 reconnects', unit: 'ms', samples: cost.old },
        ],
        notes: [`CPU time of the whole program, user and system; ${times} reconnects.`],
      },
    ]
  },
}

interface Party {
  kurir: Kurir
  folder: string
  deviceId: string
  number: string
  /** Answers CPU milliseconds a message. */
  send(count: number): Promise<number>
}

async function party(practice: Practice, at: number): Promise<Party> {
  const [number = ''] = deviceNumbers(1, at)
  const seeded = await seedFolder(await practice.accounts([number]))
  const kurir = await startKurir(seeded, practice)
  return {
    kurir,
    folder: seeded.folder,
    deviceId: seeded.deviceIds[0] ?? '',
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

/** Each time the line is closed, and the operator has the device tried again at once where it waits. */
async function reconnect(practice: Practice, { kurir, number, deviceId }: Party): Promise<void> {
  const caller = new Caller(kurir.port)
  const connect = await openBridge(kurir.window ?? '', deviceId)
  for (let time = 0; time < reconnects; time++) {
    await practice.fault({ kind: 'close', code: 515, number })
    await pause(30)
    // Not pressed again at once: dialling takes a moment on a busy machine.
    for (let look = 0; !(await isConnected(caller)); look++) {
      if (look % 50 === 0) connect()
      await pause(20)
    }
  }
  caller.close()
}

async function isConnected(caller: Caller): Promise<boolean> {
  const { body } = await caller.get('/health')
  return (JSON.parse(body) as { devices: { connected: number } }).devices.connected === 1
}

/** The window's own way to the program; answers what presses "connect now". */
async function openBridge(window: string, deviceId: string): Promise<() => void> {
  const { host, hash } = new URL(window)
  const socket = new WebSocket(`ws://${host}/bridge`)
  await once(socket, 'open')
  socket.send(JSON.stringify({ token: hash.slice('#token='.length) }))
  let id = 0
  return () => socket.send(JSON.stringify({ id: id++, call: 'devices.connect', request: { id: deviceId } }))
}

/** How often its device was connected since it was seeded, by its own history. */
function connections(folder: string): number {
  const database = new DatabaseSync(join(folder, databaseName), { readOnly: true })
  const row = database.prepare("SELECT count(*) AS many FROM device_events WHERE state = 'connected'").get()
  database.close()
  return Number(row?.['many'])
}
