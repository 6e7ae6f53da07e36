import type { Database } from '../../storage/database/database.ts'

/** The SQL of whom a device has written to; changes are made inside Database.write. */
export class ContactsTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  isKnown(deviceId: string, recipient: string): boolean {
    const row = this.#database
      .statement('SELECT 1 FROM contacts WHERE device_id = ? AND recipient = ?')
      .get(deviceId, recipient)
    return row !== undefined
  }

  remember(deviceId: string, recipient: string, at: number): void {
    this.#database
      .statement(
        `INSERT INTO contacts (device_id, recipient, first_at, last_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (device_id, recipient) DO UPDATE SET last_at = excluded.last_at`,
      )
      .run(deviceId, recipient, at, at)
  }
}
