import type { Readable } from 'node:stream'
import { Failure } from '../lib/failure.ts'
import type { Logger } from '../lib/logging/logger.ts'
import type { Egress } from '../egress/egress.ts'
import type { Settings } from '../storage/settings/settings.ts'
import { check, type SourceFile } from './check-media.ts'
import { fetchFailure } from './fetch/fetch-failure.ts'
import { fetchFile, type Deadlines } from './fetch/fetch-file.ts'
import type { LookUp } from './fetch/guarded-connector.ts'
import type { Inspector } from './inspection/inspector.ts'
import { limitSetting } from './kinds.ts'
import { assertUploadUnchanged } from './files/upload-unchanged.ts'
import { Limiter } from './limiter.ts'
import type { FetchProgress, MediaFile, MediaSource, MediaType, Upload } from './files/media-file.ts'
import { receiveStream, tooLarge, type SizeLimit } from './fetch/receive-body.ts'
import { TemporaryFiles, type DiskRoom } from './files/temporary-files.ts'
import { readTrustedHosts } from './fetch/trusted-hosts.ts'

export interface MediaOptions {
  /** The data folder. */
  readonly folder: string
  /** The data folder's; without it there is room for everything. */
  readonly disk?: DiskRoom
  readonly settings: Pick<Settings, 'get'>
  readonly log: Logger
  /** Ports that this program listens on: no url may lead there. */
  readonly ownPorts: () => readonly number[]
  readonly inspector: Inspector
  /** The way out of this PC; without one, none but the direct one. */
  readonly egress?: Egress
  /** How names are resolved, and how long servers may take; other than usual in tests only. */
  readonly lookUp?: LookUp
  readonly deadlines?: Deadlines
}

export interface MediaRequest {
  readonly source: MediaSource
  readonly mediaType: MediaType
  /** The caller's wish; what is sent has the right extension and no path. */
  readonly fileName: string | null
  /** Audio only: made a voice note. */
  readonly voice: boolean
  /** Whose file it is: API keys share out the places for fetching and decoding. */
  readonly keyId?: string | null
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** A file that is ready; `release` removes what was fetched and made for it, and may be called again. */
export type ReadyMedia = MediaFile & { release(): Promise<void> }

const unknownDisk: DiskRoom = { freeBytes: Infinity, checkSpace: () => undefined }

/** Files being fetched at once, and of those of one API key: each holds a socket and 64 KiB. */
const maxFetches = 24
const maxFetchesOfKey = 12

/** What is behind a URL or in an upload, fetched, checked and made fit for WhatsApp. */
export class Media {
  readonly #options: MediaOptions
  readonly #files: TemporaryFiles
  readonly #fetches = new Limiter(maxFetches, maxFetchesOfKey)
  readonly #stopping = new AbortController()
  /** Uploads that an earlier run took in, and that were not compared with their rows yet. */
  #kept = new Set<string>()

  constructor(options: MediaOptions) {
    this.#options = options
    this.#files = new TemporaryFiles(options.folder, options.disk ?? unknownDisk, options.log)
  }

  /** Where uploads are kept. */
  get temporaryFolder(): string {
    return this.#files.folder
  }

