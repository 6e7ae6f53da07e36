import type { Database, Migration } from '../../storage/database/database.ts'

/** What practice phones hold for the devices that are linked to them, and what contacts have given accounts. */
export const phoneMigrations: readonly Migration[] = [
  {
    number: 10,
    name: 'what phones share with linked devices, and privacy tokens',
    sql: `
      CREATE TABLE phones (number TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
      -- messages of the own phone that a linked device has not confirmed
      CREATE TABLE peer_messages (
        sequence INTEGER PRIMARY KEY,
        number TEXT NOT NULL,
        device INTEGER NOT NULL,
        id TEXT NOT NULL,
        receipt TEXT NOT NULL,
        message BLOB NOT NULL,
        UNIQUE (number, device, id)
      ) STRICT;
      -- who has written to which linked device
      CREATE TABLE writers (
        number TEXT NOT NULL,
        device INTEGER NOT NULL,
        contact TEXT NOT NULL,
        PRIMARY KEY (number, device, contact)
      ) STRICT, WITHOUT ROWID;
      -- the token that a contact gave an account; the time is in seconds
      CREATE TABLE given_tokens (
        number TEXT NOT NULL,
        contact TEXT NOT NULL,
        token BLOB NOT NULL,
        given_at INTEGER NOT NULL,
        PRIMARY KEY (number, contact)
      ) STRICT, WITHOUT ROWID;
      -- the devices that have not acknowledged the news of a token
      CREATE TABLE token_news (
        number TEXT NOT NULL,
        device INTEGER NOT NULL,
        contact TEXT NOT NULL,
        PRIMARY KEY (number, device, contact)
      ) STRICT, WITHOUT ROWID;
      -- the tokens that an account gave its contacts, in the order in which it did
      CREATE TABLE issued_tokens (
        sequence INTEGER PRIMARY KEY,
        number TEXT NOT NULL,
        contact TEXT NOT NULL,
        issued_at INTEGER NOT NULL
      ) STRICT;`,
  },
]

/** Which receipt confirms a message of the own phone. */
export type PeerReceipt = 'hist_sync' | 'peer_msg'

export interface PeerMessage {
  id: string
  receipt: PeerReceipt
  /** An encoded Message. */
  message: Uint8Array
}

/** A token and when it was given, in seconds. */
export interface GivenToken {
  contact: string
  token: Uint8Array
  givenAt: number
}

type Device = { number: string; device: number }

/** The SQL of all that. What changes rows is called inside Database.write. */
export class PhoneTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  state(number: string): string | undefined {
    const sql = 'SELECT state FROM phones WHERE number = ?'
    return this.#database.statement<{ state: string }>(sql).get(number)?.state
  }

  saveState(number: string, state: string): void {
    const sql = 'INSERT OR REPLACE INTO phones (number, state) VALUES (?, ?)'
    this.#database.statement(sql).run(number, state)
  }

  addPeerMessage({ number, device }: Device, { id, receipt, message }: PeerMessage): void {
    const sql = 'INSERT INTO peer_messages (number, device, id, receipt, message) VALUES (?, ?, ?, ?, ?)'
    this.#database.statement(sql).run(number, device, id, receipt, message)
  }

  peerMessages({ number, device }: Device): PeerMessage[] {
    const sql =
      'SELECT id, receipt, message FROM peer_messages WHERE number = ? AND device = ? ORDER BY sequence'
    return this.#database.statement<PeerMessage>(sql).all(number, device)
  }

  removePeerMessage({ number, device }: Device, id: string, receipt: string): void {
    const sql = 'DELETE FROM peer_messages WHERE number = ? AND device = ? AND id = ? AND receipt = ?'
    this.#database.statement(sql).run(number, device, id, receipt)
  }

  addWriter({ number, device }: Device, contact: string): void {
    const sql = 'INSERT OR IGNORE INTO writers (number, device, contact) VALUES (?, ?, ?)'
    this.#database.statement(sql).run(number, device, contact)
  }

  hasWritten({ number, device }: Device, contact: string): boolean {
    const sql = 'SELECT 1 FROM writers WHERE number = ? AND device = ? AND contact = ?'
    return this.#database.statement(sql).get(number, device, contact) !== undefined
  }

  saveToken(number: string, { contact, token, givenAt }: GivenToken): void {
    const sql = 'INSERT OR REPLACE INTO given_tokens (number, contact, token, given_at) VALUES (?, ?, ?, ?)'
    this.#database.statement(sql).run(number, contact, token, givenAt)
  }

  token(number: string, contact: string): GivenToken | undefined {
    const sql =
      'SELECT contact, token, given_at AS givenAt FROM given_tokens WHERE number = ? AND contact = ?'
    return this.#database.statement<GivenToken>(sql).get(number, contact)
  }

  addTokenNews({ number, device }: Device, contact: string): void {
    const sql = 'INSERT OR IGNORE INTO token_news (number, device, contact) VALUES (?, ?, ?)'
    this.#database.statement(sql).run(number, device, contact)
  }

  tokenNews({ number, device }: Device): string[] {
    const sql = 'SELECT contact FROM token_news WHERE number = ? AND device = ?'
    return this.#database
      .statement<{ contact: string }>(sql)
      .all(number, device)
      .map(({ contact }) => contact)
  }

  removeTokenNews({ number, device }: Device, contact: string): void {
    const sql = 'DELETE FROM token_news WHERE number = ? AND device = ? AND contact = ?'
    this.#database.statement(sql).run(number, device, contact)
  }

  addIssued(number: string, contact: string, issuedAt: number): void {
    const sql = 'INSERT INTO issued_tokens (number, contact, issued_at) VALUES (?, ?, ?)'
    this.#database.statement(sql).run(number, contact, issuedAt)
  }

  issued(number: string): { contact: string; issuedAt: number }[] {
    const sql = 'SELECT contact, issued_at AS issuedAt FROM issued_tokens WHERE number = ? ORDER BY sequence'
    return this.#database.statement<{ contact: string; issuedAt: number }>(sql).all(number)
  }

  /** A device that is no longer linked is owed nothing. */
  forgetDevice({ number, device }: Device): void {
    for (const table of ['peer_messages', 'writers', 'token_news']) {
      this.#database.statement(`DELETE FROM ${table} WHERE number = ? AND device = ?`).run(number, device)
    }
  }
}
