import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import type { Logger } from '../logger.ts'
import { sentenceOf } from '../failure.ts'

/**
 * Files on their way through, in a folder of their own: names that say nothing, 0600 in 0700. Each is removed by
 * whoever made it; what a crash left behind goes at the next start.
 */
export class TemporaryFiles {
  readonly #folder: string
  readonly #log: Logger

  constructor(dataFolder: string, log: Logger) {
    this.#folder = join(dataFolder, 'temporary')
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
    if (stale.length > 0) this.#log.info({ files: stale.length }, 'removed temporary files of an earlier run')
  }

  /** A path that nothing has; to be opened with `wx` and 0600. */
  newPath(): string {
    this.#makeAgain()
    return join(this.#folder, randomUUID())
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
    try {
      await rm(path, { force: true, recursive: true, maxRetries: 3 })
    } catch (thrown) {
      this.#log.warn({ reason: sentenceOf(thrown) }, 'a temporary file could not be removed')
    }
  }
}
