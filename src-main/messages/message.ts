import type { FailureCode } from '../lib/failure-codes.ts'
import type { MediaKind } from '../media/files/media-file.ts'

/** queued → sending → sent → delivered → read → played, and the ends failed and expired. */
export type MessageState =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'played'
  | 'failed'
  | 'expired'

/** One recipient's message: the row that the caller's answer, the window's log and the receipts share. */
export interface Message {
  /** WhatsApp's own message id, chosen before anything leaves. */
  readonly id: string
  /** Grows with each accepted message: the log's order and its paging key. */
  readonly sequence: number
  /** The call that it came from; several recipients share one. */
  readonly requestId: string
  readonly deviceId: string
  /** The normalised number, or a group's or newsletter's JID. */
  readonly recipient: string
  readonly kind: 'text' | MediaKind
  /** The text or caption as kept: whole, masked, or null where it is not kept. */
  readonly text: string | null
  readonly fileName: string | null
  readonly state: MessageState
  /** Why it failed or waits: a stable code and an English sentence for people. */
  readonly failure: { code: FailureCode; reason: string } | null
  /** Bytes fetched or uploaded so far, while a file is on its way. */
  readonly progress: { stage: 'fetching' | 'uploading'; bytes: number; total: number | null } | null
  readonly via: 'api' | 'window'
  /** The name of the API key that called. */
  readonly keyName: string | null
  readonly createdAt: number
  /** When the state last changed. */
  readonly changedAt: number
}

/** One line of a message's story: what happened, when, and why. */
export interface StateChange {
  readonly state: MessageState
  readonly at: number
  readonly note: string | null
}
