import { deviceMigrations } from '../devices/store/devices-migrations.ts'
import { keyMigrations } from '../keys/keys-table.ts'
import { messageMigrations } from '../messages/store/messages-migrations.ts'
import type { Migration } from '../storage/database/database.ts'

/** The database's form, in all its steps. Numbers: devices 10–19, keys 20–29, messages 30–59, others 60–79. */
export const migrations: readonly Migration[] = [...deviceMigrations, ...keyMigrations, ...messageMigrations]
