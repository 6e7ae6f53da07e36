import { join } from 'node:path'
import { Failure } from '../../lib/failure.ts'
import { Limiter } from '../limiter.ts'
import type { Inspection, InspectionAnswer, InspectionJob } from './inspection.ts'
import type { IsolatedProcess, StartIsolatedProcess } from '../../lib/processes/isolated-process.ts'
import { startNodeProcess } from '../../lib/processes/node-process.ts'

/** A process that neither answers nor is killed by its own watch for so long is killed. */
const maxInspectionMs = 60_000
/** After so long without a job a process ends. */
const maxIdleMs = 15_000
/**
 * Each lane has so many processes, and one API key half of them: a slow picture never delays a document, nor one slow
 * file the next, nor all files of one key those of another.
 */
const processesPerLane = 4
const processesPerKey = 2
const processOptions = { name: 'Kurir media inspection', heapMiB: 192 }

/**
 * Looks into strangers' files in processes of their own. One that takes too long or too much memory is killed, and
 * its file is refused; the program goes on.
 */
export class Inspector {
  readonly #pictures: Lane
  readonly #recordings: Lane
  readonly #documents: Lane

  constructor(start: StartIsolatedProcess = startNodeProcess) {
    this.#pictures = new Lane(start)
    this.#recordings = new Lane(start)
    this.#documents = new Lane(start)
  }

  /**
   * @param keyId of the API key whose file it is
   * @throws Failure media_not_direct, media_mismatch, media_unreadable, media_too_large, storage_full; or the signal's reason
   */
  async inspect(job: InspectionJob, signal: AbortSignal, keyId: string | null = null): Promise<Inspection> {
    const answer = await this.#laneOf(job).run(job, signal, keyId)
    if (answer.ok) return answer.inspection
    throw new Failure(answer.code, answer.message, answer.errors === null ? {} : { errors: answer.errors })
  }

  stop(): void {
    this.#pictures.stop()
    this.#recordings.stop()
    this.#documents.stop()
  }

  #laneOf({ mediaType }: InspectionJob): Lane {
    if (mediaType === 'image') return this.#pictures
    return mediaType === 'audio' || mediaType === 'video' ? this.#recordings : this.#documents
  }
}

/** Processes that take one job at a time, started when they are needed and ended when they are not. */
class Lane {
  readonly #start: StartIsolatedProcess
  readonly #limiter = new Limiter(processesPerLane, processesPerKey)
  readonly #idle: RunningProcess[] = []
  readonly #running = new Set<RunningProcess>()
  #stopped = false

  constructor(start: StartIsolatedProcess) {
    this.#start = start
  }

  run(job: InspectionJob, signal: AbortSignal, keyId: string | null): Promise<InspectionAnswer> {
    return this.#limiter.run(() => this.#inspect(job, signal), signal, keyId)
  }

  stop(): void {
    this.#stopped = true
    for (const process of this.#running) process.kill()
  }

  async #inspect(job: InspectionJob, signal: AbortSignal): Promise<InspectionAnswer> {
    signal.throwIfAborted()
    const process = this.#idle.pop() ?? this.#begin()
    const timer = setTimeout(() => process.kill(), maxInspectionMs)
    const abort = (): void => process.kill(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await process.inspect(job)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      this.#putBack(process)
    }
  }

  #begin(): RunningProcess {
    const process = new RunningProcess(this.#start(processFile(), processOptions), () => {
      this.#running.delete(process)
      const at = this.#idle.indexOf(process)
      if (at !== -1) this.#idle.splice(at, 1)
    })
    this.#running.add(process)
    return process
  }

  #putBack(process: RunningProcess): void {
    if (!this.#running.has(process)) return
    if (this.#stopped) return process.kill()
    process.endWhenIdle()
    this.#idle.push(process)
  }
}

/** One process and the job that it is at. */
class RunningProcess {
  readonly #process: IsolatedProcess
  #job: PromiseWithResolvers<InspectionAnswer> | null = null
  #killedFor: Error | null = null
  #idleTimer: NodeJS.Timeout | undefined

  constructor(process: IsolatedProcess, ended: () => void) {
    this.#process = process
    process.onMessage((answer) => this.#job?.resolve(answer as InspectionAnswer))
    process.onExit(() => {
      clearTimeout(this.#idleTimer)
      ended()
      this.#job?.reject(this.#killedFor ?? killed())
    })
  }

  async inspect(job: InspectionJob): Promise<InspectionAnswer> {
    clearTimeout(this.#idleTimer)
    this.#job = Promise.withResolvers<InspectionAnswer>()
    this.#process.send(job)
    try {
      return await this.#job.promise
    } finally {
      this.#job = null
    }
  }

  kill(reason: Error | null = null): void {
    this.#killedFor = reason
    this.#process.kill()
  }

  endWhenIdle(): void {
    this.#idleTimer = setTimeout(() => this.kill(), maxIdleMs).unref()
  }
}

function killed(): Failure {
  return new Failure(
    'media_unreadable',
    'The file takes too long or too much memory to read: it is damaged or too complex. Nothing was sent.',
  )
}

/** From source the TypeScript file beside this one; in the bundles, which share one folder, an entry of its own. */
function processFile(): string {
  const isSource = import.meta.filename.endsWith('.ts')
  return join(import.meta.dirname, isSource ? 'inspection-process.ts' : 'inspection-process.js')
}
