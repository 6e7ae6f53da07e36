import { openSync, writeSync } from 'node:fs'
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
  /** Timers that keep the process alive. */
  timers: number
  /** TCP connections, both ways. */
  sockets: number
}

const file = process.env['KURIR_SAMPLES']
if (isMainThread && file !== undefined) {
  const descriptor = openSync(file, 'a')
  setInterval(() => writeSync(descriptor, `${JSON.stringify(sample())}\n`), 1_000).unref()
}

function sample(): Sample {
  const { rss, heapUsed, external } = process.memoryUsage()
  const resources = process.getActiveResourcesInfo()
  return {
    at: Date.now(),
    rss,
    heap: heapUsed,
    external,
    timers: resources.filter((kind) => kind === 'Timeout').length,
    sockets: resources.filter((kind) => kind === 'TCPSocketWrap').length,
  }
}
