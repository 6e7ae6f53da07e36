import type { Device } from '../../src-main/devices/device.ts'
import type { MediaKind } from '../../src-main/media/files/media-file.ts'

/** What a practice recipient's phone shows. */
export interface InboxMessage {
  id: string
  from: string
  to: string
  kind: 'text' | MediaKind
  text: string | null
  fileName: string | null
  mimeType: string | null
  sha256: string | null
  bytes: number | null
  at: number
}

export interface SandboxCalls {
  /** Adds a sandbox device and has a practice phone scan it, in one go. */
  'sandbox.addDevice': { request: { name: string }; answer: Device }
  /** A practice phone scans the QR (or takes the code) that this sandbox device shows. */
  'sandbox.scan': { request: { id: string }; answer: null }
  /** Newest first; `number` narrows it to one chat; `before` is a message's id. */
  'sandbox.inbox': {
    request: { number: string | null; before: string | null; limit: number }
    answer: InboxMessage[]
  }
  /** The decrypted file of a message, in parts. */
  'sandbox.file': { request: { id: string; offset: number }; answer: { base64: string; last: boolean } }
}
