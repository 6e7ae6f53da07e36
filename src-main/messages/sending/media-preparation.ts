import { setTimeout as pause } from 'node:timers/promises'
import { failureCodes, type FailureCode } from '../../lib/failure-codes.ts'
import { Failure, sentenceOf } from '../../lib/failure.ts'
import type { Content } from '../../devices/connection/sending/outgoing.ts'
import type { FetchProgress, MediaFile } from '../../media/files/media-file.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Database } from '../../storage/database/database.ts'
import type { CallContent } from '../submit/call.ts'
import type { DeviceGateway, Fetcher } from './device-gateway.ts'
import { retryDelay } from '../queue/pick-next-job.ts'
import type { PendingRequest, PendingContent } from '../submit/pending-request.ts'
import { isDecided } from '../message-state.ts'
import type { Message } from '../message.ts'
import { uncertaintyNotes } from './media-notes.ts'
import type { MessagesTable } from '../store/messages-table.ts'
import { isNewsletter } from '../submit/call-recipients.ts'
import type { QuotedMessages } from './quoted-messages.ts'
import type { RequestsTable } from '../store/requests-table.ts'
import { isDisconnection, soonConnected } from '../queue/reconnecting.ts'
import type { SearchIndex } from '../log/search-index.ts'
import type { FailureInfo } from '../log/failure-messages.ts'

/** Requests of one device whose files are fetched or uploaded at a time, and of those of one API key; texts as many again. */
const maxAtOnce = 8
const maxAtOnceOfKey = 4
/** Lines that may drop while one file is uploaded. */
const maxTries = 4
/** That a line dropped may be known a moment later: milliseconds. */
const beforeRetryMs = 100
/** Progress is told no more often than this, in milliseconds. */
const tellEvery = 200

/** Failures that say nothing of the file. */
const transientCodes = new Set<FailureCode>([
  'device_disconnected',
  'queue_full',
  'storage_full',
  'storage_unavailable',
  'shutting_down',
])

export interface MediaPreparationDependencies {
  gateway: DeviceGateway
  media: Fetcher
  database: Database
  rows: MessagesTable
  requests: RequestsTable
  quotedMessages: QuotedMessages
  index: Pick<SearchIndex, 'renew'>
  /** Tells the window of a change that is not on the disk: progress. */
  show: (message: Message) => void
  keptFileName: (fileName: string | null) => string | null
  log: Logger
  now: () => number
}

/** What becomes of a request that is being prepared. */
export interface Prepared {
  ready: () => void
  refused: (reason: FailureInfo) => void
  /** Nothing is wrong with it; it is to be tried again at that time. */
  later: (at: number) => void
}

/**
 * Makes WhatsApp's own form of what is to be sent, once a request: fetches and checks what a url names, has
 * it uploaded, and keeps the result on the disk, so that after a crash nothing is fetched again. Where the
 * file was fetched but not yet uploaded when the program ended, it is fetched again.
 */
export class MediaPreparation {
  readonly #dependencies: MediaPreparationDependencies
  readonly #running = new Map<PendingRequest, { abort: AbortController; isText: boolean }>()
  readonly #tries = new WeakMap<PendingRequest, number>()

