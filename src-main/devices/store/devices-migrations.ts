import type { Migration } from '../../storage/database/database.ts'
import { devicesTableMigrations } from './devices-table.ts'
import { chatTimersMigrations } from '../timers/chat-timers-table.ts'
import { sessionKeysMigrations } from '../session-keys/session-keys-table.ts'

/** The migrations of this module's tables. */
export const deviceMigrations: readonly Migration[] = [
  ...devicesTableMigrations,
  ...sessionKeysMigrations,
  ...chatTimersMigrations,
]

/** For a backup that is restored: its phones are linked anew, and WhatsApp's quota is asked for again then. */
export const devicesAfterRestore: readonly string[] = [
  'UPDATE devices SET new_chat_quota = NULL WHERE new_chat_quota IS NOT NULL',
]
