import type { FailureCode } from '../../src-main/lib/failure-codes.ts'
import type { Message, MessageState, StateChange } from '../../src-main/messages/message.ts'
import type { NumberFault, NumberProblem } from '../../src-main/lib/phone-numbers/number-fault.ts'
import type { DuplicateTextWarning } from '../../src-main/messages/submit/duplicate-text.ts'
import type { DayCount } from './devices.ts'
import type { Download } from './files.ts'
import type { Nothing } from './nothing.ts'

/** What the log shows; null stands for "any". */
export interface MessageFilter {
  search: string | null
  deviceId: string | null
  states: MessageState[] | null
  keyName: string | null
  /** Created at or after, and before. */
  from: number | null
  to: number | null
}

export type MediaType =
  | 'image'
  | 'video'
  | 'audio'
  | 'pdf'
  | 'xls'
  | 'xlsx'
  | 'doc'
  | 'docx'
  | 'zip'
  | 'document'

export interface SubmitRequest {
  deviceId: string
  /** As the operator wrote it: one number, or several separated by `|`, commas, semicolons or lines. */
  recipients: string
  content:
    | { kind: 'text'; text: string }
    | {
        kind: 'media'
        mediaType: MediaType
        source: { url: string } | { uploadId: string }
        caption: string | null
        fileName: string | null
        /** Audio only: as a voice note. */
        voice: boolean
        viewOnce: boolean
      }
  footer: string | null
  /** Whether it may wait for a device that is not connected; otherwise that is refused. */
  queue: boolean
}

/** Answered as soon as the rows are accepted; what becomes of them follows as `message.changed`. */
export interface SubmitAnswer {
  requestId: string
  results: { recipient: string; message: Message | null; failure: FailureView | null }[]
}

export interface FailureView {
  code: FailureCode
  reason: string
}

/** One message with everything that is known of it. */
export interface MessageStory {
  message: Message
  /** Oldest first. */
  changes: StateChange[]
  /** The call that caused it, its secrets left out; null once it is no longer kept. */
  call: { at: number; parameters: Record<string, string> } | null
  /** The number that WhatsApp knows the recipient by, where it is another one. */
  otherNumber: string | null
  /** Whether what was sent is kept well enough to send it again. */
  canResend: boolean
}

/** One day by the clock of this PC, as YYYY-MM-DD. */
export interface CountOfDay extends DayCount {
  day: string
}

/** What one written recipient means: `number` in international form, or a group's or newsletter's JID. */
export interface WrittenNumber {
  written: string
  number: string | null
  problem: NumberProblem | null
  /** What is wrong with it, for a sentence about it. */
  fault: NumberFault | null
}

/** Whether a number is on WhatsApp; `unknown` when nobody could be asked. */
export type Presence = 'yes' | 'no' | 'unknown'

export interface MessagesCalls {
  'messages.submit': { request: SubmitRequest; answer: SubmitAnswer }
  /** Newest first, those with a sequence below `before`; at most 200. */
  'messages.list': {
    request: { filter: MessageFilter; before: number | null; limit: number }
    answer: Message[]
  }
  /** The sequences of the oldest and newest rows; null when there is none. */
  'messages.range': { request: Nothing; answer: { oldest: number; newest: number } | null }
  'messages.story': { request: { id: string }; answer: MessageStory }
  'messages.resend': { request: { id: string }; answer: Message }
  /** One entry for each day that has any, oldest first. */
  'messages.countByDay': {
    request: { from: number; to: number; deviceId: string | null }
    answer: CountOfDay[]
  }
  /** By device id; devices without any are left out. */
  'messages.today': { request: Nothing; answer: Record<string, DayCount> }
  /** Where one text went to many recipients, of the last hour, newest first. */
  'messages.warnings': { request: Nothing; answer: DuplicateTextWarning[] }
  /** Null when the operator chose no place for the file. */
  'messages.export': {
    request: { filter: MessageFilter; format: 'csv' | 'xlsx' | 'json' }
    answer: Download | null
  }
  'messages.pause': { request: Nothing; answer: null }
  'messages.resume': { request: Nothing; answer: null }

  'numbers.read': { request: { text: string }; answer: WrittenNumber[] }
  'numbers.lookUp': { request: { deviceId: string; numbers: string[] }; answer: Record<string, Presence> }
}
