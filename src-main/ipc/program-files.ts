import { writeFile } from 'node:fs/promises'
import type { AnswerOf, RequestOf, Saving } from '../../src-preload/contract.ts'
import type { Application } from '../app.ts'
import { backupContent } from '../backup-content.ts'
import { diagnosticsOf } from '../diagnostics.ts'
import { writeBackup } from '../storage/backup.ts'
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
  shell: ShellAbilities,
  { restoreId, includeKeys, includeAccess }: RequestOf<'program.restore'>,
): Promise<AnswerOf<'program.restore'>> {
  const counts = await restores.finish(restoreId, { keys: includeKeys, access: includeAccess })
  setTimeout(() => shell.restart(), farewell)
  const { messages = 0, keys = 0, devices = 0 } = counts
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
