import type { Database, Migration } from '../../storage/database/database.ts'
import type { DeviceEvent, DeviceKind, EndReason, NewChatQuota } from '../device.ts'

export const devicesTableMigrations: readonly Migration[] = [
  {
    number: 10,
    name: 'devices and their history',
    sql: `
      CREATE TABLE devices (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('whatsapp', 'sandbox', 'custom')),
        name TEXT NOT NULL,
        number TEXT,
        added_at INTEGER NOT NULL,
        last_connected_at INTEGER,
        -- why it is stopped or unpaired, where the next start of the program must know
        stopped_reason TEXT,
        unpaired_reason TEXT,
        time_locked INTEGER NOT NULL DEFAULT 0,
        time_lock_until INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX devices_by_number ON devices (number) WHERE number IS NOT NULL;
      CREATE TABLE device_events (
        sequence INTEGER PRIMARY KEY,
        device_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        state TEXT NOT NULL,
        reason TEXT,
        lasted_ms INTEGER,
        code INTEGER
      ) STRICT;
      CREATE INDEX device_events_by_device ON device_events (device_id, sequence);
      -- what the program has learned for all devices: the current version of WhatsApp Web
      CREATE TABLE whatsapp_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL, learned_at INTEGER NOT NULL) STRICT;`,
  },
  {
    number: 15,
    name: 'until when a device is banned',
    sql: 'ALTER TABLE devices ADD COLUMN stopped_until INTEGER;',
  },
  {
    number: 17,
    name: 'when a device was linked, and its quota of new chats',
    sql: `
      ALTER TABLE devices ADD COLUMN paired_at INTEGER;
      -- as JSON: used, total, until, usedUp
      ALTER TABLE devices ADD COLUMN new_chat_quota TEXT;`,
  },
  {
    number: 16,
    name: 'which devices can make tokens for strangers',
    // Those that are there were linked without.
    sql: 'ALTER TABLE devices ADD COLUMN makes_tokens INTEGER NOT NULL DEFAULT 0',
  },
]

/** How many lines of history each device keeps; what is older goes when new ones come. */
const keptEvents = 500

export interface DeviceRow {
  id: string
  kind: DeviceKind
  name: string
  number: string | null
  addedAt: number
  lastConnectedAt: number | null
  stoppedReason: EndReason | null
  /** When a ban for a time ends, milliseconds. */
  stoppedUntil: number | null
  unpairedReason: EndReason | null
  timeLock: { until: number | null } | null
  pairedAt: number | null
  newChatQuota: NewChatQuota | null
  /** Linked by a version that takes tokens from the phone, or it has the account's salt since. */
  makesTokens: boolean
}

interface Columns {
  id: string
  kind: DeviceKind
  name: string
  number: string | null
  added_at: number
  last_connected_at: number | null
  stopped_reason: EndReason | null
  stopped_until: number | null
  unpaired_reason: EndReason | null
  time_locked: number
  time_lock_until: number | null
  paired_at: number | null
  new_chat_quota: string | null
  makes_tokens: number
}

interface EventColumns {
  at: number
  state: DeviceEvent['state']
  reason: EndReason | null
  lasted_ms: number | null
  code: number | null
}

