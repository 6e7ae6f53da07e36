import type { BackupContent } from '../storage/backup/backup.ts'
import { devicesAfterRestore } from '../devices/store/devices-migrations.ts'
import { keyCredentials } from '../keys/restored-keys.ts'
import { endedByRestore } from '../messages/store/messages-migrations.ts'
import { sessionKeysTables } from '../devices/session-keys/session-keys-table.ts'

/** What a backup of Kurir's database holds, and what a restored one must not go on doing. */
export const backupContent: BackupContent = {
  leaveOut: sessionKeysTables,
  counted: { messages: 'messages', keys: 'api_keys', devices: 'devices' },
  afterwards: [...endedByRestore, ...devicesAfterRestore],
  credentials: keyCredentials,
}
