import { accessSync, constants } from 'node:fs'
import type { Application } from '../app/app.ts'
import { Failure, sentenceOf } from '../lib/failure.ts'
import type { PreparedRestore, RestoreInclude } from '../storage/backup/restores.ts'
import { printLine } from './terminal/print.ts'

/**
 * `--restore`: lays a backup ready for the next start, says what of it was not brought along, and ends the program.
 * @throws Failure option_invalid, backup_invalid, database_newer, storage_full, storage_unavailable
 */
export async function restoreBackup(
  application: Application,
  file: string,
  include: RestoreInclude,
): Promise<void> {
  try {
    assertReadable(file)
    const prepared = await application.restores.prepare(file)
    const counts = await application.restores.finish(prepared.id, include)
    const { messages = 0, keys = 0, devices = 0 } = counts
    printLine(`Restored: ${messages} messages, ${devices} devices and ${keys} keys.`)
    printLine('The next start puts them in place; what they replace is kept in the data folder.')
    printLeftOut(prepared, include)
  } finally {
    await application.stop()
  }
}

function assertReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK)
  } catch (cause) {
    throw new Failure('option_invalid', `--restore: ${sentenceOf(cause)}`, { cause })
  }
}

function printLeftOut({ newKeys, access }: PreparedRestore, include: RestoreInclude): void {
  const omitted: string[] = []
  if (newKeys.length > 0 && !include.keys) {
    omitted.push('keys')
    printLine(`Not brought: ${newKeys.length} API keys that this PC does not have.`)
    for (const { name, lastFour, devices, rights } of newKeys) {
      printLine(`  “${name}” …${lastFour}: ${devices} devices; ${rights.join(', ')}`)
    }
  }
  if (access.length > 0 && !include.access) {
    omitted.push('access')
    printLine('Not brought: settings that decide who reaches Kurir, or where Kurir reaches to.')
    for (const { name, value, now } of access) {
      printLine(`  ${name}: ${JSON.stringify(value)} (here ${JSON.stringify(now)})`)
    }
  }
  if (omitted.length === 0) return
  printLine(`If the backup is yours, bring them with --restore-include ${omitted.join(',')}.`)
}
