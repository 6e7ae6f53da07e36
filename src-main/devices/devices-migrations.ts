import type { Migration } from '../storage/database.ts'
import { devicesTableMigrations } from './devices-table.ts'
import { chatTimersMigrations } from './timers/chat-timers-table.ts'
import { sessionKeysMigrations } from './session-keys/session-keys-table.ts'

/** Every step of this room's tables. */
export const deviceMigrations: readonly Migration[] = [
  ...devicesTableMigrations,
  ...sessionKeysMigrations,
  ...chatTimersMigrations,
]
