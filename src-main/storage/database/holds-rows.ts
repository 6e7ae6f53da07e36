import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/**
 * Whether any of the tables of a database file has a row; the file must not be open elsewhere. No file and no such table
 * hold none. What cannot be read counts as holding some: nothing is given up for a doubt.
 */
export function holdsRows(file: string, tables: readonly string[]): boolean {
  if (!existsSync(file)) return false
  try {
    const connection = new DatabaseSync(file)
    try {
      return tables.some((table) => isIn(connection, table) && hasRow(connection, table))
    } finally {
      connection.close()
    }
  } catch {
    return true
  }
}

function isIn(connection: DatabaseSync, table: string): boolean {
  const found = connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table)
  return found !== undefined
}

/** @param table a name of this program's own */
function hasRow(connection: DatabaseSync, table: string): boolean {
  return connection.prepare(`SELECT 1 FROM "${table}" LIMIT 1`).get() !== undefined
}
