import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { serveParent } from '../../lib/processes/serve-parent.ts'
import type { InspectionAnswer, InspectionJob } from './inspection.ts'

/*
 * The whole of an inspection process: one job after the other, each answered. It runs on Node (a fork) and as Electron's
 * utility process, whose channel has another form. A thread beside it watches what a job takes, also while a parser
 * keeps the main thread, and kills the process: a decoder in native code cannot be stopped otherwise.
 */

/** Of processor time, which a busy machine does not use up: a picture's decoding is real work, a structure's reading is not. */
const maxPictureCpuMs = 10_000
const maxFileCpuMs = 5_000
const maxGrowthBytes = 300 * 1_048_576
const watchIntervalMs = 20
/** Above this a process is not used again: decoders do not give memory back. WebAssembly alone takes 250 MB. */
const maxIdleBytes = 384 * 1_048_576

/** Shared with the watching thread: the processor time that the running job may take, 0 between jobs. */
const allowance = new Int32Array(isMainThread ? new SharedArrayBuffer(4) : (workerData as SharedArrayBuffer))

if (isMainThread) serve()
else watch()

function serve(): void {
  const thread = new Worker(import.meta.filename, { workerData: allowance.buffer })
  thread.unref()
  serveParent((job, reply) => void run(job as InspectionJob, reply))
}

async function run(job: InspectionJob, reply: (answer: InspectionAnswer) => void): Promise<void> {
  const { answerInspection } = await import('./inspection.ts')
  Atomics.store(allowance, 0, job.mediaType === 'image' ? maxPictureCpuMs : maxFileCpuMs)
  const answer = await answerInspection(job)
  Atomics.store(allowance, 0, 0)
  reply(answer)
  if (process.memoryUsage.rss() > maxIdleBytes) setImmediate(() => process.exit(0))
}

function watch(): void {
  let began: { cpuMs: number; rss: number } | null = null
  setInterval(() => {
    const allowedMs = Atomics.load(allowance, 0)
    if (allowedMs === 0) {
      began = null
      return
    }
    const now = { cpuMs: cpuMs(), rss: process.memoryUsage.rss() }
    began ??= now
    if (now.cpuMs - began.cpuMs > allowedMs || now.rss - began.rss > maxGrowthBytes) {
      process.kill(process.pid, 'SIGKILL')
    }
  }, watchIntervalMs)
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
