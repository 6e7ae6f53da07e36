import { chmod, open, rm } from 'node:fs/promises'
import { renameOver } from '../../lib/rename-over.ts'
import type { Database } from '../database/database.ts'
import { inThread } from '../database/sql-thread.ts'
import type { Row } from '../database/statement.ts'

/** What of the database goes into a backup and what a restored one must become; the modules declare it with their tables. */
export interface BackupContent {
  /** Tables that stay behind, empty: session keys, which two computers must never both have. */
  leaveOut: readonly string[]
  /** Tables whose rows are counted for the operator, by the name they are told under. */
  counted: Readonly<Record<string, string>>
  /** Statements for a restored database: what was unfinished in it must not be sent now. */
  afterwards: readonly string[]
  /** What lets programs in; null where there is no such table. */
  credentials: Credentials | null
}

/** Rows that let programs in. This PC's own stay; a backup's others come only where the operator says so. */
export interface Credentials {
  readonly table: string
  /** The column by which a row of a backup and one of this PC are the same. */
  readonly identity: string
  /** What the operator is shown of a row; null where it cannot be used, and is left out. */
  describe(row: Row): RestoredKey | null
  /** The row beside others, whose names and ids it must not have. */
  beside(row: Row, others: readonly Row[]): Row
}

/** A key of a backup as the operator is asked about it. */
export interface RestoredKey {
  readonly name: string
  readonly lastFour: string
  readonly devices: 'all' | 'sandbox' | 'chosen'
  readonly rights: readonly string[]
}

/** The table that marks a database file as a backup and holds what is not in the database. */
export const backupTable = 'kurir_backup'

/**
 * Writes a backup to `file` (0600) while work goes on: one SQLite file with the log, the API keys (as hashes)
 * and the settings. It is there whole or not at all; a file of that name is replaced.
 *
 * Throws what the disk or SQLite throws; then nothing is left behind.
 */
export async function writeBackup(options: {
  database: Database
  file: string
  /** As Settings.kept() gives them. */
  settings: object
  version: string
  content: BackupContent
}): Promise<void> {
  const { database, file, settings, version, content } = options
  const copy = `${file}.copy`
  const unfinished = `${file}.unfinished`
  try {
    await clear(copy, unfinished)
    await database.backupTo(copy)
    await inThread(copy, [
      { sql: 'PRAGMA journal_mode = DELETE' },
      ...content.leaveOut.map((table) => ({ sql: `DELETE FROM "${table}"` })),
      { sql: `CREATE TABLE ${backupTable} (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT` },
      { sql: insert, values: ['version', version] },
      { sql: insert, values: ['madeAt', new Date().toISOString()] },
      { sql: insert, values: ['settings', JSON.stringify(settings)] },
      // A copy of rows, not of pages: nothing that was deleted is in it.
      { sql: 'VACUUM INTO ?', values: [unfinished] },
    ])
    await sync(unfinished)
    await renameOver(unfinished, file)
  } finally {
    await clear(copy, unfinished)
  }
}

const insert = `INSERT INTO ${backupTable} (name, value) VALUES (?, ?)`

async function sync(file: string): Promise<void> {
  await chmod(file, 0o600)
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function clear(...files: string[]): Promise<void> {
  for (const file of files) {
    for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(file + suffix, { force: true })
  }
}
