import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Sample } from './sampler.ts'

/** One value at a moment (milliseconds since the epoch). */
export interface Point {
  at: number
  value: number
}

/** What was seen of the program, second by second. */
export interface Observed {
  samples: Sample[]
  /** Open descriptors, where /proc tells. */
  descriptors: Point[]
  /** Bytes of the write-ahead log. */
  wal: Point[]
}

/** What has to be in the program's environment for `observe` to see anything. */
export function observable(samplesFile: string): Record<string, string> {
  const sampler = pathToFileURL(join(import.meta.dirname, 'sampler.ts')).href
  return { NODE_OPTIONS: `--import ${sampler}`, KURIR_SAMPLES: samplesFile }
}

/** Watches from outside what can be seen there; the rest the sampler wrote. */
export function observe(pid: number, databaseFile: string, samplesFile: string) {
  const descriptors: Point[] = []
  const wal: Point[] = []
  const look = (): void => {
    const at = Date.now()
    if (process.platform === 'linux') descriptors.push({ at, value: openDescriptors(pid) })
    const size = statSync(`${databaseFile}-wal`, { throwIfNoEntry: false })?.size ?? 0
    wal.push({ at, value: size })
  }
  look()
  const timer = setInterval(look, 1_000)
  return {
    /** The latest that the program said of itself. */
    latest: (): Sample | undefined => samplesOf(samplesFile).at(-1),
    stop(): Observed {
      clearInterval(timer)
      return { samples: samplesOf(samplesFile), descriptors, wal }
    },
  }
}

function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

function samplesOf(file: string): Sample[] {
  if (!existsSync(file)) return []
  // The last line may be half written.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Sample)
}
