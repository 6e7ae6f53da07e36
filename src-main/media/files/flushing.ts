import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Failure, isDiskFull, systemCodeOf } from '../../lib/failure.ts'

/** What file systems say that cannot flush a folder, such as those that are shared with a virtual machine. */
const noFlushOfFolders: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EPERM', 'EACCES'])

/** Brings a new file from the system's memory to the disk, so that a power cut leaves it whole. */
export class Flushing {
  readonly #path: string
  #running: Promise<void> | null = null
  #failure: { error: unknown } | null = null

  constructor(path: string) {
    this.#path = path
  }

  /** Begins with what is written so far, while the rest arrives: the end has less to do then. */
  begin(): void {
    this.#running ??= flush(this.#path)
      .catch((error: unknown) => (this.#failure ??= { error }))
      .then(() => {
        this.#running = null
      })
  }

  /** Resolves when nothing holds the file open any more. */
  async rest(): Promise<void> {
    await this.#running
  }

  /**
   * To be called when all is written: the file is on the disk then, and so is its name.
   * @throws Failure storage_unavailable; what a full disk throws is thrown on
   */
  async finish(): Promise<void> {
    await this.rest()
    // Linux tells of what it could not write once: the next flush succeeds without it.
    if (this.#failure !== null) throw failureOf(this.#failure.error)
    await flush(this.#path).catch((error: unknown) => {
      throw failureOf(error)
    })
    // Windows opens no folders; NTFS has the names in its own journal.
    if (process.platform !== 'win32') await flushFolder(dirname(this.#path))
  }
}

function failureOf(error: unknown): unknown {
  if (isDiskFull(error)) return error
  const sentence =
    'The disk did not take the uploaded file: nothing was sent. See that it is whole, then call again.'
  return new Failure('storage_unavailable', sentence, { cause: error })
}

async function flushFolder(folder: string): Promise<void> {
  await flush(folder, 'r').catch((error: unknown) => {
    if (!noFlushOfFolders.has(systemCodeOf(error))) throw failureOf(error)
  })
}

/** Windows flushes only what may be written. */
async function flush(path: string, flags = 'r+'): Promise<void> {
  await using file = await open(path, flags)
  await file.sync()
}
