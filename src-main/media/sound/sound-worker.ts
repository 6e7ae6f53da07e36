import { parentPort, workerData } from 'node:worker_threads'
import { Failure, saysDiskFull } from '../../failure.ts'
import { convert, type SoundJob } from './convert.ts'
import type { SoundAnswer } from './conversion.ts'

/** The whole life of a sound worker: one job, one answer. */
async function answer(): Promise<SoundAnswer> {
  try {
    return { ok: true, result: await convert(workerData as SoundJob) }
  } catch (thrown) {
    if (thrown instanceof Failure) return { ok: false, code: thrown.code, message: thrown.message }
    const code = saysDiskFull(thrown) ? 'storage_full' : 'media_unreadable'
    return { ok: false, code, message: null }
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, no window
parentPort?.postMessage(await answer())
