import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Brings a new file from the system's memory to the disk, so that a power cut leaves it whole. */
export class Flushing {
  readonly #path: string
  #running: Promise<void> | null = null

  constructor(path: string) {
    this.#path = path
  }

  /** Begins with what is written so far: beside the rest's arrival it costs nothing, and the end has less to do. */
  begin(): void {
    // What goes wrong here does so again at the end, which tells.
    this.#running ??= flush(this.#path)
      .catch(() => undefined)
      .finally(() => (this.#running = null))
  }

  /** Resolves when nothing holds the file open any more. */
  async rest(): Promise<void> {
    await this.#running
  }

  /** To be called when all is written: the file is on the disk then, and so is its name. */
  async finish(): Promise<void> {
    await this.rest()
    await flush(this.#path)
    // Windows opens no folders; NTFS has the names in its own journal.
    if (process.platform !== 'win32') await flush(dirname(this.#path), 'r')
  }
}

/** Windows flushes only what may be written. */
async function flush(path: string, flags = 'r+'): Promise<void> {
  await using file = await open(path, flags)
  await file.sync()
}
