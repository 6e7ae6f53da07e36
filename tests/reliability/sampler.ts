import { openSync, writeSync } from 'node:fs'
import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks'
import { getHeapSpaceStatistics } from 'node:v8'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded into the program by `--import`, in load tests only: writes once a second what only the process itself
 * can tell, one line of JSON (a Sample) each, to the file that KURIR_SAMPLES names.
 */
export interface Sample {
  /** Milliseconds since the epoch. */
  at: number
  /** Bytes of memory in use: of the whole process, of JavaScript objects, and of buffers outside of them. */
  rss: number
  heap: number
  external: number
  /** What was left of `heap` when V8 had last collected all of it, where it did so since the sample before. */
  collected?: number
  /** Timers that keep the process alive. */
  timers: number
  /** TCP connections, both ways. */
  sockets: number
}

const file = process.env['KURIR_SAMPLES']
let collected: number | null = null
if (isMainThread && file !== undefined) {
  const descriptor = openSync(file, 'a')
  new PerformanceObserver((seen) => {
    if (seen.getEntries().some(isOfAll)) collected = oldHeap()
  }).observe({ entryTypes: ['gc'] })
  setInterval(() => writeSync(descriptor, `${JSON.stringify(sample())}\n`), 1_000).unref()
}

function sample(): Sample {
  const { rss, heapUsed, external } = process.memoryUsage()
  const resources = process.getActiveResourcesInfo()
  const left = collected === null ? {} : { collected }
  collected = null
  return {
    at: Date.now(),
    rss,
    heap: heapUsed,
    external,
    ...left,
    timers: resources.filter((kind) => kind === 'Timeout').length,
    sockets: resources.filter((kind) => kind === 'TCPSocketWrap').length,
  }
}

function isOfAll(entry: PerformanceEntry): boolean {
  const { detail } = entry as PerformanceEntry & { detail?: { kind?: number } }
  return detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR
}

/** Without what is new: that is garbage, nearly all of it, a moment later. */
function oldHeap(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !name.startsWith('new_'))
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0)
}
