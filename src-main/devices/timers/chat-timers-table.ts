import type { Database, Migration } from '../../storage/database/database.ts'

export const chatTimersMigrations: readonly Migration[] = [
  {
    number: 14,
    name: 'timers of chats whose messages disappear',
    sql: `
      CREATE TABLE chat_timers (
        device_id TEXT NOT NULL,
        -- a JID without a device: phone number, LID or group
        chat TEXT NOT NULL,
        expiration_seconds INTEGER NOT NULL,
        set_at_seconds INTEGER NOT NULL,
        PRIMARY KEY (device_id, chat)
      ) STRICT, WITHOUT ROWID;
      -- They belong to a linked account: what a new link is to know comes with its history.
      CREATE TRIGGER chat_timers_end AFTER DELETE ON session_credentials
        BEGIN DELETE FROM chat_timers WHERE device_id = OLD.device_id; END;`,
  },
]

/** How long the messages of one chat stay. */
export interface ChatTimer {
  /** 0: messages do not disappear. */
  expirationSeconds: number
  /** When it was chosen, in seconds since the epoch; 0 where that is not known. */
  setAtSeconds: number
}

interface Row {
  expiration_seconds: number
  set_at_seconds: number
}

export class ChatTimersTable {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find(deviceId: string, chat: string): ChatTimer | null {
    const sql = 'SELECT expiration_seconds, set_at_seconds FROM chat_timers WHERE device_id = ? AND chat = ?'
    const row = this.#database.statement<Row>(sql).get(deviceId, chat)
    if (row === undefined) return null
    return { expirationSeconds: row.expiration_seconds, setAtSeconds: row.set_at_seconds }
  }

  /** Keeps a timer unless one that was set later is there. */
  save(deviceId: string, chat: string, timer: ChatTimer): Promise<void> {
    return this.#database.write(() => {
      this.#database
        .statement(
          `INSERT INTO chat_timers (device_id, chat, expiration_seconds, set_at_seconds)
           VALUES ($deviceId, $chat, $expirationSeconds, $setAtSeconds)
           ON CONFLICT (device_id, chat) DO UPDATE
             SET expiration_seconds = $expirationSeconds, set_at_seconds = $setAtSeconds
             WHERE set_at_seconds <= $setAtSeconds`,
        )
        .run({ deviceId, chat, ...timer })
    })
  }
}
