import type { Migration } from '../../storage/database/database.ts'

/** The outbox and the log, which are the same rows. Numbers 30 to 59 are this module's. */
export const messageMigrations: readonly Migration[] = [
  {
    number: 30,
    name: 'messages',
    sql: `
      -- One call. Its messages have the sequences number … number + recipients - 1.
      CREATE TABLE requests (
        number INTEGER PRIMARY KEY,
        recipients INTEGER NOT NULL,
        device_id TEXT NOT NULL,
        key_id TEXT,
        fingerprint BLOB NOT NULL,
        idempotency_key TEXT,
        queue INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        told_at INTEGER,
        source TEXT,       -- what is still to be fetched and encoded, JSON
        encoded BLOB,      -- WhatsApp's own form, once there is one
        parameters TEXT    -- of the call, redacted, JSON
      ) STRICT;
      CREATE INDEX requests_untold ON requests (fingerprint) WHERE told_at IS NULL;
      CREATE INDEX requests_with_idempotency_key ON requests (idempotency_key, key_id)
        WHERE idempotency_key IS NOT NULL;

      CREATE TABLE messages (
        sequence INTEGER PRIMARY KEY,
        request INTEGER NOT NULL,
        id TEXT NOT NULL UNIQUE,
        device_id TEXT NOT NULL,
        recipient TEXT NOT NULL,
        jid TEXT,          -- where it was handed over to
        kind TEXT NOT NULL,
        text TEXT,
        kept TEXT NOT NULL DEFAULT 'yes',   -- how the text is kept: yes, masked, no
        file_name TEXT,
        state INTEGER NOT NULL,             -- message-state.ts has the names
        failure_code TEXT,
        failure_reason TEXT,
        via TEXT NOT NULL,
        key_name TEXT,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        story TEXT NOT NULL DEFAULT ''      -- story.ts has the form
      ) STRICT;
      -- SQLite adds the sequence to each of these, so that a filtered page is read in order.
      CREATE INDEX messages_of_device ON messages (device_id);
      CREATE INDEX messages_in_state ON messages (state);
      CREATE INDEX messages_of_key ON messages (key_name);

      -- Whom a device has written to, for the pace with new contacts.
      CREATE TABLE contacts (
        device_id TEXT NOT NULL,
        recipient TEXT NOT NULL,
        first_at INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (device_id, recipient)
      ) STRICT, WITHOUT ROWID;

      -- Sends and failures by the day of their outcome, on the clock of this PC: 20261122.
      CREATE TABLE daily_counts (
        day INTEGER NOT NULL,
        device_id TEXT NOT NULL,
        sent INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        PRIMARY KEY (day, device_id)
      ) STRICT, WITHOUT ROWID;

      -- How far the sweeps and the search index have come.
      CREATE TABLE message_marks (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    number: 31,
    name: 'one text a call',
    sql: `
      -- A call to many had its text in each of its messages' rows.
      CREATE TABLE requests_with_text (
        number INTEGER PRIMARY KEY,
        recipients INTEGER NOT NULL,
        device_id TEXT NOT NULL,
        key_id TEXT,
        fingerprint BLOB NOT NULL,
        idempotency_key TEXT,
        queue INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        told_at INTEGER,
        text TEXT,
        file_name TEXT,
        kept TEXT NOT NULL,   -- how the text is kept: yes, masked, no
        source TEXT,          -- what is still to be fetched and encoded, JSON
        encoded BLOB,         -- WhatsApp's own form, once there is one
        parameters TEXT       -- of the call, redacted, JSON
      ) STRICT;
      -- The first row is the one that a sweep which was broken off had come to.
      INSERT INTO requests_with_text
        SELECT r.number, r.recipients, r.device_id, r.key_id, r.fingerprint, r.idempotency_key, r.queue, r.created_at,
          r.told_at, m.text, m.file_name, coalesce(m.kept, 'no'), r.source, r.encoded, r.parameters
        FROM requests r LEFT JOIN messages m ON m.sequence =
          (SELECT min(sequence) FROM messages WHERE sequence BETWEEN r.number AND r.number + r.recipients - 1)
        ORDER BY r.number;
      DROP TABLE requests;
      ALTER TABLE requests_with_text RENAME TO requests;
      CREATE INDEX requests_untold ON requests (fingerprint) WHERE told_at IS NULL;
      CREATE INDEX requests_with_idempotency_key ON requests (idempotency_key, key_id)
        WHERE idempotency_key IS NOT NULL;

      -- In place, which leaves the index of ids as it is: building it anew takes minutes for a long log.
      ALTER TABLE messages DROP COLUMN text;
      ALTER TABLE messages DROP COLUMN kept;
      ALTER TABLE messages DROP COLUMN file_name;
    `,
  },
  {
    number: 32,
    name: 'no mark beyond every row',
    // "Nothing to be swept" was written as the largest number there is, which no restore takes.
    sql: `DELETE FROM message_marks WHERE name = 'swept texts' AND value >= 4503599627370496`,
  },
]

/**
 * For a backup that is restored: what was unfinished when it was made may have been sent since, and must not
 * be sent again from here. States by number, as message-state.ts has them: 0 queued, 1 sending, 7 expired.
 */
export const endedByRestore: readonly string[] = [
  `UPDATE messages SET
     state = 7,
     failure_code = 'expired',
     failure_reason = 'It was unfinished in a backup that was restored, and is not sent from the restored log.',
     changed_at = CAST(unixepoch('subsec') * 1000 AS INTEGER),
     story = story || '7 ' || (CAST(unixepoch('subsec') * 1000 AS INTEGER) - created_at) || ' a backup was restored' || char(10)
   WHERE state IN (0, 1)`,
  // Paths of this PC's disk among it; nothing is prepared any more.
  `UPDATE requests SET source = NULL WHERE source IS NOT NULL`,
  `UPDATE requests SET parameters = NULL WHERE NOT json_valid(parameters)`,
  // The search index is made anew: it is none of the tables that a restore copies.
  `DELETE FROM message_marks WHERE name IN ('indexed', 'merged')`,
]
