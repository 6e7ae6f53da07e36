import type { Database, Migration } from '../storage/database/database.ts'

/** The practice WhatsApp's own file: nothing of it is in Kurir's database. */
export const sandboxMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'companions, endpoints, sessions and the inbox of the practice WhatsApp',
    sql: `
      CREATE TABLE endpoints (
        number TEXT NOT NULL,
        device INTEGER NOT NULL,
        identity_private BLOB NOT NULL,
        identity_public BLOB NOT NULL,
        signed_private BLOB NOT NULL,
        signed_public BLOB NOT NULL,
        signed_signature BLOB NOT NULL,
        registration INTEGER NOT NULL,
        next_pre_key INTEGER NOT NULL,
        PRIMARY KEY (number, device)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE pre_keys (
        number TEXT NOT NULL,
        device INTEGER NOT NULL,
        id INTEGER NOT NULL,
        private BLOB NOT NULL,
        public BLOB NOT NULL,
        PRIMARY KEY (number, device, id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE records (
        number TEXT NOT NULL,
        device INTEGER NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (number, device, kind, name)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE companions (
        number TEXT NOT NULL,
        device INTEGER NOT NULL,
        noise_key BLOB NOT NULL UNIQUE,
        identity BLOB NOT NULL,
        registration INTEGER NOT NULL,
        signed_id INTEGER NOT NULL,
        signed_public BLOB NOT NULL,
        signed_signature BLOB NOT NULL,
        key_index INTEGER NOT NULL,
        account BLOB NOT NULL,
        pre_keys BLOB NOT NULL,
        added_at INTEGER NOT NULL,
        PRIMARY KEY (number, device)
      ) STRICT;
      CREATE TABLE inbox (
        sequence INTEGER PRIMARY KEY,
        sender TEXT NOT NULL,
        sender_device INTEGER NOT NULL,
        id TEXT NOT NULL,
        recipient TEXT NOT NULL,
        members TEXT NOT NULL,
        entry TEXT NOT NULL,
        media TEXT,
        receptions INTEGER NOT NULL,
        expected INTEGER NOT NULL,
        told INTEGER NOT NULL,
        chat TEXT NOT NULL,
        UNIQUE (sender, id, recipient)
      ) STRICT;
      CREATE INDEX inbox_by_recipient ON inbox (recipient, sequence);
      CREATE INDEX inbox_untold ON inbox (sender, sender_device) WHERE told < expected;
    `,
  },
  {
    number: 2,
    name: 'the traits of accounts; those that are there keep what they had',
    sql: `
      CREATE TABLE accounts (
        number TEXT PRIMARY KEY,
        lid_migrated INTEGER NOT NULL,
        consumer INTEGER NOT NULL,
        tokens_demanded INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      INSERT INTO accounts SELECT DISTINCT number, 0, 0, 0 FROM companions;
    `,
  },
]

/** Traits are 1 or 0. */
export interface AccountRow {
  number: string
  lid_migrated: number
  consumer: number
  tokens_demanded: number
}

export interface EndpointRow {
  number: string
  device: number
  identity_private: Uint8Array
  identity_public: Uint8Array
  signed_private: Uint8Array
  signed_public: Uint8Array
  signed_signature: Uint8Array
  registration: number
  next_pre_key: number
}

export interface CompanionRow {
  number: string
  device: number
  noise_key: Uint8Array
  identity: Uint8Array
  registration: number
  signed_id: number
  signed_public: Uint8Array
  signed_signature: Uint8Array
  key_index: number
  account: Uint8Array
  pre_keys: Uint8Array
  /** How many one-time pre-keys that is: 35 bytes each. */
  pre_key_count: number
  added_at: number
}

/** A Signal session (`name` is the companion's address) or a group's sender key, as its owner keeps it. */
export type RecordKind = 'session' | 'sender_key'

type Endpoint = { number: string; device: number }

/** One-time pre-keys of practice endpoints that nobody used are kept up to this number. */
const unusedPreKeys = 200

