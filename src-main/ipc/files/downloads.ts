import { randomUUID } from 'node:crypto'
import { chmod, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { renameOver } from '../../lib/rename-over.ts'
import type { Download } from '../../../src-preload/contract.ts'
import { Failure, isDiskFull, sentenceOf } from '../../lib/failure.ts'
import { Listeners } from '../../lib/listeners.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { partSize } from '../schemas.ts'
import type { HostCapabilities } from '../host-platform.ts'

/** Writes the file's content; stops when the signal says so. `progress` may be called at will. */
export type Writing = (file: string, signal: AbortSignal, progress: Progress) => Promise<void>
export type Progress = (done: number, total: number | null) => void

interface Entry {
  download: Download
  /** Written here first, so that a file of that name is only replaced by a whole one; a name that no other has. */
  file: string
  inParts: boolean
  cancelling: AbortController
  forgetting: NodeJS.Timeout | null
}

/** Milliseconds that a file waits in the data folder to be read by the window. */
const maxRestMs = 10 * 60_000
/** Milliseconds between two words about progress. */
const progressIntervalMs = 150

/**
 * Files that the program writes for the operator. In the desktop they go where the operator says; for a
 * browser they wait in the data folder (0600) until they were read in parts.
 */
export class Downloads {
  readonly onChange = new Listeners<Download>()
  readonly #folder: string
  readonly #shell: Pick<HostCapabilities, 'chooseSavingPlace'>
  readonly #log: Logger
  readonly #entries = new Map<string, Entry>()

  constructor(dataFolder: string, shell: Pick<HostCapabilities, 'chooseSavingPlace'>, log: Logger) {
    this.#folder = join(dataFolder, 'savings')
    this.#shell = shell
    this.#log = log
  }

  /** Removes what an earlier run left behind. */
  async sweep(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Begins to write; the answer is null when the operator chose no place. */
  async begin(kind: Download['kind'], fileName: string, write: Writing): Promise<Download | null> {
    const place = await this.#shell.chooseSavingPlace(fileName, kind)
    if (place.where === 'nowhere') return null
    const id = randomUUID()
    const inParts = place.where === 'parts'
    if (inParts) await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const download: Download = {
      id,
      kind,
      fileName,
      state: 'running',
      done: 0,
      total: null,
      path: inParts ? null : place.path,
      failure: null,
    }
    const file = inParts ? join(this.#folder, id) : `${place.path}.${id.slice(0, 8)}.part`
    const entry: Entry = { download, file, inParts, cancelling: new AbortController(), forgetting: null }
    this.#entries.set(id, entry)
    void this.#write(entry, write)
    return download
  }

  /** One part of a finished file that waits for the window; after the last one it is forgotten. */
  async read(id: string, offset: number): Promise<{ base64: string; last: boolean }> {
    const entry = this.#entries.get(id)
    if (entry === undefined || !entry.inParts || entry.download.state !== 'done') {
      throw new Failure('parameter_invalid', 'This file no longer exists.')
    }
    entry.forgetting?.refresh()
    const handle = await open(entry.file, 'r')
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(partSize), 0, partSize, offset)
      const last = offset + bytesRead >= (await handle.stat()).size
      if (last) await this.#forget(entry)
      return { base64: buffer.toString('base64', 0, bytesRead), last }
    } finally {
      await handle.close()
    }
  }

  cancel(id: string): null {
    this.#entries.get(id)?.cancelling.abort()
    return null
  }

  async stop(): Promise<void> {
    const entries = Array.from(this.#entries.values())
    for (const entry of entries) entry.cancelling.abort()
    await Promise.all(entries.map((entry) => this.#forget(entry)))
  }

  async #write(entry: Entry, write: Writing): Promise<void> {
    const end = await this.#finish(entry, write)
    const waits = entry.inParts && end.state === 'done'
    if (end.state !== 'done') await this.#remove(entry.file)
    if (waits) entry.forgetting = setTimeout(() => void this.#forget(entry), maxRestMs).unref()
    else this.#entries.delete(entry.download.id)
    this.#change(entry, end)
  }

  async #finish(entry: Entry, write: Writing): Promise<Partial<Download>> {
    const { signal } = entry.cancelling
    try {
      await write(entry.file, signal, this.#progressOf(entry))
      signal.throwIfAborted()
      await chmod(entry.file, 0o600)
      const { size } = await stat(entry.file)
      if (entry.download.path !== null) await renameOver(entry.file, entry.download.path)
      const { total } = entry.download
      return total === null ? { state: 'done', done: size, total: size } : { state: 'done', done: total }
    } catch (error) {
      return signal.aborted ? { state: 'cancelled' } : failed(error, this.#log)
    }
  }

  #progressOf(entry: Entry): Progress {
    let toldAt = 0
    return (done, total) => {
      const now = performance.now()
      if (now - toldAt < progressIntervalMs) return
      toldAt = now
      this.#change(entry, { done, total })
    }
  }

  #change(entry: Entry, changes: Partial<Download>): void {
    entry.download = { ...entry.download, ...changes }
    this.onChange.emit(entry.download)
  }

  async #forget(entry: Entry): Promise<void> {
    if (entry.forgetting !== null) clearTimeout(entry.forgetting)
    this.#entries.delete(entry.download.id)
    if (entry.inParts) await this.#remove(entry.file)
  }

  /** What cannot be removed stays: a drive that was pulled out is no reason to end the program, as a rejection would. */
  async #remove(file: string): Promise<void> {
    await rm(file, { force: true }).catch((error: unknown) => {
      this.#log.warn({ reason: sentenceOf(error) }, 'could not remove an unfinished file')
    })
  }
}

function failed(error: unknown, log: Logger): Partial<Download> {
  if (error instanceof Failure) {
    return { state: 'failed', failure: { code: error.code, reason: error.message } }
  }
  log.error({ reason: sentenceOf(error) }, 'could not write a file')
  const reason = `The file could not be written: ${sentenceOf(error)}`
  const code = isDiskFull(error) ? 'storage_full' : 'internal_error'
  return { state: 'failed', failure: { code, reason } }
}
