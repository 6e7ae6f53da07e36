import type { Database, Migration } from '../../storage/database/database.ts'

/** Backups leave both tables out: restoring an older copy of session keys breaks every chat. */
export const sessionKeysTables = ['session_credentials', 'session_keys'] as const

export const sessionKeysMigrations: readonly Migration[] = [
  {
    number: 11,
    name: 'sealed session keys',
    sql: `
      CREATE TABLE session_credentials (device_id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
      CREATE TABLE session_keys (
        device_id TEXT NOT NULL,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        sealed BLOB NOT NULL,
        UNIQUE (device_id, type, id)
      ) STRICT;`,
  },
]

/** One record that changes; `sealed` null takes it away. */
export interface KeyChange {
  type: string
  id: string
  sealed: Uint8Array | null
}

/** What Baileys must find again after a restart, sealed: credentials, and key records by type and id. */
export class SessionKeysTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  credentials(deviceId: string): Uint8Array | null {
    const row = this.#database
      .statement<{ sealed: Uint8Array }>('SELECT sealed FROM session_credentials WHERE device_id = ?')
      .get(deviceId)
    return row?.sealed ?? null
  }

  key(deviceId: string, type: string, id: string): Uint8Array | null {
    const row = this.#database
      .statement<{ sealed: Uint8Array }>(
        'SELECT sealed FROM session_keys WHERE device_id = ? AND type = ? AND id = ?',
      )
      .get(deviceId, type, id)
    return row?.sealed ?? null
  }

  /** All of it or nothing, on the disk when the promise is kept. */
  save(deviceId: string, credentials: Uint8Array | null, changes: readonly KeyChange[]): Promise<void> {
    return this.#database.write(() => {
      if (credentials !== null) this.#putCredentials(deviceId, credentials)
      for (const change of changes) this.#putKey(deviceId, change)
    })
  }

  /** Everything of a device. */
  wipe(deviceId: string): Promise<void> {
    return this.#database.write(() => {
      this.#database.statement('DELETE FROM session_keys WHERE device_id = ?').run(deviceId)
      this.#database.statement('DELETE FROM session_credentials WHERE device_id = ?').run(deviceId)
    })
  }

  #putCredentials(deviceId: string, sealed: Uint8Array): void {
    this.#database
      .statement(
        `INSERT INTO session_credentials (device_id, sealed) VALUES ($deviceId, $sealed)
         ON CONFLICT (device_id) DO UPDATE SET sealed = $sealed`,
      )
      .run({ deviceId, sealed })
  }

  #putKey(deviceId: string, { type, id, sealed }: KeyChange): void {
    if (sealed === null) {
      this.#database
        .statement('DELETE FROM session_keys WHERE device_id = ? AND type = ? AND id = ?')
        .run(deviceId, type, id)
      return
    }
    this.#database
      .statement(
        `INSERT INTO session_keys (device_id, type, id, sealed) VALUES ($deviceId, $type, $id, $sealed)
         ON CONFLICT (device_id, type, id) DO UPDATE SET sealed = $sealed`,
      )
      .run({ deviceId, type, id, sealed })
  }
}
