import { BufferJSON } from '@whiskeysockets/baileys'
import type { Database, Migration } from '../../storage/database/database.ts'
import type { Companion } from '../accounts/companions.ts'
import type { BinaryNode } from '../server/nodes.ts'

export const offlineQueueMigrations: readonly Migration[] = [
  {
    number: 20,
    name: 'stanzas that companions have not acknowledged',
    sql: `
      CREATE TABLE offline_queue (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        number TEXT NOT NULL,
        device INTEGER NOT NULL,
        stanza TEXT NOT NULL,
        deliveries INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX offline_queue_by_companion ON offline_queue (number, device, sequence);
      CREATE TRIGGER offline_queue_ends AFTER DELETE ON companions
        BEGIN DELETE FROM offline_queue WHERE number = OLD.number AND device = OLD.device; END;
    `,
  },
]

/** A stanza that waits, by its place in the queue. */
export interface QueuedStanza {
  sequence: number
  /** How often it was sent already. */
  deliveries: number
}

/** A companion that never comes back fills no disk: the oldest are dropped. */
const maxQueued = 5_000

type Owner = Pick<Companion, 'number' | 'device'>

export class OfflineQueueTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Resolves with its sequence once the stanza is on the disk. */
  async add({ number, device }: Owner, stanza: BinaryNode): Promise<number> {
    let sequence = 0
    await this.#database.write(() => {
      const add = 'INSERT INTO offline_queue (number, device, stanza) VALUES (?, ?, ?) RETURNING sequence'
      const text = JSON.stringify(stanza, BufferJSON.replacer)
      sequence = this.#database.statement<{ sequence: number }>(add).get(number, device, text)?.sequence ?? 0
      const trim = `DELETE FROM offline_queue WHERE sequence = (SELECT sequence FROM offline_queue
                      WHERE number = ? AND device = ? ORDER BY sequence DESC LIMIT 1 OFFSET ?)`
      this.#database.statement(trim).run(number, device, maxQueued)
    })
    return sequence
  }

  /** What waits for a companion: first what was sent before, each part in the order in which it came. */
  waiting({ number, device }: Owner): QueuedStanza[] {
    const sql = `SELECT sequence, deliveries FROM offline_queue WHERE number = ? AND device = ?
                 ORDER BY deliveries = 0, sequence`
    return this.#database.statement<QueuedStanza & Record<string, number>>(sql).all(number, device)
  }

  stanza(sequence: number): BinaryNode | undefined {
    const sql = 'SELECT stanza FROM offline_queue WHERE sequence = ?'
    const row = this.#database.statement<{ stanza: string }>(sql).get(sequence)
    return row === undefined ? undefined : (JSON.parse(row.stanza, BufferJSON.reviver) as BinaryNode)
  }

  delivered(sequence: number): Promise<void> {
    const sql = 'UPDATE offline_queue SET deliveries = deliveries + 1 WHERE sequence = ?'
    return this.#database.write(() => void this.#database.statement(sql).run(sequence))
  }

  remove(sequence: number): Promise<void> {
    const sql = 'DELETE FROM offline_queue WHERE sequence = ?'
    return this.#database.write(() => void this.#database.statement(sql).run(sequence))
  }
}
