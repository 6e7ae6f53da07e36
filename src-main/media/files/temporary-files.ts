import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import type { Logger } from '../../lib/logging/logger.ts'
import { Failure, sentenceOf } from '../../lib/failure.ts'
import { inWords, type DiskSpace } from '../../storage/data-folder/disk-space.ts'

/** Of all files on their way, in bytes: twice what may wait, so that there is always room to fetch what was accepted. */
const maxTotalBytes = 4 * 1024 ** 3
/** … or this part of the disk's free space, where that is less. */
const maxPartOfDisk = 0.2

export type DiskRoom = Pick<DiskSpace, 'freeBytes' | 'checkSpace'>

/**
 * Files on their way through, in a folder of their own: names that say nothing, 0600 in 0700. Each is removed by
 * whoever made it; what a crash left behind goes at the next start.
 */
export class TemporaryFiles {
  readonly #folder: string
  readonly #log: Logger
  readonly #disk: DiskRoom
  readonly #bytes = new Map<string, number>()
  #total = 0

  constructor(dataFolder: string, disk: DiskRoom, log: Logger) {
    this.#folder = join(dataFolder, 'temporary')
    this.#disk = disk
    this.#log = log
  }

  get folder(): string {
    return this.#folder
  }

  /** Makes the folder and removes everything in it but `keep` (absolute paths). */
  async start(keep: readonly string[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    // mkdir leaves a folder that was there as it was.
    await chmod(this.#folder, 0o700)
    const kept = new Set(keep)
    const left = (await readdir(this.#folder)).map((name) => join(this.#folder, name))
    const stale = left.filter((path) => !kept.has(path))
    await Promise.all(stale.map((path) => this.remove(path)))
    for (const path of left.filter((path) => kept.has(path))) this.#count(path, (await stat(path)).size)
    if (stale.length > 0) this.#log.info({ files: stale.length }, 'removed temporary files of an earlier run')
  }

  /** A path that nothing has; to be opened with `wx` and 0600. */
  newPath(): string {
    this.#makeAgain()
    return join(this.#folder, randomUUID())
  }

  /**
   * To be called before so many more bytes are written to a file.
   * @throws Failure storage_full, or queue_full where the files on their way take too much together
   */
  grow(path: string, bytes: number): void {
    this.#disk.checkSpace()
    const max = Math.min(maxTotalBytes, maxPartOfDisk * (this.#disk.freeBytes + this.#total))
    if (this.#total + bytes > max) {
      throw new Failure(
        'queue_full',
        `Files that wait to be sent already use ${inWords(this.#total)} of this PC's disk; the limit is ${inWords(max)}. Send again when some of them are sent.`,
      )
    }
    this.#count(path, bytes)
  }

  #count(path: string, bytes: number): void {
    this.#bytes.set(path, (this.#bytes.get(path) ?? 0) + bytes)
    this.#total += bytes
  }

  /** A folder of that name is one that people and programs tidy away, also while this one runs. */
  #makeAgain(): void {
    if (existsSync(this.#folder)) return
    try {
      mkdirSync(this.#folder, { mode: 0o700 })
    } catch {
      // Whoever opens the file is told why it cannot be there.
    }
  }

  /** Whether a path is one of this folder's files: nothing else is ever read or removed. */
  owns(path: string): boolean {
    return dirname(path) === this.#folder && normalize(path) === path
  }

  /** Removes the file if it is there. Never throws: a file that stays goes at the next start. */
  async remove(path: string): Promise<void> {
    this.#total -= this.#bytes.get(path) ?? 0
    this.#bytes.delete(path)
    try {
      await rm(path, { force: true, recursive: true, maxRetries: 3 })
    } catch (error) {
      this.#log.warn({ reason: sentenceOf(error) }, 'could not remove a temporary file')
    }
  }
}
