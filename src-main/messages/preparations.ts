import { setTimeout as pause } from 'node:timers/promises'
import { failureCodes, type FailureCode } from '../failure-codes.ts'
import { Failure, sentenceOf } from '../failure.ts'
import type { Content } from '../devices/connection/sending.ts'
import type { FetchProgress, MediaFile } from '../media/media-file.ts'
import type { Logger } from '../logger.ts'
import type { Database } from '../storage/database.ts'
import type { CallContent } from './call.ts'
import type { Carrier, Fetcher } from './carrier.ts'
import { retryDelay } from './choice.ts'
import type { LiveRequest, PendingContent } from './live-request.ts'
import { isDecided } from './message-state.ts'
import type { Message } from './message.ts'
import { uncertaintyNotes } from './media-notes.ts'
import type { MessagesTable } from './messages-table.ts'
import { isNewsletter } from './phone-number.ts'
import type { Quotes } from './quotes.ts'
import type { RequestsTable } from './requests-table.ts'
import { isDisconnection, soonConnected } from './soon-connected.ts'
import type { SearchIndex } from './search-index.ts'
import type { Reason } from './sentences.ts'

/** Requests of one device whose files are fetched or uploaded at a time, and of those of one API key; texts as many again. */
const maxAtOnce = 8
const maxAtOnceOfKey = 4
/** Lines that may drop while one file is uploaded. */
const mostTries = 4
/** That a line dropped may be known a moment later: milliseconds. */
const beforeRetry = 100
/** Progress is told no more often than this, in milliseconds. */
const tellEvery = 200

/** Failures that say nothing of the file. */
const passing = new Set<FailureCode>([
  'device_disconnected',
  'queue_full',
  'storage_full',
  'storage_unavailable',
  'shutting_down',
])

export interface PreparationParts {
  carrier: Carrier
  media: Fetcher
  database: Database
  rows: MessagesTable
  requests: RequestsTable
  quotes: Quotes
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
  refused: (reason: Reason) => void
  /** Nothing is wrong with it; it is to be tried again at that time. */
  later: (at: number) => void
}

/**
 * Makes WhatsApp's own form of what is to be sent, once a request: fetches and checks what a url names, has
 * it uploaded, and keeps the result on the disk, so that after a crash nothing is fetched again. Where the
 * file was fetched but not yet uploaded when the program ended, it is fetched again.
 */
export class Preparations {
  readonly #parts: PreparationParts
  readonly #running = new Map<LiveRequest, { abort: AbortController; isText: boolean }>()
  readonly #tries = new WeakMap<LiveRequest, number>()

  constructor(parts: PreparationParts) {
    this.#parts = parts
  }

  /** Whether that request may be begun beside the others of its device and its key. */
  hasRoom({ deviceId, keyId, pending }: LiveRequest): boolean {
    let running = 0
    let ofKey = 0
    for (const [request, { isText }] of this.#running) {
      if (request.deviceId !== deviceId || isText !== (pending?.content.kind === 'text')) continue
      running++
      if (request.keyId === keyId) ofKey++
    }
    return running < maxAtOnce && ofKey < maxAtOnceOfKey
  }

  isRunning(request: LiveRequest): boolean {
    return this.#running.has(request)
  }

  begin(request: LiveRequest, outcome: Prepared): void {
    const { pending } = request
    if (pending === null || this.#running.has(request)) return
    const abort = new AbortController()
    this.#running.set(request, { abort, isText: pending.content.kind === 'text' })
    void this.#prepare(request, pending, abort.signal).then(
      () => {
        this.#running.delete(request)
        outcome.ready()
      },
      (thrown: unknown) => {
        this.#running.delete(request)
        if (!abort.signal.aborted) this.#failed(request, thrown, outcome)
      },
    )
  }

  /** The file that came with a call is needed no more. */
  async discardUpload(content: CallContent): Promise<void> {
    if (content.kind === 'media' && 'upload' in content.source) {
      await this.#parts.media.discardUpload(content.source.upload)
    }
  }

  /** The request ended before it was prepared. */
  async forget(request: LiveRequest, { content }: PendingContent): Promise<void> {
    const { database, requests, log } = this.#parts
    try {
      await this.discardUpload(content)
      await database.write(() => requests.forgetSource(request.number))
    } catch (thrown) {
      log.warn({ request: request.number, reason: sentenceOf(thrown) }, 'a source could not be forgotten')
    }
  }

  /** Ends what is being fetched; it is fetched again after the next start. */
  stop(): void {
    for (const { abort } of this.#running.values()) abort.abort()
  }

  async #prepare(request: LiveRequest, pending: PendingContent, signal: AbortSignal): Promise<void> {
    const { content } = pending
    if (content.kind === 'text') {
      await this.#keep(
        request,
        await this.#compose(request, { kind: 'text', text: pending.text ?? '' }, pending, signal),
      )
      return
    }
    const file = await this.#parts.media.fetch({
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
    request: LiveRequest,
    content: Content,
    { quotedId }: PendingContent,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { carrier, quotes, now } = this.#parts
    const quoted = quotedId === null ? null : quotes.of(request.deviceId, quotedId)
    const whole = quoted === null ? content : { ...content, quoted }
    const tell = this.#progressOf(request, 'uploading')
    const options = {
      onProgress: (bytes: number, total: number) => tell({ bytes, total }),
      newsletter: isForNewsletters(request),
    }
    for (let tries = 1; ; tries++) {
      await soonConnected(carrier, request.deviceId, { now, signal })
      try {
        return await carrier.compose(request.deviceId, whole, options)
      } catch (thrown) {
        // The file is here: while the line comes and goes it need not be fetched again.
        if (!isDisconnection(thrown) || tries >= mostTries) throw thrown
        await pause(beforeRetry, undefined, { signal })
      }
    }
  }

  async #keep(request: LiveRequest, encoded: Uint8Array): Promise<void> {
    const { database, requests } = this.#parts
    await database.write(() => requests.encode(request.number, encoded))
    request.encode(encoded)
    this.#show(request, null)
  }

  /** The file says best what it is: it may have had to become a document. */
  async #nameFile(request: LiveRequest, file: MediaFile, viewOnce: boolean): Promise<void> {
    const { database, rows, index, keptFileName } = this.#parts
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

  #progressOf(request: LiveRequest, stage: 'fetching' | 'uploading'): (progress: FetchProgress) => void {
    let toldAt = -Infinity
    return ({ bytes, total }) => {
      const now = this.#parts.now()
      if (now - toldAt < tellEvery && bytes !== total) return
      toldAt = now
      this.#show(request, { stage, bytes, total })
    }
  }

  #show(request: LiveRequest, progress: Message['progress']): void {
    for (const job of request.jobs) {
      if (isDecided(job.message.state)) continue
      job.message = { ...job.message, progress }
      this.#parts.show(job.message)
    }
  }

  #failed(request: LiveRequest, thrown: unknown, outcome: Prepared): void {
    this.#show(request, null)
    const tries = (this.#tries.get(request) ?? 0) + 1
    this.#tries.set(request, tries)
    if (!(thrown instanceof Failure)) {
      this.#parts.log.error({ request: request.number, reason: sentenceOf(thrown) }, 'preparing failed')
      outcome.refused({ code: 'internal_error', reason: failureCodes.internal_error.meaning })
      return
    }
    if (passing.has(thrown.code)) outcome.later(this.#parts.now() + retryDelay(tries, 1_000))
    else outcome.refused({ code: thrown.code, reason: thrown.message })
  }
}

function isForNewsletters({ jobs }: LiveRequest): boolean {
  return jobs.every(({ message }) => isNewsletter(message.recipient))
}
