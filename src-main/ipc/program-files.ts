import { writeFile } from 'node:fs/promises'
import type { Saving } from '../../src-preload/contract.ts'
import type { Application } from '../app.ts'
import { backupContent } from '../backup-content.ts'
import { diagnosticsOf } from '../diagnostics.ts'
import { migrations } from '../migrations.ts'
import { writeBackup } from '../storage/backup.ts'
import { stageRestore } from '../storage/restore.ts'
import type { Savings } from './savings.ts'
import type { ShellAbilities } from './shell.ts'
import type { ReceivedFile } from './uploads.ts'

/** Milliseconds for the window to hear of a restore before the program goes. */
const farewell = 1_500

export function beginBackup(application: Application, savings: Savings): Promise<Saving | null> {
  const { database, settings, version } = application
  return savings.begin('backup', `kurir-${today()}.kurir-backup`, (file) =>
    writeBackup({ database, file, settings: settings.kept(), version, content: backupContent }),
  )
}

/**
 * Lays a backup ready; the program then starts again and puts it in place.
 * @throws Failure backup_invalid, database_newer, storage_full, storage_unavailable
 */
export async function restore(
  { dataFolder }: Application,
  shell: ShellAbilities,
  file: ReceivedFile,
): Promise<{ messages: number; keys: number; devices: number }> {
  const {
    messages = 0,
    keys = 0,
    devices = 0,
  } = await stageRestore({
    backup: file.path,
    folder: dataFolder,
    migrations,
    content: backupContent,
  })
  setTimeout(() => shell.restart(), farewell)
  return { messages, keys, devices }
}

export function beginDiagnostics(application: Application, savings: Savings): Promise<Saving | null> {
  return savings.begin('diagnostics', `kurir-diagnostics-${today()}.json`, async (file) => {
    await writeFile(file, `${JSON.stringify(await diagnosticsOf(application), null, 2)}\n`, { mode: 0o600 })
  })
}

/** YYYY-MM-DD by this PC's clock, for the name of a file. */
export function today(now = new Date()): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
