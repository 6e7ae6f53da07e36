import type { Migration } from '../../src-main/storage/database/database.ts'

export const notesMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'notes',
    sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT',
  },
]
