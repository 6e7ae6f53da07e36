import { z } from 'zod'
import type { Database, Migration } from '../storage/database/database.ts'
import { keyDevicesSchema, rights } from './api-key.ts'
import type { ApiKey } from './api-key.ts'

export const keyMigrations: readonly Migration[] = [
  {
    number: 20,
    name: 'api keys',
    sql: `
      CREATE TABLE api_keys (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL COLLATE NOCASE UNIQUE,
        hash TEXT NOT NULL UNIQUE,     -- SHA-256 of the secret, in hex
        last_four TEXT NOT NULL,
        devices TEXT NOT NULL,         -- JSON
        rights TEXT NOT NULL,          -- JSON
        sealed_secret BLOB,            -- only for the key that the sandbox shows at every start
        expires_at INTEGER,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER,
        last_used_from TEXT
      ) STRICT`,
  },
]

/** A key with what is kept of its secret. */
export interface KeptKey {
  key: ApiKey
  hash: string
  sealedSecret: Uint8Array | null
}

/** A row of the table. */
export interface KeyRow {
  id: string
  name: string
  hash: string
  last_four: string
  devices: string
  rights: string
  sealed_secret: Uint8Array | null
  expires_at: number | null
  created_at: number
  last_used_at: number | null
  last_used_from: string | null
}

export class KeysTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  all(): KeptKey[] {
    return this.#database
      .statement<KeyRow>('SELECT * FROM api_keys ORDER BY created_at, id')
      .all()
      .map(keptKey)
  }

  async add({ key, hash, sealedSecret }: KeptKey): Promise<void> {
    const insert = this.#database.statement(`
      INSERT INTO api_keys (id, name, hash, last_four, devices, rights, sealed_secret, expires_at, created_at)
      VALUES ($id, $name, $hash, $lastFour, $devices, $rights, $sealedSecret, $expiresAt, $createdAt)`)
    const { id, name, lastFour, expiresAt, createdAt } = key
    const devices = JSON.stringify(key.devices)
    const rights = JSON.stringify(key.rights)
    await this.#database.write(() =>
      insert.run({ id, name, hash, lastFour, devices, rights, sealedSecret, expiresAt, createdAt }),
    )
  }

  async remove(id: string): Promise<void> {
    const remove = this.#database.statement('DELETE FROM api_keys WHERE id = ?')
    await this.#database.write(() => remove.run(id))
  }

  async noteUses(keys: readonly ApiKey[]): Promise<void> {
    const note = this.#database.statement(
      'UPDATE api_keys SET last_used_at = ?, last_used_from = ? WHERE id = ?',
    )
    await this.#database.write(() => {
      for (const { id, lastUsedAt, lastUsedFrom } of keys) note.run(lastUsedAt, lastUsedFrom, id)
    })
  }
}

const rightsSchema = z.array(z.enum(rights))

/** @throws where its JSON is none, or not of that form */
export function keptKey(row: KeyRow): KeptKey {
  return {
    hash: row.hash,
    sealedSecret: row.sealed_secret,
    key: {
      id: row.id,
      name: row.name,
      lastFour: row.last_four,
      devices: keyDevicesSchema.parse(JSON.parse(row.devices)),
      rights: rightsSchema.parse(JSON.parse(row.rights)),
      expiresAt: row.expires_at,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
      lastUsedFrom: row.last_used_from,
    },
  }
}
