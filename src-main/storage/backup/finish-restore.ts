import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { renameOverSync } from '../../lib/rename-over.ts'
import { finishQuarantine, quarantine } from '../data-folder/quarantine.ts'

/** The database of a data folder. */
export const databaseName = 'kurir.sqlite'
const settingsName = 'settings.json'
/** What a restore has laid ready; the database comes last and is what says that it is complete. */
export const stagedDatabase = 'restored.sqlite'
export const stagedSettings = 'restored-settings.json'

/**
 * Puts a backup that was laid ready in place, at a start, before anything is open. What it replaces is kept
 * under a dated name. Answers the path of the replaced database, null where nothing was laid ready.
 */
export function finishRestore(folder: string): string | null {
  const staged = join(folder, stagedDatabase)
  if (!existsSync(staged)) return null
  replace(join(folder, stagedSettings), join(folder, settingsName))
  const database = join(folder, databaseName)
  const kept = makePlace(database, statSync(staged).mtimeMs)
  renameOverSync(staged, database)
  return kept
}

/** @param staged when the backup was laid ready: the same for a start that ends what a kill broke off */
function makePlace(database: string, staged: number): string | null {
  if (existsSync(database)) return quarantine(database, 'replaced', staged)
  return finishQuarantine(database, 'replaced', staged)
}

function replace(staged: string, file: string): void {
  if (!existsSync(staged)) return
  if (existsSync(file)) quarantine(file, 'replaced', Date.now())
  renameOverSync(staged, file)
}