/** The SQL of companions and practice endpoints. What changes rows is called inside Database.write. */
export class SandboxTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  accounts(): AccountRow[] {
    return this.#database.statement<AccountRow>('SELECT * FROM accounts').all()
  }

  saveAccount(row: AccountRow): void {
    this.#database
      .statement(
        `INSERT OR REPLACE INTO accounts (number, lid_migrated, consumer, tokens_demanded)
         VALUES ($number, $lid_migrated, $consumer, $tokens_demanded)`,
      )
      .run({ ...row })
  }

  endpoint({ number, device }: Endpoint): EndpointRow | undefined {
    const sql = 'SELECT * FROM endpoints WHERE number = ? AND device = ?'
    return this.#database.statement<EndpointRow>(sql).get(number, device)
  }

  devicesOf(number: string): number[] {
    const sql = 'SELECT device FROM endpoints WHERE number = ? ORDER BY device'
    return this.#database
      .statement<{ device: number }>(sql)
      .all(number)
      .map((row) => row.device)
  }

  saveEndpoint(row: EndpointRow): void {
    this.#database
      .statement(
        `INSERT OR REPLACE INTO endpoints (number, device, identity_private, identity_public, signed_private,
           signed_public, signed_signature, registration, next_pre_key)
         VALUES ($number, $device, $identity_private, $identity_public, $signed_private, $signed_public,
           $signed_signature, $registration, $next_pre_key)`,
      )
      .run({ ...row })
  }

  /** Forgets an endpoint's sessions and one-time pre-keys, as a newly installed phone has. */
  clearEndpoint({ number, device }: Endpoint): void {
    for (const table of ['pre_keys', 'records']) {
      this.#database.statement(`DELETE FROM ${table} WHERE number = ? AND device = ?`).run(number, device)
    }
  }

  removeEndpoint(endpoint: Endpoint): void {
    this.clearEndpoint(endpoint)
    const sql = 'DELETE FROM endpoints WHERE number = ? AND device = ?'
    this.#database.statement(sql).run(endpoint.number, endpoint.device)
  }

  preKey({ number, device }: Endpoint, id: number): { private: Uint8Array; public: Uint8Array } | undefined {
    const sql = 'SELECT private, public FROM pre_keys WHERE number = ? AND device = ? AND id = ?'
    return this.#database.statement<{ private: Uint8Array; public: Uint8Array }>(sql).get(number, device, id)
  }

  addPreKey(
    { number, device }: Endpoint,
    id: number,
    pair: { private: Uint8Array; public: Uint8Array },
  ): void {
    const add = 'INSERT INTO pre_keys (number, device, id, private, public) VALUES (?, ?, ?, ?, ?)'
    this.#database.statement(add).run(number, device, id, pair.private, pair.public)
    const count = 'UPDATE endpoints SET next_pre_key = ? WHERE number = ? AND device = ?'
    this.#database.statement(count).run(id + 1, number, device)
    const trim = 'DELETE FROM pre_keys WHERE number = ? AND device = ? AND id <= ?'
    this.#database.statement(trim).run(number, device, id - unusedPreKeys)
  }

  removePreKey({ number, device }: Endpoint, id: number): void {
    const sql = 'DELETE FROM pre_keys WHERE number = ? AND device = ? AND id = ?'
    this.#database.statement(sql).run(number, device, id)
  }

  record({ number, device }: Endpoint, kind: RecordKind, name: string): string | undefined {
    const sql = 'SELECT record FROM records WHERE number = ? AND device = ? AND kind = ? AND name = ?'
    return this.#database.statement<{ record: string }>(sql).get(number, device, kind, name)?.record
  }

  saveRecord({ number, device }: Endpoint, kind: RecordKind, name: string, record: string): void {
    const sql = 'INSERT OR REPLACE INTO records (number, device, kind, name, record) VALUES (?, ?, ?, ?, ?)'
    this.#database.statement(sql).run(number, device, kind, name, record)
  }

  /** All of them, without the keys themselves. */
  companions(): Omit<CompanionRow, 'pre_keys'>[] {
    const sql = `SELECT number, device, noise_key, identity, registration, signed_id, signed_public,
                   signed_signature, key_index, account, length(pre_keys) / 35 AS pre_key_count, added_at
                 FROM companions`
    return this.#database.statement<Omit<CompanionRow, 'pre_keys'>>(sql).all()
  }

  companionPreKeys({ number, device }: Endpoint): Uint8Array {
    const sql = 'SELECT pre_keys FROM companions WHERE number = ? AND device = ?'
    const row = this.#database.statement<{ pre_keys: Uint8Array }>(sql).get(number, device)
    return row?.pre_keys ?? new Uint8Array()
  }

  saveCompanion({ pre_key_count: _counted, ...row }: CompanionRow): void {
    this.#database
      .statement(
        `INSERT INTO companions (number, device, noise_key, identity, registration, signed_id, signed_public,
           signed_signature, key_index, account, pre_keys, added_at)
         VALUES ($number, $device, $noise_key, $identity, $registration, $signed_id, $signed_public,
           $signed_signature, $key_index, $account, $pre_keys, $added_at)`,
      )
      .run(row)
  }

  savePreKeys({ number, device }: Endpoint, preKeys: Uint8Array): void {
    const sql = 'UPDATE companions SET pre_keys = ? WHERE number = ? AND device = ?'
    this.#database.statement(sql).run(preKeys, number, device)
  }

  saveSignedPreKey(
    { number, device }: Endpoint,
    key: { id: number; public: Uint8Array; signature: Uint8Array },
  ): void {
    const sql = `UPDATE companions SET signed_id = ?, signed_public = ?, signed_signature = ?
                 WHERE number = ? AND device = ?`
    this.#database.statement(sql).run(key.id, key.public, key.signature, number, device)
  }

  removeCompanion({ number, device }: Endpoint): void {
    this.#database.statement('DELETE FROM companions WHERE number = ? AND device = ?').run(number, device)
  }
}
