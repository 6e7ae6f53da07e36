import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Brings a new file from the system's memory to the disk, so that a power cut leaves it whole. */
export class Flushing {
  readonly #path: string
  #running: Promise<void> | null = null
  #failure: { thrown: unknown } | null = null

  constructor(path: string) {
    this.#path = path
  }

  /** Begins with what is written so far, while the rest arrives: the end has less to do then. */
  begin(): void {
    this.#running ??= flush(this.#path)
      .catch((thrown: unknown) => (this.#failure ??= { thrown }))
      .then(() => {
        this.#running = null
      })
  }

  /** Resolves when nothing holds the file open any more. */
  async rest(): Promise<void> {
    await this.#running
  }

  /** To be called when all is written: the file is on the disk then, and so is its name. */
  async finish(): Promise<void> {
    await this.rest()
    // Linux tells of what it could not write once: the next flush succeeds without it.
    if (this.#failure !== null) throw this.#failure.thrown
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
