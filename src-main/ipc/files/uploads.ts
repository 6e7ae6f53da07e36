import { randomUUID } from 'node:crypto'
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, isDiskFull } from '../../lib/failure.ts'
import { partSize } from '../schemas.ts'

/** A file that came whole; whoever takes it removes it. */
export interface ReceivedFile {
  path: string
  fileName: string
  mimeType: string
  bytes: number
}

interface Upload extends ReceivedFile {
  handle: FileHandle
  received: number
  finished: boolean
  /** Parts are written one after the other, however quickly they come. */
  last: Promise<void>
  forgetting: NodeJS.Timeout
}

const maxAtOnce = 8
/** Bytes; a backup of some millions of messages. What media may weigh is checked by media/. */
const maxBytes = 4 * 1024 ** 3
/** Milliseconds that an upload may rest before it is forgotten. */
const maxRestMs = 10 * 60_000

/** Files on their way from the window, in parts, each to a file of its own (0600) in the data folder. */
export class Uploads {
  readonly #folder: string
  readonly #uploads = new Map<string, Upload>()

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'uploads')
  }

  /** Removes what an earlier run left behind. */
  async sweep(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  async begin(file: { fileName: string; mimeType: string; bytes: number }): Promise<{ uploadId: string }> {
    if (file.bytes > maxBytes)
      throw new Failure('media_too_large', 'Files larger than 4 GiB are not accepted.')
    if (this.#uploads.size >= maxAtOnce) {
      throw new Failure('queue_full', 'Too many uploads from the window are running. Wait until one is done.')
    }
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const uploadId = randomUUID()
    const path = join(this.#folder, uploadId)
    const handle = await open(path, 'wx', 0o600)
    const rest = { received: 0, finished: false, last: Promise.resolve(), forgetting: this.#forget(uploadId) }
    this.#uploads.set(uploadId, { ...file, path, handle, ...rest })
    return { uploadId }
  }

  async part(uploadId: string, base64: string): Promise<null> {
    const upload = this.#find(uploadId)
    const bytes = Buffer.from(base64, 'base64')
    if (bytes.length > partSize || upload.received + bytes.length > upload.bytes || upload.finished) {
      await this.cancel(uploadId)
      throw new Failure('parameter_invalid', 'The upload is longer than announced.')
    }
    upload.forgetting.refresh()
    upload.received += bytes.length
    const written = upload.last.then(() => upload.handle.appendFile(bytes))
    upload.last = written
    try {
      await written
    } catch (error) {
      // What came of it is not to keep a full disk full.
      await this.cancel(uploadId)
      if (!isDiskFull(error)) throw error
      throw new Failure(
        'storage_full',
        'The disk is full: the file could not be stored. Free up disk space.',
        { cause: error },
      )
    }
    return null
  }

  async finish(uploadId: string): Promise<null> {
    const upload = this.#find(uploadId)
    await upload.last
    if (upload.received !== upload.bytes) {
      await this.cancel(uploadId)
      throw new Failure('parameter_invalid', 'The upload is shorter than announced.')
    }
    upload.finished = true
    await upload.handle.close()
    return null
  }

  async cancel(uploadId: string): Promise<null> {
    const upload = this.#uploads.get(uploadId)
    if (upload === undefined) return null
    this.#uploads.delete(uploadId)
    clearTimeout(upload.forgetting)
    // A part that could not be written ends the upload anyway; the file goes in every case.
    await upload.last.catch(() => undefined)
    if (!upload.finished) await upload.handle.close().catch(() => undefined)
    // What cannot be removed now, another program having it open, is swept away by the next start; whoever waits for
    // the end of its use is not told that it failed.
    await rm(upload.path, { force: true }).catch(() => undefined)
    return null
  }

  /** The finished file while `work` runs; it is gone afterwards, whatever became of it. */
  async with<Value>(uploadId: string, work: (file: ReceivedFile) => Promise<Value>): Promise<Value> {
    const upload = this.#find(uploadId)
    if (!upload.finished) throw new Failure('parameter_invalid', 'The upload is not complete yet.')
    clearTimeout(upload.forgetting)
    try {
      return await work(upload)
    } finally {
      await this.cancel(uploadId)
    }
  }

  async stop(): Promise<void> {
    await Promise.all(Array.from(this.#uploads.keys(), (id) => this.cancel(id)))
  }

  #find(uploadId: string): Upload {
    const upload = this.#uploads.get(uploadId)
    if (upload === undefined) throw new Failure('parameter_invalid', 'This upload no longer exists.')
    return upload
  }

  #forget(uploadId: string): NodeJS.Timeout {
    return setTimeout(() => void this.cancel(uploadId), maxRestMs).unref()
  }
}
