import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FailureCode } from '../../lib/failure-codes.ts'
import { Failure } from '../../lib/failure.ts'
import { Limiter } from '../limiter.ts'
import { unreadable } from './pcm-block.ts'
import type { SoundJob, SoundResult } from './convert-audio.ts'

export type SoundAnswer =
  | { ok: true; result: SoundResult }
  /** `message` null: nothing better is known than the code. */
  | { ok: false; code: FailureCode; message: string | null }

/**
 * A conversion takes a core for its whole time. Two of one API key: a long one does not hold up a short one; and as many
 * for others.
 */
const converting = new Limiter(4, 2)
/**
 * Milliseconds for one conversion: the longest sound takes a minute of a core. A file that was made to keep a decoder
 * busy without any sound coming of it would have its place for ever.
 */
const conversionTimeoutMs = 15 * 60 * 1_000

const tooSlow = (): Failure =>
  new Failure('media_too_large', 'The sound takes too long to convert: send it with media_type=document.')

/**
 * Converts a sound in a worker of its own, so that decoders and encoder neither hold up the event loop nor leave
 * their memory behind.
 *
 * @throws Failure media_unreadable, media_too_large, storage_full; or the signal's own reason
 */
export function convertSound(
  job: SoundJob,
  signal: AbortSignal,
  { timeoutMs = conversionTimeoutMs, keyId = null }: { timeoutMs?: number; keyId?: string | null } = {},
): Promise<SoundResult> {
  return converting.run(() => runWorker(job, signal, timeoutMs), signal, keyId)
}

async function runWorker(job: SoundJob, signal: AbortSignal, timeout: number): Promise<SoundResult> {
  // What decoders print about damaged files is nobody's concern.
  const worker = new Worker(workerFile(), {
    workerData: job,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
  try {
    return resultOf(await answerOf(worker, signal, timeout))
  } finally {
    await worker.terminate()
  }
}

function answerOf(worker: Worker, signal: AbortSignal, timeout: number): Promise<SoundAnswer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(tooSlow()), timeout)
    const giveUp = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', giveUp, { once: true })
    worker.once('message', resolve)
    worker.once('error', (error) => reject(unreadable('the decoder broke down', error)))
    worker.once('exit', () => {
      clearTimeout(late)
      signal.removeEventListener('abort', giveUp)
      reject(unreadable('the decoder stopped'))
    })
  })
}

function resultOf(answer: SoundAnswer): SoundResult {
  if (answer.ok) return answer.result
  if (answer.message !== null) throw new Failure(answer.code, answer.message)
  if (answer.code === 'storage_full') throw new Failure('storage_full', 'The disk is full.')
  throw unreadable('it is damaged or cut short')
}

/** From source the TypeScript file beside this one; in the bundles, which share one folder, an entry of its own. */
function workerFile(): string {
  const isSource = import.meta.filename.endsWith('.ts')
  return join(import.meta.dirname, isSource ? 'audio-worker.ts' : 'audio-worker.js')
}
