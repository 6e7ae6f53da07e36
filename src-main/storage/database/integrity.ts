import type { DatabaseSync } from 'node:sqlite'

/** Up to this many pages (of 4 KiB: 8 MiB) the whole file is looked at, in some milliseconds. */
const fewPages = 2_000

/** Thrown as SQLite itself would: result code 11, SQLITE_CORRUPT. */
function damage(what: string): Error {
  return Object.assign(new Error(`database disk image is malformed: ${what}`), { errcode: 11 })
}

/**
 * A look that costs the same for a million rows: the schema, and the first and last row of each table, so
 * that a file that is cut short or no database at all is known before anything is built on it. Throws an
 * error of code SQLITE_CORRUPT or SQLITE_NOTADB.
 */
export function quickCheck(connection: DatabaseSync): void {
  const pages = Number(connection.prepare('PRAGMA page_count').get()?.['page_count'])
  if (pages <= fewPages) integrityCheck(connection)
  else checkEnds(connection)
}

/** Reads every page. Throws an error of code SQLITE_CORRUPT or SQLITE_NOTADB. */
export function integrityCheck(connection: DatabaseSync): void {
  const [first] = connection.prepare('PRAGMA quick_check(1)').all()
  const answer = first?.['quick_check']
  if (answer !== 'ok') throw damage(String(answer))
}

function checkEnds(connection: DatabaseSync): void {
  const tables = connection
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND rootpage > 0`)
    .all()
  for (const { name, sql } of tables) {
    const table = `"${String(name)}"`
    connection.prepare(`SELECT * FROM ${table} LIMIT 1`).get()
    if (/WITHOUT\s+ROWID/i.test(String(sql))) continue
    // Not min and max in one query: that reads every row.
    connection.prepare(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 1`).get()
  }
}
