import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Logger } from '../../lib/logging/logger.ts'
import { quickCheck, integrityCheck } from './integrity.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrate.ts'
import { damageNote, finishQuarantine, forgetDamage, quarantine } from '../data-folder/quarantine.ts'
import { isDamage, sqliteSentence, writeFailure } from './sqlite-failure.ts'

interface Options {
  file: string
  migrations: readonly Migration[]
  log: Logger
}

/** How long another program may hold the file before a write fails: milliseconds, of which nothing else happens. */
const busyTimeoutMs = 1_000
/** A checkpoint inside a commit, should the one beside it not come in time: pages of 4 KiB, 22 MiB in all. */
const pagesAtMost = 5_500

/**
 * Opens a connection to a whole database of the right form. A damaged file is set aside first and named in
 * the answer. Throws Failure `database_newer`, `storage_full`, `storage_unavailable`.
 */
export function openConnection(options: Options): { connection: DatabaseSync; quarantine: string | null } {
  if (options.file === ':memory:') return { connection: attempt(options), quarantine: null }
  // What a kill left of a damaged one; the fresh database would have it removed.
  if (!existsSync(options.file)) finishQuarantine(options.file, 'damaged', Date.now())
  try {
    return { connection: attempt(options), quarantine: null }
  } catch (error) {
    if (!isDamage(error)) throw writeFailure(error, options.file)
    const kept = quarantine(options.file, 'damaged', Date.now())
    forgetDamage(options.file)
    options.log.error({ reason: sqliteSentence(error), kept }, 'the database is damaged and was quarantined')
    return { connection: attempt(options), quarantine: kept }
  }
}

function attempt({ file, migrations }: Options): DatabaseSync {
  const inFile = file !== ':memory:'
  if (inFile) keepPrivate(file)
  const connection = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    configure(connection)
    if (inFile) checkDatabase(connection, file)
    migrate(connection, migrations)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** SQLite gives its companions the mode of the file itself. */
function keepPrivate(file: string): void {
  if (existsSync(file)) chmodSync(file, 0o600)
  else closeSync(openSync(file, 'a', 0o600))
}

function configure(connection: DatabaseSync): void {
  connection.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = ${pagesAtMost};
    PRAGMA journal_size_limit = ${pagesAtMost * 4096};
    PRAGMA cache_size = -4096;
    PRAGMA temp_store = MEMORY;
    PRAGMA cell_size_check = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = FAST;
  `)
}

/** All of the file where damage was met in use last time, else what can be looked at in a moment. */
function checkDatabase(connection: DatabaseSync, file: string): void {
  if (!existsSync(damageNote(file))) {
    quickCheck(connection)
    return
  }
  integrityCheck(connection)
  forgetDamage(file)
}
