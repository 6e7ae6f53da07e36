import type { MediaFile } from '../../../media/files/media-file.ts'

/** What is to be said, before WhatsApp's own form of it is made. */
export type Content =
  | { kind: 'text'; text: string; quoted?: Quoted }
  | { kind: 'media'; file: MediaFile; caption: string | null; viewOnce: boolean; quoted?: Quoted }

/** The message that this one answers: `message` is its encoded form where it is known. */
export interface Quoted {
  id: string
  /** Who wrote it, as a JID; null where only the bare id is known. */
  participant: string | null
  message: Uint8Array | null
}

/** What is to be sent, in WhatsApp's own form and under an id chosen beforehand. */
export interface Outgoing {
  messageId: string
  /** A person's, a group's or a newsletter's JID. */
  jid: string
  message: Uint8Array
  /**
   * Kept once its row is on the disk, which it is asked to see to: encryption begins before, and no frame leaves
   * before. Rejects where the row could not be written. Left out: it is there.
   */
  written?: () => Promise<void>
}

/** How one hand-over ended. Only `acknowledged` is "sent". */
export type SendOutcome =
  | { result: 'acknowledged'; at: number }
  /** WhatsApp or the encryption said no: this message will never arrive. */
  | { result: 'refused'; code: SendRefusal; reason: string; whatsappCode: number | null }
  /** It may have left: to be sent again under the same id once connected. `reason` for the log. */
  | { result: 'unknown'; reason: string }
  /** It certainly did not leave; to be sent again under the same id. */
  | { result: 'not_sent'; reason: string }

export type SendRefusal =
  | 'refused_by_whatsapp'
  | 'contact_locked'
  | 'time_locked'
  | 'new_chat_quota_used'
  | 'no_recipient_device'
  | 'encryption_failed'
  | 'media_upload_failed'
  | 'not_on_whatsapp'

/** What a receipt says of messages sent from here. `at` is the server's time in milliseconds. */
export interface Receipt {
  deviceId: string
  messageIds: string[]
  /** Who sent it; in a group, the participant. */
  from: string
  kind: 'delivered' | 'read' | 'played'
  at: number
}

/** What WhatsApp answered about a number: `jid` is its own name where that is known, `lid` the other one. */
export type Lookup = { exists: true; jid: string; lid: string | null } | { exists: false }
