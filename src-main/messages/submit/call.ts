import type { FailureCode } from '../../lib/failure-codes.ts'
import type { MediaSource, MediaType } from '../../media/files/media-file.ts'
import type { Message } from '../message.ts'

export type CallContent =
  | { kind: 'text'; text: string }
  | {
      kind: 'media'
      mediaType: MediaType
      source: MediaSource
      caption: string | null
      fileName: string | null
      /** Audio only: to be shown as a voice note. */
      voice: boolean
      viewOnce: boolean
    }

/** A request to send one content to one or several recipients of one device. */
export interface Call {
  deviceId: string
  /** As the caller wrote them: local forms, `A|B|C`, groups. */
  recipients: string[]
  content: CallContent
  footer: string | null
  /** The message that this one answers. */
  quotedId: string | null
  via: 'api' | 'window'
  key: { id: string; name: string } | null
  idempotencyKey: string | null
  /** The caller asks to wait where it would otherwise be refused. */
  queue: boolean
  /** How long the caller can be kept waiting for an outcome, in milliseconds. */
  budgetMs: number
  /** Of the call, for the row's story; without the key. */
  parameters: Record<string, string>
}

/** What became of one recipient by the time of the answer. */
export interface Result {
  /** As the caller wrote it, where it could not be read; else normalised. */
  recipient: string
  /** As the caller wrote it, where that is another text. */
  written?: string
  /** null where no row was written, because this recipient was refused. */
  message: Message | null
  /** null when it was sent, or waits because the caller asked for it. */
  failure: { code: FailureCode; reason: string } | null
}

export interface Submission {
  requestId: string
  results: Result[]
  /** Whether this is the outcome of an earlier, equal call. */
  deduplicated: boolean
  /** What was changed on the way ("sent as a document: …"), for the answer. */
  notes: readonly string[]
  /**
   * To be called once the answer was written whole. Recorded durably where every outcome in it was decided;
   * until then a repeat of the call gets the same outcome.
   */
  markAnswered(): Promise<void>
  /** To be called after that where the answer turns out to be unread: a repeat gets the same outcome again. */
  clearAnswered(): Promise<void>
}
