import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { Failure } from '../../lib/failure.ts'
import { backupTable } from './backup.ts'
import { applicationId, migrate, type Migration } from '../database/migrate.ts'
import type { Row } from '../database/statement.ts'

/** What is to be built of a backup. Plain data: it crosses a process boundary. */
export interface RebuildJob {
  /** Absolute path of the backup, which is only read. */
  readonly backup: string
  /** Absolute path of the new database; does not exist yet. */
  readonly target: string
  readonly migrations: readonly Migration[]
  readonly leaveOut: readonly string[]
  readonly counted: Readonly<Record<string, string>>
  readonly afterwards: readonly string[]
  /** The table whose rows are answered; null for none. */
  readonly credentials: string | null
}

export interface Rebuilt {
  /** Rows that came, by the names of `counted`. */
  readonly counts: Readonly<Record<string, number>>
  /** The settings in the backup, as they are written there: not checked. */
  readonly settings: string
  readonly credentials: readonly Row[]
}

/** The bound on a value and on a row, in bytes: the longest text of a message has 260 KB. */
const maxValueBytes = 16 * 1_048_576
const maxRowsPerTable = 50_000_000
/** A version has some tens of steps. */
const maxMigrations = 1_000
const maxCredentials = 1_000
/** Of SQLite's own memory; https://sqlite.org/pragma.html#pragma_hard_heap_limit */
const maxHeapBytes = 256 * 1_048_576
const pageBytes = 4_096
/** JavaScript reads no larger ones exactly, and what is counted upwards begins at the largest there is. */
const maxInteger = 2 ** 52

/**
 * Builds a new database from a backup. The form is that of the migrations; of the backup only values are read: the plain
 * columns, that are known, of plain tables, that are known. Its triggers, views, virtual tables, generated columns and
 * indexes are never used, so that nothing of the file is carried out.
 *
 * A backup of an earlier version fills the form of that version, which is then brought on as that version's own
 * database would have been.
 *
 * It may take long, or for ever, over a file that somebody made for that: to be run in a process that can be killed.
 *
 * @throws Failure backup_invalid, database_newer; what SQLite throws
 */
export function rebuild(job: RebuildJob): Rebuilt {
  const connection = new DatabaseSync(job.target, { limits: { length: maxValueBytes }, defensive: true })
  try {
    const maxPages = Math.ceil((statSync(job.backup).size * 2) / pageBytes) + 10_000
    connection.exec(`
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
      PRAGMA hard_heap_limit = ${maxHeapBytes};
      PRAGMA cache_size = -${maxHeapBytes / 1_024 / 2};
      PRAGMA page_size = ${pageBytes};
      PRAGMA max_page_count = ${maxPages};
      PRAGMA journal_mode = OFF;
      PRAGMA synchronous = OFF;`)
    return fill(connection, job)
  } finally {
    connection.close()
  }
}

function fill(connection: DatabaseSync, job: RebuildJob): Rebuilt {
  attach(connection, job.backup)
  const applied = appliedSteps(connection, job.migrations)
  migrate(connection, applied)
  const settings = settingsOf(connection)
  for (const table of tablesOf(connection)) {
    if (!job.leaveOut.includes(table)) copyTable(connection, table)
  }
  connection.exec('DETACH backup')

  migrate(connection, job.migrations)
  // Not before: a step may be what mends them, as that version's own database would have been.
  for (const table of tablesOf(connection)) refuseLargeIntegers(connection, table)
  const counts = Object.fromEntries(
    Object.entries(job.counted).map(([name, table]) => [name, countOf(connection, table)]),
  )
  // A later step may have made such a table of another.
  for (const table of job.leaveOut) connection.exec(`DELETE FROM ${quoted(table)}`)
  for (const sql of job.afterwards) connection.exec(sql)
  return { counts, settings, credentials: credentialsOf(connection, job.credentials) }
}

/** `immutable`: neither a lock is taken nor a journal beside the file looked for. */
function attach(connection: DatabaseSync, backup: string): void {
  connection.prepare('ATTACH ? AS backup').run(`${pathToFileURL(backup).href}?mode=ro&immutable=1`)
  const row = connection.prepare('PRAGMA backup.application_id').get()
  if (row?.['application_id'] !== applicationId) throw invalidBackup()
}