  /** Removes what an earlier run left behind, but for the uploads in `keep` (their paths). */
  async start({ keep }: { keep: readonly string[] }): Promise<void> {
    await this.#files.start(keep)
    this.#kept = new Set(keep)
    const { unreadable } = readTrustedHosts(this.#options.settings.get('media.trustedHosts'))
    if (unreadable.length > 0) {
      this.#options.log.warn({ entries: unreadable.length }, 'media.trustedHosts has invalid entries')
    }
  }

  /** Ends what is being fetched and converted; each ends with Failure shutting_down. */
  stop(): void {
    this.#stopping.abort(new Failure('shutting_down', 'Kurir is stopping.'))
  }

  /**
   * Fetches a URL, or takes an upload, and makes a checked file of it.
   *
   * @throws Failure with any of the media_… codes, queue_full, storage_full, storage_unavailable, shutting_down; or the signal's own reason
   */
  async fetch(request: MediaRequest): Promise<ReadyMedia> {
    const signal = this.#signal(request.signal)
    const made: string[] = []
    const newPath = (): string => {
      const path = this.#files.newPath()
      made.push(path)
      return path
    }
    const release = async (): Promise<void> => {
      await Promise.all(made.splice(0).map((path) => this.#files.remove(path)))
    }
    try {
      const original = await this.#original(request, newPath, signal)
      const file = await check(original, request, {
        inspector: this.#options.inspector,
        newPath,
        signal,
        keyId: request.keyId ?? null,
      })
      await this.#removeAllBut(file.path, made)
      return { ...file, release }
    } catch (error) {
      await release()
      throw signal.aborted ? signal.reason : error
    }
  }

  /**
   * Streams a caller's file to the disk, which has it when this resolves: what is then accepted outlives a
   * power cut. Its kind is not known yet: the largest of the limits holds.
   *
   * @throws Failure media_too_large, media_empty, queue_full, storage_full, storage_unavailable, body_unreadable, shutting_down
   */
  async receiveUpload(
    stream: Readable,
    { fileName, mimeType }: { fileName: string | null; mimeType: string | null },
  ): Promise<Upload> {
    const path = this.#files.newPath()
    const signal = this.#signal(undefined)
    try {
      const received = await receiveStream([stream], {
        path,
        limit: this.#largestLimit(),
        lasting: true,
        grow: (bytes) => this.#files.grow(path, bytes),
        signal,
        total: null,
      })
      return { path, ...received, fileName, mimeType }
    } catch (error) {
      await this.#files.remove(path)
      throw signal.aborted ? signal.reason : uploadFailure(error)
    }
  }

  /** Removes an upload that is needed no more, or never was; again: nothing. */
  async discardUpload(upload: Pick<Upload, 'path'>): Promise<void> {
    this.#kept.delete(upload.path)
    if (this.#files.owns(upload.path)) await this.#files.remove(upload.path)
  }

  #signal(outer: AbortSignal | undefined): AbortSignal {
    return outer ? AbortSignal.any([this.#stopping.signal, outer]) : this.#stopping.signal
  }

  async #original(request: MediaRequest, newPath: () => string, signal: AbortSignal): Promise<SourceFile> {
    const limit = this.#limitOf(limitSetting(request.mediaType))
    const { source } = request
    if ('url' in source)
      return this.#fetches.run(
        () => this.#fetchUrl(source.url, request, limit, newPath(), signal),
        signal,
        request.keyId ?? null,
      )
    const { upload } = source
    if (!this.#files.owns(upload.path)) throw new Error('an upload outside of the temporary folder')
    await this.#compare(upload)
    if (upload.bytes > limit.bytes) throw tooLarge(limit)
    return {
      ...upload,
      url: null,
      hops: [],
      contentType: upload.mimeType,
      contentDisposition: null,
      uploadedName: upload.fileName,
    }
  }

  /** The hash was taken of what this run itself has written; only of what outlived a restart it is taken anew. */
  async #compare(upload: Upload): Promise<void> {
    await assertUploadUnchanged(upload, { wholly: this.#kept.has(upload.path) })
    this.#kept.delete(upload.path)
  }

  async #fetchUrl(
    url: string,
    request: MediaRequest,
    limit: SizeLimit,
    path: string,
    signal: AbortSignal,
  ): Promise<SourceFile> {
    const { settings, ownPorts, lookUp, deadlines, egress } = this.#options
    const trusted = readTrustedHosts(settings.get('media.trustedHosts'))
    const connector = { rules: { trusted, ownPorts: ownPorts() }, lookUp, egress }
    const { onProgress } = request
    const fetched = await fetchFile(url, {
      path,
      limit,
      grow: (bytes) => this.#files.grow(path, bytes),
      connector,
      onProgress,
      signal,
      ...(deadlines ? { deadlines } : {}),
    })
    return { path, ...fetched, uploadedName: null }
  }

  #limitOf(setting: SizeLimit['setting']): SizeLimit {
    return { setting, bytes: this.#options.settings.get(setting) * 1_048_576 }
  }

  #largestLimit(): SizeLimit {
    const settings = [
      'media.maxImageMiB',
      'media.maxAudioMiB',
      'media.maxVideoMiB',
      'media.maxDocumentMiB',
    ] as const
    return settings.map((setting) => this.#limitOf(setting)).reduce((a, b) => (b.bytes > a.bytes ? b : a))
  }

  /** What was fetched is not needed once something else was made of it. */
  async #removeAllBut(path: string, made: string[]): Promise<void> {
    const done = made.filter((other) => other !== path)
    made.splice(0, made.length, ...made.filter((other) => other === path))
    await Promise.all(done.map((other) => this.#files.remove(other)))
  }
}

function uploadFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  const failure = fetchFailure(error, new URL('http://upload'))
  if (failure.code === 'storage_full' || failure.code === 'storage_unavailable') return failure
  return new Failure('body_unreadable', 'The upload ended before the file was complete.', { cause: error })
}
