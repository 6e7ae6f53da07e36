import type { CallContent } from './call.ts'
import { isDecided } from '../message-state.ts'
import type { Message } from '../message.ts'

/** What is still to be fetched, checked and encoded of a media request; kept in its row as JSON. */
export interface PendingContent {
  content: CallContent
  /** What is shown with it: caption and footer. */
  text: string | null
  quotedId: string | null
}

/** Larger encoded messages (thumbnails) are read from the disk when their turn comes: bytes. */
const maxInMemoryBytes = 4_096
/** What a row takes on the disk besides its text, some, in bytes. */
const bytesPerRow = 512

/** One message on its way, between acceptance and decision. */
export interface Job {
  readonly request: PendingRequest
  /** As it stands; `recorded` is how far that is on the disk. */
  message: Message
  recorded: Message
  /** Where to hand it over to, once WhatsApp was asked. */
  jid: string | null
  /** It was handed over and nobody knows what became of it: it must be sent again under its id. */
  mayHaveLeft: boolean
  inFlight: boolean
  /** A hand-over of it went unanswered before: no other recipient waits for it again. */
  slow: boolean
  /** Not to be tried before, in milliseconds since the epoch. */
  retryAt: number
  attempts: number
  /** Refusals of what may have arrived before. */
  refusals: number
  lookUps: number
  /** How the pace has counted it: not yet, or as a message to a known or a new contact. */
  counted: 'no' | 'known' | 'new'
}

/**
 * A request of which something is undecided. It is what callers wait for: the first one, and those whose
 * call repeats it.
 */
export class PendingRequest {
  readonly number: number
  readonly deviceId: string
  /** Of the API key; null for the window. */
  readonly keyId: string | null
  /** A caller asked to wait where it would otherwise be refused. */
  queue: boolean
  readonly jobs: Job[] = []
  /** WhatsApp's own form where it is small enough to be held in memory; the disk has it in any case. */
  encoded: Uint8Array | null = null
  /** Whether there is WhatsApp's own form of it. */
  prepared = false
  pending: PendingContent | null
  /** Preparing is not to be tried before, in milliseconds since the epoch. */
  prepareAt = 0
  notes: readonly string[] = []
  /** Kept once its rows are on the disk, broken where they could not be written. */
  accepted: Promise<void> = Promise.resolve()
  /** Whether they are there. */
  written = false
  /** Its rows could not be written: it was never accepted. */
  cancelled = false
  /** The caller's time is up: from then on its messages stay in the outbox whatever happens. */
  answered = false
  /** Called when it takes another room on the disk. */
  onResized: () => void = () => undefined
  #contentBytes = 0
  readonly #waiting = new Set<() => void>()

  constructor(request: {
    number: number
    deviceId: string
    keyId: string | null
    queue: boolean
    encoded: Uint8Array | null
    pending: PendingContent | null
  }) {
    this.number = request.number
    this.deviceId = request.deviceId
    this.keyId = request.keyId
    this.queue = request.queue
    this.pending = request.pending
    this.#contentBytes = contentBytes(request)
    if (request.encoded !== null) this.encode(request.encoded)
  }

  /** What it takes on the disk, some, a file that came with it included. */
  get bytes(): number {
    return this.#contentBytes + this.jobs.length * bytesPerRow
  }

  /** Whether a caller is waiting for its outcome right now. */
  get waitedFor(): boolean {
    return this.#waiting.size > 0
  }

  encode(encoded: Uint8Array): void {
    this.prepared = true
    this.pending = null
    this.encoded = encoded.length <= maxInMemoryBytes ? encoded : null
    this.#contentBytes = contentBytes({ encoded, pending: null })
    this.onResized()
  }

  get decided(): boolean {
    return this.jobs.every((job) => isDecided(job.recorded.state))
  }

  /** Whether a caller can be answered: all is decided, or what is not waits because it was asked to. */
  get answerable(): boolean {
    return this.jobs.every(
      (job) => isDecided(job.recorded.state) || (this.queue && job.recorded.failure !== null),
    )
  }

  /** To be called whenever one of its messages has changed. */
  changed(): void {
    if (this.#waiting.size === 0 || !this.answerable) return
    this.release()
  }

  /** Ends everybody's waiting. */
  release(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const done of waiting) done()
  }

  /** Waits until a caller can be answered, and `withinMs` at most; answers whether it can. */
  async whenAnswerable(withinMs: number): Promise<boolean> {
    if (this.answerable || withinMs <= 0) return this.answerable
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(done)
        resolve()
      }, withinMs)
      this.#waiting.add(done)
    })
    return this.answerable
  }
}

interface Content {
  encoded: Uint8Array | null
  pending: PendingContent | null
}

/** What a call to so many recipients will take on the disk, some, in bytes. */
export function bytesOfCall(content: Content, recipients: number): number {
  return contentBytes(content) + recipients * bytesPerRow
}

/** The text is there in two forms. */
function contentBytes({ encoded, pending }: Content): number {
  if (encoded !== null) return 2 * encoded.length
  if (pending === null) return 0
  const { content, text } = pending
  const upload = content.kind === 'media' && 'upload' in content.source ? content.source.upload.bytes : 0
  return 2 * Buffer.byteLength(text ?? '') + upload
}

/** A job for a message that was just accepted, or found undecided after a restart. */
export function jobOf(request: PendingRequest, message: Message, jid: string | null): Job {
  const job: Job = {
    request,
    message,
    recorded: message,
    jid,
    mayHaveLeft: false,
    inFlight: false,
    slow: false,
    retryAt: 0,
    attempts: 0,
    refusals: 0,
    lookUps: 0,
    counted: 'no',
  }
  request.jobs.push(job)
  return job
}