/** The steps that the backup has; all of them have to be known. */
function appliedSteps(connection: DatabaseSync, migrations: readonly Migration[]): readonly Migration[] {
  assertTable(connection, 'migrations')
  const rows = connection
    .prepare('SELECT number FROM backup.migrations NOT INDEXED LIMIT ?')
    .all(maxMigrations + 1)
  if (rows.length > maxMigrations) throw invalidBackup()
  const numbers = new Set(rows.map((row) => row['number']))
  if (Array.from(numbers).some((number) => !migrations.some((migration) => migration.number === number))) {
    throw new Failure(
      'database_newer',
      'The backup was made by a newer version of Kurir. Install that version or a later one.',
    )
  }
  return migrations.filter((migration) => numbers.has(migration.number))
}

function settingsOf(connection: DatabaseSync): string {
  assertTable(connection, backupTable)
  const row = connection
    .prepare(
      `SELECT value FROM backup.${quoted(backupTable)} NOT INDEXED WHERE name = 'settings' AND typeof(value) = 'text' LIMIT 1`,
    )
    .get()
  if (row === undefined) throw invalidBackup()
  return String(row['value'])
}

/** The tables that the migrations made, in the order they were made. */
function tablesOf(connection: DatabaseSync): string[] {
  return connection
    .prepare(
      `SELECT s.name FROM main.sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name
       WHERE s.type = 'table' AND l.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND s.name <> 'migrations'
       ORDER BY s.rowid`,
    )
    .all()
    .map((row) => String(row['name']))
}

function copyTable(connection: DatabaseSync, table: string): void {
  assertTable(connection, table)
  const name = quoted(table)
  const check = connection.prepare(`PRAGMA backup.quick_check(${name})`).get()
  if (check?.['quick_check'] !== 'ok') throw invalidBackup()

  const there = new Set(plainColumns(connection, 'backup', table).map((column) => column.name))
  const columns = plainColumns(connection, 'main', table).filter((column) => there.has(column.name))
  const list = columns.map((column) => quoted(column.name)).join(', ')
  // What a step puts into its table by itself is in the backup, too.
  connection.exec(`DELETE FROM main.${name}`)
  const { changes } = connection
    .prepare(
      `INSERT INTO main.${name} (${list}) SELECT ${list} FROM backup.${name} NOT INDEXED LIMIT ${maxRowsPerTable + 1}`,
    )
    .run()
  if (Number(changes) > maxRowsPerTable) throw invalidBackup()
}

/** Of a virtual table, a view or nothing at all nothing is read. A virtual table is a `table` without a page. */
function assertTable(connection: DatabaseSync, table: string): void {
  const rows = connection
    .prepare(
      `SELECT type, rootpage FROM backup.sqlite_schema WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view') LIMIT 2`,
    )
    .all(table)
  if (rows.length !== 1 || rows[0]?.['type'] !== 'table' || Number(rows[0]['rootpage']) < 1) {
    throw invalidBackup()
  }
}

interface Column {
  readonly name: string
  readonly type: string
}

/** Without hidden and generated ones (`hidden` 1, 2 and 3). */
function plainColumns(connection: DatabaseSync, schema: 'main' | 'backup', table: string): Column[] {
  return connection
    .prepare('SELECT name, type FROM pragma_table_xinfo(?, ?) WHERE hidden = 0')
    .all(table, schema)
    .map((row) => ({ name: String(row['name']), type: String(row['type']) }))
}

function refuseLargeIntegers(connection: DatabaseSync, table: string): void {
  const integers = plainColumns(connection, 'main', table).filter(({ type }) => type === 'INTEGER')
  if (integers.length === 0) return
  const outside = integers.map(({ name }) => `${quoted(name)} NOT BETWEEN ${-maxInteger} AND ${maxInteger}`)
  const found = connection
    .prepare(`SELECT 1 AS found FROM main.${quoted(table)} WHERE ${outside.join(' OR ')} LIMIT 1`)
    .get()
  if (found !== undefined) throw invalidBackup()
}

function countOf(connection: DatabaseSync, table: string): number {
  return Number(connection.prepare(`SELECT count(*) AS rows FROM main.${quoted(table)}`).get()?.['rows'])
}

function credentialsOf(connection: DatabaseSync, table: string | null): Row[] {
  if (table === null) return []
  const rows = connection.prepare(`SELECT * FROM main.${quoted(table)} LIMIT ${maxCredentials + 1}`).all()
  if (rows.length > maxCredentials) throw invalidBackup()
  return rows.map((row) => ({ ...row }))
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function invalidBackup(cause?: unknown): Failure {
  return new Failure(
    'backup_invalid',
    'The file is not a backup of Kurir, or it is damaged. Choose a file that Kurir saved as a backup.',
    { cause },
  )
}
