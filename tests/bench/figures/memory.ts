import { setTimeout as pause } from 'node:timers/promises'
import { cpuOf, memoryOf } from '../child.ts'
import type { Effort, Figure, Outcome } from '../figure.ts'
import type { FigureName } from '../goals.ts'
import { startKurir } from '../kurir.ts'
import { deviceNumbers, startPractice } from '../practice.ts'
import { seedFolder } from '../seeding.ts'
import { median, rounded } from '../statistics.ts'

/** Memory and idle work of the headless program with fifty connected devices. */
export const fifty: Figure = {
  names: ['rss_50', 'idle_50'],
  measure: (effort) => connectedDevices(50, effort, 'rss_50'),
}

export const fiveHundred: Figure = {
  names: ['rss_500'],
  measure: (effort) => connectedDevices(500, effort, 'rss_500'),
}

async function connectedDevices(
  devices: number,
  { quick, rounds, say }: Effort,
  name: Extract<FigureName, 'rss_50' | 'rss_500'>,
): Promise<Outcome[]> {
  const practice = await startPractice()
  const accounts = await practice.accounts(deviceNumbers(devices, 1_000))
  const seeded = await seedFolder(accounts)
  const rss: number[] = []
  const idle: number[] = []
  // Every round is a start of its own: memory depends on how the collector's moments fall.
  for (let round = 0; round < (devices > 50 ? 1 : rounds); round++) {
    const kurir = await startKurir(seeded, practice)
    await pause(quick ? 6_000 : 12_000)
    rss.push(memoryOf(kurir.pid).now)
    const span = quick ? 12_000 : 30_000
    const before = cpuOf(kurir.pid)
    await pause(span)
    idle.push(((cpuOf(kurir.pid) - before) * 100) / span)
    rss.splice(-1, 1, Math.max(rss.at(-1) ?? 0, memoryOf(kurir.pid).now))
    say(`${devices} devices: ${rounded(rss.at(-1) ?? 0)} MB, ${rounded(idle.at(-1) ?? 0)} % of a core idle`)
    await kurir.stop()
  }
  await practice.stop()
  const notes = [`A core's idle share with ${devices} devices: ${rounded(median(idle))} %.`]
  const memory: Outcome = { name, samples: rss, sides: [], notes }
  return name === 'rss_50' ? [memory, { name: 'idle_50', samples: idle, sides: [] }] : [memory]
}
