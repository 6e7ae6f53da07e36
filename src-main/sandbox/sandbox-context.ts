import type { Accounts } from './accounts/accounts.ts'
import type { Database } from '../storage/database/database.ts'
import type { Blobs } from './media/blobs.ts'
import type { NoiseIdentity } from './server/noise-identity.ts'
import type { Companions } from './accounts/companions.ts'
import type { SandboxTimers } from './chats/sandbox-timers.ts'
import type { Contacts } from './chats/sandbox-contacts.ts'
import type { Faults } from './control/faults.ts'
import type { Groups } from './chats/sandbox-groups.ts'
import type { Inbox } from './delivery/inbox.ts'
import type { Incoming } from './chats/incoming.ts'
import type { ClientConnections } from './server/client-connections.ts'
import type { MediaHosts } from './media/media-host.ts'
import type { NewChatCaps } from './accounts/new-chat-cap.ts'
import type { CollectionName } from './phone/phone-app-state.ts'
import type { PhoneStates } from './phone/phone-state.ts'
import type { PhoneTable } from './phone/phone-table.ts'
import type { OfflineQueue } from './delivery/offline-queue.ts'
import type { Presences } from './accounts/presence.ts'
import type { Receipts } from './delivery/sandbox-receipts.ts'
import type { Refusals } from './delivery/refusals.ts'
import type { Reports } from './control/reports.ts'
import type { SandboxTable } from './sandbox-table.ts'
import type { TimeLock } from './accounts/time-lock.ts'
import type { TlsIdentity } from './server/tls-certificate.ts'

/** Everything that the practice WhatsApp consists of, as its parts know each other. */
export interface SandboxContext {
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
  readonly lines: ClientConnections
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
