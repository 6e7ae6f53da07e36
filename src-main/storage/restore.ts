import { existsSync, statSync } from 'node:fs'
import { chmod, copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { renameOver, renameOverSync } from '../rename-over.ts'
import { Failure } from '../failure.ts'
import { backupTable } from './backup.ts'
import type { BackupContent } from './backup.ts'
import { applicationId, migrate } from './migration.ts'
import type { Migration } from './migration.ts'
import { finishSettingAside, setAside } from './set-aside.ts'
import { inThread } from './sql-thread.ts'
import { saysDamage, writeFailure } from './sqlite-failure.ts'
import { writeWhole } from './whole-file.ts'

/** The database of a data folder. */
export const databaseName = 'kurir.sqlite'
const settingsName = 'settings.json'
/** What a restore has laid ready; the database comes last and is what says that it is complete. */
const stagedDatabase = 'restored.sqlite'
const stagedSettings = 'restored-settings.json'

/**
 * Checks a backup and lays it ready in the data folder; the next start of the program puts it in place.
 * Nothing of what is there now changes before that. Answers the rows by the names of `content.counted`.
 *
 * Throws Failure `backup_invalid` where the file is no backup of Kurir or damaged, `database_newer`, `storage_full`,
 * `storage_unavailable`.
 */
export function stageRestore(restore: Restore): Promise<Record<string, number>> {
  const staged = lastStaged.then(() => stage(restore))
  lastStaged = staged.catch(() => undefined)
  return staged
}

interface Restore {
  backup: string
  folder: string
  migrations: readonly Migration[]
  content: BackupContent
}

/** One after the other: two windows that restore at once would work on the same copy. */
let lastStaged: Promise<unknown> = Promise.resolve()

async function stage({ backup, folder, migrations, content }: Restore): Promise<Record<string, number>> {
  const copy = join(folder, `${stagedDatabase}.unfinished`)
  // A journal that a kill left here would be played back into the new copy.
  await removeDatabase(copy)
  try {
    await copyFile(backup, copy)
    await chmod(copy, 0o600)
    const settings = await examine(copy)
    bringUpToDate(copy, migrations)
    const counts = await prepare(copy, content)
    writeWhole(join(folder, stagedSettings), settings)
    await renameOver(copy, join(folder, stagedDatabase))
    return counts
  } catch (thrown) {
    throw saysDamage(thrown) ? invalid(thrown) : writeFailure(thrown, copy)
  } finally {
    await removeDatabase(copy)
  }
}

async function removeDatabase(file: string): Promise<void> {
  for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(file + suffix, { force: true })
}

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
  if (existsSync(database)) return setAside(database, 'replaced', staged)
  return finishSettingAside(database, 'replaced', staged)
}

function replace(staged: string, file: string): void {
  if (!existsSync(staged)) return
  if (existsSync(file)) setAside(file, 'replaced', Date.now())
  renameOverSync(staged, file)
}

const settingsSchema = z.record(z.string(), z.unknown())

/** Answers the settings in it, as the text of a settings file. */
async function examine(file: string): Promise<string> {
  const [[application], [whole], [kept]] = await readBackup(file)
  if (application?.['application_id'] !== applicationId || whole?.['quick_check'] !== 'ok') throw invalid()
  try {
    return JSON.stringify(settingsSchema.parse(JSON.parse(String(kept?.['value']))), null, '\t')
  } catch (cause) {
    throw invalid(cause)
  }
}

async function readBackup(file: string) {
  try {
    const [application = [], whole = [], settings = []] = await inThread(file, [
      { sql: 'PRAGMA application_id' },
      { sql: 'PRAGMA quick_check(1)' },
      { sql: `SELECT value FROM ${backupTable} WHERE name = 'settings'` },
    ])
    return [application, whole, settings] as const
  } catch (cause) {
    throw invalid(cause)
  }
}

/** Refuses a backup of a later version, and brings on one of an earlier: what is left out and ended is said of the form of this one. */
function bringUpToDate(file: string, migrations: readonly Migration[]): void {
  const connection = new DatabaseSync(file)
  try {
    migrate(connection, migrations)
  } finally {
    connection.close()
  }
}

async function prepare(file: string, content: BackupContent): Promise<Record<string, number>> {
  const counted = Object.entries(content.counted)
  const answers = await inThread(file, [
    ...counted.map(([, table]) => ({ sql: `SELECT count(*) AS rows FROM "${table}"` })),
    ...content.leaveOut.map((table) => ({ sql: `DELETE FROM "${table}"` })),
    ...content.afterwards.map((sql) => ({ sql })),
    { sql: `DROP TABLE ${backupTable}` },
  ])
  return Object.fromEntries(
    counted.map(([name], index) => [name, Number(answers[index]?.[0]?.['rows'] ?? 0)]),
  )
}

function invalid(cause?: unknown): Failure {
  return new Failure(
    'backup_invalid',
    'The file is not a backup of Kurir, or it is damaged. Choose a file that Kurir saved as a backup.',
    { cause },
  )
}
