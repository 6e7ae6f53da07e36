import { cpuOf } from '../child.ts'
import { startBare, type Bare } from '../bare.ts'
import { inParallel, steadily } from '../caller.ts'
import type { Effort, Figure, Outcome, Side } from '../figure.ts'
import { startKurir, type Kurir } from '../kurir.ts'
import { contacts, deviceNumbers, startPractice } from '../practice.ts'
import { seedFolder } from '../seeding.ts'
import { Callers } from '../sending.ts'
import { median, percentile, ratios, rounded } from '../statistics.ts'

/** Calls at a time: as many as keep a device busy, as several tills of a shop do. */
const tills = 8
const people = contacts(50)

/** One device, from the call to the acknowledgement, beside bare Baileys with keys in memory and in files. */
export const sending: Figure = {
  names: ['throughput', 'throughput_files', 'latency_p50', 'latency_p99'],
  measure: async (effort) => {
    const practice = await startPractice()
    const [inKurir, inMemory, inFiles, cached] = await practice.accounts(deviceNumbers(4))
    if (!inKurir || !inMemory || !inFiles || !cached) throw new Error('no accounts')
    const kurir = await startKurir(await seedFolder([inKurir]), practice)
    const memory = await startBare(practice, inMemory, 'memory')
    const files = await startBare(practice, inFiles, 'files')
    const cachedFiles = await startBare(practice, cached, 'cached files')
    const callers = new Callers(kurir)
    const measured = await measure(effort, {
      kurir,
      callers,
      sender: inKurir.number,
      memory,
      files,
      cachedFiles,
    })
    callers.close()
    await Promise.all([kurir.stop(), memory.child.stop(), files.child.stop(), cachedFiles.child.stop()])
    await practice.stop()
    return measured
  },
}

interface Parties {
  kurir: Kurir
  callers: Callers
  sender: string
  memory: Bare
  files: Bare
  cachedFiles: Bare
}

async function measure(effort: Effort, parties: Parties): Promise<Outcome[]> {
  const { memory, files, cachedFiles } = parties
  const count = effort.quick ? 800 : 1_500
  const rate = {
    kurir: [] as number[],
    memory: [] as number[],
    files: [] as number[],
    cached: [] as number[],
  }
  const cpu = { kurir: [] as number[], memory: [] as number[] }
  // Warm: sessions made, code compiled.
  await throughKurir(parties, 800)
  await memory.send(800, people)
  await files.send(200, people)
  await cachedFiles.send(200, people)
  for (let round = 0; round < effort.rounds; round++) {
    const bare = await memory.send(count, people)
    rate.memory.push((count * 1_000) / bare.ms)
    cpu.memory.push(bare.cpu / count)
    const through = await throughKurir(parties, count)
    rate.kurir.push((count * 1_000) / through.ms)
    cpu.kurir.push(through.cpu / count)
    const inFiles = await files.send(Math.round(count / 2), people)
    rate.files.push((Math.round(count / 2) * 1_000) / inFiles.ms)
    const inCached = await cachedFiles.send(Math.round(count / 2), people)
    rate.cached.push((Math.round(count / 2) * 1_000) / inCached.ms)
    effort.say(`per second: Kurir ${say(rate.kurir)}, memory ${say(rate.memory)}, files ${say(rate.files)}`)
  }
  const side = (label: string, samples: number[], unit = 'messages/s'): Side => ({ label, unit, samples })
  const cpuNote = `CPU a message: Kurir ${rounded(median(cpu.kurir))} ms, bare Baileys ${rounded(median(cpu.memory))} ms.`
  return [
    {
      name: 'throughput',
      samples: ratios(rate.kurir, rate.memory),
      sides: [side('bare Baileys, keys in memory', rate.memory), side('Kurir, API to ack', rate.kurir)],
      notes: [`${tills} calls at a time, 50 warm contacts. ${cpuNote}`],
    },
    {
      name: 'throughput_files',
      samples: ratios(rate.kurir, rate.files),
      sides: [
        side('bare Baileys, keys in files', rate.files),
        side('… behind Baileys’ own cache', rate.cached),
        side('Kurir, API to ack', rate.kurir),
      ],
    },
    ...(await latencies(effort, parties, Math.min(median(rate.memory), median(rate.kurir)) / 2)),
  ]
}

async function latencies(effort: Effort, parties: Parties, perSecond: number): Promise<Outcome[]> {
  const { callers, sender, memory } = parties
  const count = Math.round(perSecond * (effort.quick ? 5 : 10))
  const bare = { p50: [] as number[], p99: [] as number[] }
  const kurir = { p50: [] as number[], p99: [] as number[] }
  for (let round = 0; round < effort.rounds; round++) {
    note(bare, await memory.pace(count, people, perSecond))
    callers.close()
    const send = (index: number): Promise<void> => callers.send(sender, people[index % people.length] ?? '')
    note(kurir, await steadily(perSecond, count, send))
    effort.say(
      `p50 and p99, ms: bare ${say(bare.p50)} ${say(bare.p99)}, Kurir ${say(kurir.p50)} ${say(kurir.p99)}`,
    )
  }
  const notes = [
    `Both at ${rounded(perSecond)} messages/s, half of what the slower of the two can; from when each was due.`,
  ]
  return (['p50', 'p99'] as const).map((which) => ({
    name: `latency_${which}` as const,
    samples: ratios(kurir[which], bare[which]),
    sides: [
      { label: 'bare Baileys, send to ack', unit: 'ms', samples: bare[which] },
      { label: 'Kurir, call to answer', unit: 'ms', samples: kurir[which] },
    ],
    notes,
  }))
}

function note(into: { p50: number[]; p99: number[] }, took: readonly number[]): void {
  into.p50.push(percentile(took, 50))
  into.p99.push(percentile(took, 99))
}

async function throughKurir(
  { kurir, callers, sender }: Parties,
  count: number,
): Promise<{ ms: number; cpu: number }> {
  // Those of the round before were idle for too long to be kept.
  callers.close()
  const before = cpuOf(kurir.pid)
  const ms = await inParallel(tills, count, (index) =>
    callers.send(sender, people[index % people.length] ?? ''),
  )
  return { ms, cpu: cpuOf(kurir.pid) - before }
}

function say(values: readonly number[]): number {
  return rounded(values.at(-1) ?? Number.NaN)
}
