import { parentPort, workerData } from 'node:worker_threads'
import { Failure, isDiskFull } from '../../lib/failure.ts'
import { convert, type SoundJob } from './convert-audio.ts'
import type { SoundAnswer } from './audio-conversion.ts'

/** The whole life of a sound worker: one job, one answer. */
async function answer(): Promise<SoundAnswer> {
  try {
    return { ok: true, result: await convert(workerData as SoundJob) }
  } catch (error) {
    if (error instanceof Failure) return { ok: false, code: error.code, message: error.message }
    const code = isDiskFull(error) ? 'storage_full' : 'media_unreadable'
    return { ok: false, code, message: null }
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, no window
parentPort?.postMessage(await answer())
