import type { Accounts } from './accounts.ts'
import type { Database } from '../storage/database.ts'
import type { Blobs } from './blobs.ts'
import type { NoiseIdentity } from './certificates.ts'
import type { Companions } from './companions.ts'
import type { SandboxTimers } from './chat-timers.ts'
import type { Contacts } from './contacts.ts'
import type { Faults } from './faults.ts'
import type { Groups } from './groups.ts'
import type { Inbox } from './inbox.ts'
import type { Incoming } from './incoming.ts'
import type { Lines } from './lines.ts'
import type { MediaHosts } from './media-host.ts'
import type { NewChatCaps } from './new-chat-cap.ts'
import type { CollectionName } from './phone/app-state.ts'
import type { PhoneStates } from './phone/phone-state.ts'
import type { PhoneTable } from './phone/phone-table.ts'
import type { OfflineQueue } from './offline-queue.ts'
import type { Presences } from './presence.ts'
import type { Receipts } from './receipts.ts'
import type { Refusals } from './refusals.ts'
import type { Reports } from './reports.ts'
import type { SandboxTable } from './sandbox-table.ts'
import type { TimeLock } from './time-lock.ts'
import type { TlsIdentity } from './tls-certificate.ts'

/** Everything that the practice WhatsApp consists of, as its parts know each other. */
export interface World {
  readonly now: () => number
  readonly noise: NoiseIdentity
  readonly tls: TlsIdentity
  readonly blobs: Blobs
  media: MediaHosts | null
  readonly database: Database
  readonly table: SandboxTable
  /** What phones share with the devices that are linked to them. */
  readonly phones: PhoneStates
  readonly phoneTable: PhoneTable
  /** Whether phones tell devices that are linked of their history and settings. */
  readonly sharesHistory: boolean
  /** Which collections of their app state devices have asked for. */
  readonly appStateAsked: { number: string; name: CollectionName }[]
  readonly accounts: Accounts
  readonly companions: Companions
  readonly contacts: Contacts
  readonly inbox: Inbox
  readonly lines: Lines
  readonly faults: Faults
  readonly presences: Presences
  readonly reports: Reports
  readonly refusals: Refusals
  readonly timeLock: TimeLock
  readonly newChatCaps: NewChatCaps
  readonly receipts: Receipts
  readonly offline: OfflineQueue
  readonly incoming: Incoming
  readonly timers: SandboxTimers
  readonly groups: Groups
  /** A device query about more users than that is never answered. */
  readonly maxUsyncUsers: number
}