  constructor(dependencies: MediaPreparationDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether that request may be begun beside the others of its device and its key. */
  hasRoom({ deviceId, keyId, pending }: PendingRequest): boolean {
    let running = 0
    let ofKey = 0
    for (const [request, { isText }] of this.#running) {
      if (request.deviceId !== deviceId || isText !== (pending?.content.kind === 'text')) continue
      running++
      if (request.keyId === keyId) ofKey++
    }
    return running < maxAtOnce && ofKey < maxAtOnceOfKey
  }

  isRunning(request: PendingRequest): boolean {
    return this.#running.has(request)
  }

  begin(request: PendingRequest, outcome: Prepared): void {
    const { pending } = request
    if (pending === null || this.#running.has(request)) return
    const abort = new AbortController()
    this.#running.set(request, { abort, isText: pending.content.kind === 'text' })
    void this.#prepare(request, pending, abort.signal).then(
      () => {
        this.#running.delete(request)
        outcome.ready()
      },
      (error: unknown) => {
        this.#running.delete(request)
        if (!abort.signal.aborted) this.#failed(request, error, outcome)
      },
    )
  }

  /** The file that came with a call is needed no more. */
  async discardUpload(content: CallContent): Promise<void> {
    if (content.kind === 'media' && 'upload' in content.source) {
      await this.#dependencies.media.discardUpload(content.source.upload)
    }
  }

  /** The request ended before it was prepared. */
  async forget(request: PendingRequest, { content }: PendingContent): Promise<void> {
    const { database, requests, log } = this.#dependencies
    try {
      await this.discardUpload(content)
      await database.write(() => requests.forgetSource(request.number))
    } catch (error) {
      log.warn(
        { request: request.number, reason: sentenceOf(error) },
        'could not delete the source of a request',
      )
    }
  }

  /** Ends what is being fetched; it is fetched again after the next start. */
  stop(): void {
    for (const { abort } of this.#running.values()) abort.abort()
  }

  async #prepare(request: PendingRequest, pending: PendingContent, signal: AbortSignal): Promise<void> {
    const { content } = pending
    if (content.kind === 'text') {
      await this.#keep(
        request,
        await this.#compose(request, { kind: 'text', text: pending.text ?? '' }, pending, signal),
      )
      return
    }
    const file = await this.#dependencies.media.fetch({
      source: content.source,
      mediaType: content.mediaType,
      fileName: content.fileName,
      voice: content.voice,
      keyId: request.keyId,
      onProgress: this.#progressOf(request, 'fetching'),
      signal,
    })
    try {
      await this.#nameFile(request, file, content.viewOnce)
      const encoded = await this.#compose(
        request,
        { kind: 'media', file, caption: pending.text, viewOnce: content.viewOnce },
        pending,
        signal,
      )
      await this.#keep(request, encoded)
      await this.discardUpload(content)
    } finally {
      await file.release()
    }
  }

  async #compose(
    request: PendingRequest,
    content: Content,
    { quotedId }: PendingContent,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { gateway, quotedMessages, now } = this.#dependencies
    const quoted = quotedId === null ? null : quotedMessages.of(request.deviceId, quotedId)
    const whole = quoted === null ? content : { ...content, quoted }
    const publish = this.#progressOf(request, 'uploading')
    const options = {
      onProgress: (bytes: number, total: number) => publish({ bytes, total }),
      newsletter: isForNewsletters(request),
    }
    for (let tries = 1; ; tries++) {
      await soonConnected(gateway, request.deviceId, { now, signal })
      try {
        return await gateway.compose(request.deviceId, whole, options)
      } catch (error) {
        // The file is here: while the line comes and goes it need not be fetched again.
        if (!isDisconnection(error) || tries >= maxTries) throw error
        await pause(beforeRetryMs, undefined, { signal })
      }
    }
  }

  async #keep(request: PendingRequest, encoded: Uint8Array): Promise<void> {
    const { database, requests } = this.#dependencies
    await database.write(() => requests.encode(request.number, encoded))
    request.encode(encoded)
    this.#show(request, null)
  }

  /** The file says best what it is: it may have had to become a document. */
  async #nameFile(request: PendingRequest, file: MediaFile, viewOnce: boolean): Promise<void> {
    const { database, rows, index, keptFileName } = this.#dependencies
    const fileName = keptFileName(file.fileName)
    const newsletter = isForNewsletters(request)
    request.notes = [...file.notes, ...uncertaintyNotes({ kind: file.kind, viewOnce, newsletter })]
    for (const job of request.jobs) job.message = { ...job.message, kind: file.kind, fileName }
    await database.write(() => {
      rows.nameFile(request.number, request.jobs.length, file.kind, fileName)
      for (const job of request.jobs) index.renew(job.message.sequence)
    })
    for (const job of request.jobs) {
      if (!isDecided(job.recorded.state)) job.recorded = { ...job.recorded, kind: file.kind, fileName }
    }
  }

  #progressOf(request: PendingRequest, stage: 'fetching' | 'uploading'): (progress: FetchProgress) => void {
    let toldAt = -Infinity
    return ({ bytes, total }) => {
      const now = this.#dependencies.now()
      if (now - toldAt < tellEvery && bytes !== total) return
      toldAt = now
      this.#show(request, { stage, bytes, total })
    }
  }

  #show(request: PendingRequest, progress: Message['progress']): void {
    for (const job of request.jobs) {
      if (isDecided(job.message.state)) continue
      job.message = { ...job.message, progress }
      this.#dependencies.show(job.message)
    }
  }

  #failed(request: PendingRequest, error: unknown, outcome: Prepared): void {
    this.#show(request, null)
    const tries = (this.#tries.get(request) ?? 0) + 1
    this.#tries.set(request, tries)
    if (!(error instanceof Failure)) {
      this.#dependencies.log.error(
        { request: request.number, reason: sentenceOf(error) },
        'could not prepare the media',
      )
      outcome.refused({ code: 'internal_error', reason: failureCodes.internal_error.meaning })
      return
    }
    if (transientCodes.has(error.code)) outcome.later(this.#dependencies.now() + retryDelay(tries, 1_000))
    else outcome.refused({ code: error.code, reason: error.message })
  }
}

function isForNewsletters({ jobs }: PendingRequest): boolean {
  return jobs.every(({ message }) => isNewsletter(message.recipient))
}
