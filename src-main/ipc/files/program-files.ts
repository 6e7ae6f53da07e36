import { writeFile } from 'node:fs/promises'
import type { AnswerOf, RequestOf, Download } from '../../../src-preload/contract.ts'
import type { Application } from '../../app/app.ts'
import { backupContent } from '../../app/backup-content.ts'
import { diagnosticsOf } from '../../app/diagnostics.ts'
import { writeBackup } from '../../storage/backup/backup.ts'
import type { Downloads } from './downloads.ts'
import type { HostCapabilities } from '../host-platform.ts'
import type { ReceivedFile } from './uploads.ts'

/** Milliseconds for the window to hear of a restore before the program goes. */
const restartDelayMs = 1_500

export function beginBackup(application: Application, downloads: Downloads): Promise<Download | null> {
  const { database, settings, version } = application
  return downloads.begin('backup', `kurir-${today()}.kurir-backup`, (file) =>
    writeBackup({ database, file, settings: settings.kept(), version, content: backupContent }),
  )
}

/**
 * Reads a backup, and answers what it would open.
 * @throws Failure backup_invalid, database_newer, storage_full, storage_unavailable
 */
export async function prepareRestore(
  { restores }: Application,
  file: ReceivedFile,
): Promise<AnswerOf<'program.prepareRestore'>> {
  const { id, newKeys, access } = await restores.prepare(file.path)
  return { restoreId: id, newKeys: [...newKeys], access: [...access] }
}

/**
 * Lays a backup that was read ready; the program then starts again and puts it in place.
 * @throws Failure parameter_invalid, storage_full, storage_unavailable
 */
export async function restore(
  { restores }: Application,
  shell: HostCapabilities,
  { restoreId, includeKeys, includeAccess }: RequestOf<'program.restore'>,
): Promise<AnswerOf<'program.restore'>> {
  const counts = await restores.finish(restoreId, { keys: includeKeys, access: includeAccess })
  setTimeout(() => shell.restart(), restartDelayMs)
  const { messages = 0, keys = 0, devices = 0 } = counts
  return { messages, keys, devices }
}

export function beginDiagnostics(application: Application, downloads: Downloads): Promise<Download | null> {
  return downloads.begin('diagnostics', `kurir-diagnostics-${today()}.json`, async (file) => {
    await writeFile(file, `${JSON.stringify(await diagnosticsOf(application), null, 2)}\n`, { mode: 0o600 })
  })
}

/** YYYY-MM-DD by this PC's clock, for the name of a file. */
export function today(now = new Date()): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
