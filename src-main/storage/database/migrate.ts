import type { DatabaseSync } from 'node:sqlite'
import { Failure } from '../../lib/failure.ts'

/**
 * One step of the database's form, applied once, in a transaction of its own, in the order of the numbers.
 * A number that has shipped never changes its meaning: mistakes are mended by a later one.
 */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

/** "Kuri", in the file's header: tells Kurir's databases from anything else. */
export const applicationId = 0x4b757269

const bookkeeping = `
  CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at INTEGER NOT NULL
  ) STRICT`

/**
 * Brings the database to the form that `migrations` describe.
 * Throws Failure `database_newer` where the file has steps that this version does not know.
 */
export function migrate(connection: DatabaseSync, migrations: readonly Migration[]): void {
  const known = inOrder(migrations)
  const applied = appliedTo(connection)
  const unknown = applied.filter((number) => !known.some((migration) => migration.number === number))
  if (unknown.length > 0) {
    throw new Failure(
      'database_newer',
      'The database was written by a newer version of Kurir. Install that version or a later one.',
    )
  }
  for (const migration of known) {
    if (!applied.includes(migration.number)) apply(connection, migration)
  }
}

function inOrder(migrations: readonly Migration[]): Migration[] {
  const numbers = new Set(migrations.map((migration) => migration.number))
  if (numbers.size !== migrations.length) throw new Error('two migrations have the same number')
  return [...migrations].sort((one, other) => one.number - other.number)
}

/** The numbers of the steps that the file has. */
function appliedTo(connection: DatabaseSync): number[] {
  const table = connection.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'`)
  if (table.get() === undefined) return []
  const rows = connection.prepare('SELECT number FROM migrations').all()
  return rows.map((row) => Number(row['number']))
}

function apply(connection: DatabaseSync, migration: Migration): void {
  connection.exec('BEGIN IMMEDIATE')
  try {
    connection.exec(bookkeeping)
    connection.exec(`PRAGMA application_id = ${applicationId}`)
    connection.exec(migration.sql)
    connection
      .prepare('INSERT INTO migrations (number, name, applied_at) VALUES (?, ?, ?)')
      .run(migration.number, migration.name, Date.now())
    connection.exec('COMMIT')
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK')
    throw error
  }
}
