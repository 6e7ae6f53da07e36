import { randomUUID } from 'node:crypto'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Caller } from '../caller.ts'
import { startChild, type Child } from '../child.ts'
import type { Effort, Figure, Outcome } from '../figure.ts'
import { freePort, spawnKurir, stopKurir } from '../kurir.ts'
import { deviceNumbers, startPractice, type Practice } from '../practice.ts'
import { fillLog } from '../rows.ts'
import { seedFolder, temporaryFolder, type Seeded } from '../seeding.ts'
import { median, percentile, ratios, rounded } from '../statistics.ts'

const few = 10_000
const reader = join(import.meta.dirname, '..', 'processes', 'log-reader.ts')

/** A long log beside a short one: reading a page, searching, and starting with it. */
export const longLog: Figure = {
  names: ['log_page', 'log_search', 'start'],
  measure: async (effort) => {
    const rows = effort.quick ? 100_000 : 1_000_000
    const practice = await startPractice()
    const accounts = await practice.accounts(deviceNumbers(10, 600))
    const began = performance.now()
    const long = await seedFolder(accounts, (database, ids) => fillLog(database, ids, rows))
    effort.say(`${rows} rows written in ${Math.round((performance.now() - began) / 1_000)} s`)
    const starts = await starting(effort, long, practice)
    await practice.stop()
    return [...(await reading(effort, long, rows)), withNote(starts, `${rows.toLocaleString('en')} rows.`)]
  },
}

async function reading(effort: Effort, long: Seeded, rows: number): Promise<Outcome[]> {
  const ids = Array.from({ length: 10 }, () => randomUUID())
  const short = await seedFolder([], (database) => fillLog(database, ids, few))
  // Without its devices, which are the start's to measure.
  const copy = temporaryFolder()
  cpSync(long.folder, copy, { recursive: true })
  const [inLong, inShort] = await Promise.all(
    [copy, short.folder].map((folder) => startChild<number>(reader, { folder })),
  )
  if (inLong === undefined || inShort === undefined) throw new Error('no readers')
  const outcomes: Outcome[] = []
  for (const ask of ['page', 'search'] as const) {
    outcomes.push(await readings(effort, ask, { long: inLong.child, short: inShort.child }, rows))
  }
  await Promise.all([inLong.child.stop(), inShort.child.stop()])
  return outcomes
}

async function readings(
  { rounds, quick, say }: Effort,
  ask: 'page' | 'search',
  { long, short }: { long: Child; short: Child },
  rows: number,
): Promise<Outcome> {
  const count = quick ? 200 : 400
  const took = { long: [] as number[], short: [] as number[] }
  const p99: number[] = []
  for (const child of [short, long]) await child.ask<number[]>({ ask, count: 200, from: 0 })
  for (let round = 0; round < rounds; round++) {
    const question = { ask, count, from: 1_000 * (round + 1) }
    took.short.push(mean(await short.ask<number[]>(question)))
    const times = await long.ask<number[]>(question)
    took.long.push(mean(times))
    p99.push(percentile(times, 99))
    say(
      `${ask}, ms: ${few} ${rounded(took.short.at(-1) ?? 0)}, ${rows} ${rounded(took.long.at(-1) ?? 0)}, p99 ${rounded(p99.at(-1) ?? 0)}`,
    )
  }
  return {
    name: `log_${ask}`,
    samples: ratios(took.long, took.short),
    sides: [
      { label: `${few.toLocaleString('en')} rows, mean`, unit: 'ms', samples: took.short },
      { label: `${rows.toLocaleString('en')} rows, mean`, unit: 'ms', samples: took.long },
    ],
    alsoMet: median(p99) <= 10,
    notes: [
      `99th percentile with ${rows.toLocaleString('en')} rows: ${rounded(median(p99))} ms (goal 10 ms).`,
      ask === 'page'
        ? '100 rows from anywhere in the log; a fourth each of all, one device’s, one key’s, and failures.'
        : 'The latest 100 rows of: an invoice’s number, a name, a name and a word, the beginning of a phone number.',
    ],
  }
}

async function starting({ rounds, say }: Effort, long: Seeded, practice: Practice): Promise<Outcome> {
  const took = { empty: [] as number[], long: [] as number[] }
  await start(long, practice)
  for (let round = 0; round < rounds; round++) {
    took.empty.push(await start({ folder: temporaryFolder() }, practice))
    took.long.push(await start(long, practice))
    say(`start, ms: empty ${rounded(took.empty.at(-1) ?? 0)}, long ${rounded(took.long.at(-1) ?? 0)}`)
  }
  return {
    name: 'start',
    samples: ratios(took.long, took.empty),
    sides: [
      { label: 'an empty data folder', unit: 'ms', samples: took.empty },
      { label: 'many rows and 10 devices', unit: 'ms', samples: took.long },
    ],
  }
}

/** From the start of the process to the first answer of the API: milliseconds. */
async function start(seeded: Pick<Seeded, 'folder'>, practice: Practice): Promise<number> {
  const port = await freePort()
  const began = performance.now()
  const child = spawnKurir(seeded, practice, ['--port', String(port)])
  const caller = new Caller(port)
  while ((await caller.get('/health').catch(() => null)) === null) await pause(5)
  const took = performance.now() - began
  caller.close()
  // What is begun behind the start is let happen, so that the stop finds nothing half-way.
  await pause(1_500)
  await stopKurir(child)
  return took
}

function withNote(outcome: Outcome, note: string): Outcome {
  return { ...outcome, notes: [...(outcome.notes ?? []), note] }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