/** The devices' rows, their history, and what is known of WhatsApp for all of them. */
export class DevicesTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  all(): DeviceRow[] {
    const rows = this.#database.statement<Columns>('SELECT * FROM devices ORDER BY added_at, id').all()
    return rows.map(rowOf)
  }

  /** A new device, and the first line of its history. */
  add(row: DeviceRow): Promise<void> {
    return this.#database.write(() => {
      this.#database
        .statement(
          `INSERT INTO devices (id, kind, added_at, name, number, last_connected_at, stopped_reason, stopped_until,
             unpaired_reason, time_locked, time_lock_until, paired_at, new_chat_quota, makes_tokens)
           VALUES ($id, $kind, $addedAt, $name, $number, $lastConnectedAt, $stopped, $stoppedUntil,
             $unpaired, $locked, $until, $pairedAt, $newChatQuota, $makesTokens)`,
        )
        .run({ ...changeable(row), kind: row.kind, addedAt: row.addedAt })
      this.#note(row.id, { at: row.addedAt, state: 'unpaired', reason: null, lastedMs: null, code: null })
    })
  }

  /** Writes the row as it is now; nothing where the device was removed. */
  change(row: DeviceRow): Promise<void> {
    return this.#database.write(() => {
      this.#database
        .statement(
          `UPDATE devices SET name = $name, number = $number, last_connected_at = $lastConnectedAt,
             stopped_reason = $stopped, stopped_until = $stoppedUntil, unpaired_reason = $unpaired,
             time_locked = $locked, time_lock_until = $until,
             paired_at = $pairedAt, new_chat_quota = $newChatQuota, makes_tokens = $makesTokens
           WHERE id = $id`,
        )
        .run(changeable(row))
    })
  }

  /** Removes the device with its history; its session keys are the other table's. */
  remove(id: string): Promise<void> {
    return this.#database.write(() => {
      this.#database.statement('DELETE FROM device_events WHERE device_id = ?').run(id)
      this.#database.statement('DELETE FROM devices WHERE id = ?').run(id)
    })
  }

  /** Adds to the history of a device that is there. */
  note(deviceId: string, event: DeviceEvent): Promise<void> {
    return this.#database.write(() => this.#note(deviceId, event))
  }

  #note(deviceId: string, event: DeviceEvent): void {
    const { lastInsertRowid } = this.#database
      .statement(
        `INSERT INTO device_events (device_id, at, state, reason, lasted_ms, code)
         SELECT id, ?, ?, ?, ?, ? FROM devices WHERE id = ?`,
      )
      .run(event.at, event.state, event.reason, event.lastedMs, event.code, deviceId)
    // Not at every line: a sweep per fifty keeps the bound and costs nothing.
    if (lastInsertRowid % 50 === 0) this.#forgetOldEvents(deviceId)
  }

  #forgetOldEvents(deviceId: string): void {
    this.#database
      .statement(
        `DELETE FROM device_events WHERE device_id = $id AND sequence <= (
           SELECT sequence FROM device_events WHERE device_id = $id
           ORDER BY sequence DESC LIMIT 1 OFFSET ${keptEvents})`,
      )
      .run({ id: deviceId })
  }

  /** The newest first. */
  events(deviceId: string, limit: number): DeviceEvent[] {
    return this.#database
      .statement<EventColumns>(
        'SELECT at, state, reason, lasted_ms, code FROM device_events WHERE device_id = ? ORDER BY sequence DESC LIMIT ?',
      )
      .all(deviceId, limit)
      .map(({ at, state, reason, lasted_ms, code }) => ({ at, state, reason, lastedMs: lasted_ms, code }))
  }

  fact(name: string): { value: string; learnedAt: number } | null {
    const row = this.#database
      .statement<{ value: string; learned_at: number }>(
        'SELECT value, learned_at FROM whatsapp_facts WHERE name = ?',
      )
      .get(name)
    return row === undefined ? null : { value: row.value, learnedAt: row.learned_at }
  }

  learn(name: string, value: string, at: number): Promise<void> {
    return this.#database.write(() => {
      this.#database
        .statement(
          `INSERT INTO whatsapp_facts (name, value, learned_at) VALUES ($name, $value, $at)
           ON CONFLICT (name) DO UPDATE SET value = $value, learned_at = $at`,
        )
        .run({ name, value, at })
    })
  }
}

function changeable(row: DeviceRow) {
  const { id, name, number, lastConnectedAt, timeLock, pairedAt, newChatQuota, makesTokens, ...reasons } = row
  return {
    id,
    name,
    number,
    lastConnectedAt,
    stopped: reasons.stoppedReason,
    stoppedUntil: reasons.stoppedUntil,
    unpaired: reasons.unpairedReason,
    locked: timeLock === null ? 0 : 1,
    until: timeLock?.until ?? null,
    pairedAt,
    newChatQuota: newChatQuota === null ? null : JSON.stringify(newChatQuota),
    makesTokens: Number(makesTokens),
  }
}

function rowOf(row: Columns): DeviceRow {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    number: row.number,
    addedAt: row.added_at,
    lastConnectedAt: row.last_connected_at,
    stoppedReason: row.stopped_reason,
    stoppedUntil: row.stopped_until,
    unpairedReason: row.unpaired_reason,
    timeLock: row.time_locked === 1 ? { until: row.time_lock_until } : null,
    pairedAt: row.paired_at,
    newChatQuota: row.new_chat_quota === null ? null : (JSON.parse(row.new_chat_quota) as NewChatQuota),
    makesTokens: row.makes_tokens === 1,
  }
}
