import { backup, DatabaseSync } from 'node:sqlite'
import type { Listeners } from '../../lib/listeners.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { Failure } from '../../lib/failure.ts'
import { DatabaseHealth } from './database-health.ts'
import type { StorageHealth } from './database-health.ts'
import { openConnection } from './open-connection.ts'
import type { Migration } from './migrate.ts'
import { noteDamage } from '../data-folder/quarantine.ts'
import { healthAfter, sqliteSentence, storageFailure, writeFailure } from './sqlite-failure.ts'
import { Statement } from './statement.ts'
import type { Row } from './statement.ts'
import { WriteGroup } from './write-group.ts'

export type { Migration } from './migrate.ts'
export type { Row, Statement, Value } from './statement.ts'
export type { StorageHealth } from './database-health.ts'

/**
 * After so many commits the write-ahead log is moved into the database, a moment later: some 20 MiB. That
 * takes tens of milliseconds, and pages that changed often are moved once.
 */
const commitsPerCheckpoint = 400
const checkpointDelayMs = 100
/** More than any database has. */
const allPages = 2 ** 31 - 1
/** Prepared statements kept; a module's SQL is fixed, so that only searches come near it. */
const maxStatements = 500

export interface DatabaseOptions {
  /** Path of the file, created when it is not there; `:memory:` for one that is forgotten. */
  file: string
  /** All steps of its form, in any order. */
  migrations: readonly Migration[]
  log: Logger
}

/**
 * Opens the database, brings it to the form of this version and looks, cheaply, whether it is whole.
 *
 * A damaged file is set aside under a dated name and a fresh one begun: `Database.quarantine` then names it,
 * and the operator is to be told. Throws Failure `database_newer`, `storage_full`, `storage_unavailable`.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { connection, quarantine } = openConnection(options)
  return new Database(connection, options, quarantine)
}

/**
 * One connection to one SQLite file. Reading is immediate and sees what was written a line before; writing
 * goes through `write`, whose promise is kept once the change is on the disk.
 */
export class Database {
  /** Where a damaged file was moved to when this one was begun; null where there was none. */
  readonly quarantine: string | null
  readonly #connection: DatabaseSync
  readonly #file: string | null
  readonly #log: Logger
  readonly #group: WriteGroup
  readonly #health: DatabaseHealth
  readonly #statements = new Map<string, Statement<unknown>>()
  #commits = 0
  #checkpoint: NodeJS.Timeout | null = null
  #backups = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null

  constructor(connection: DatabaseSync, options: DatabaseOptions, quarantine: string | null) {
    this.#connection = connection
    this.quarantine = quarantine
    this.#file = options.file === ':memory:' ? null : options.file
    this.#log = options.log
    this.#group = new WriteGroup(connection, {
      committed: () => this.#committed(),
      failed: (error) => this.#failed(error),
    })
    this.#health = new DatabaseHealth(this.#file, () => this.#tryWriting())
  }

  get health(): StorageHealth {
    return this.#health.state
  }

  get onHealth(): Listeners<StorageHealth> {
    return this.#health.onChange
  }

  /**
   * The statement of that text, prepared once. `Shape` is what its rows look like. Where SQLite cannot read or write,
   * it throws Failure `storage_full`, `storage_unavailable`, `database_damaged`.
   */
  statement<Shape = Row>(sql: string): Statement<Shape> {
    const kept = this.#statements.get(sql)
    if (kept !== undefined) return kept as Statement<Shape>
    const statement = new Statement<Shape>(this.#connection.prepare(sql), {
      mayChange: () => this.#group.working,
      failed: (error) => this.#failed(error),
    })
    if (this.#statements.size >= maxStatements) {
      const [oldest] = this.#statements.keys()
      if (oldest !== undefined) this.#statements.delete(oldest)
    }
    this.#statements.set(sql, statement)
    return statement
  }

  /**
   * Does the work at once, whole or not at all, and answers with its result once that is on the disk; what
   * is written within one turn of the event loop shares one sync. The work must be synchronous.
   *
   * Rejects with what the work threw, or with Failure `storage_full`, `storage_unavailable`,
   * `database_damaged`: then nothing of it was kept.
   */
  write<T>(work: () => T): Promise<T> {
    return this.#refusal() ?? this.#group.write(work)
  }

  /**
   * The same for changes that nobody waits for: they are committed together with the next write, some
   * 40 ms later at the latest, so that they cost no sync of their own. Lost in a crash until then.
   */
  writeDeferred<T>(work: () => T): Promise<T> {
    return this.#refusal() ?? this.#group.write(work, true)
  }

  /**
   * Writes a copy of everything that is committed to `file`, while work goes on. The file must not exist.
   */
  async backupTo(file: string): Promise<void> {
    this.#group.flush()
    const running = this.#copyTo(file)
    this.#backups.add(running)
    try {
      await running
    } finally {
      this.#backups.delete(running)
    }
  }

  /** Commits what is open, ends backups and closes the file. Calling it again waits for the same. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#health.stop()
    if (this.#checkpoint !== null) clearTimeout(this.#checkpoint)
    this.#group.flush()
    await Promise.allSettled(this.#backups)
    this.#statements.clear()
    this.#connection.close()
  }

  /**
   * Through a connection of its own and in one step: it then reads one state of the file, and no write of ours
   * comes between, which a copy through the writing connection fails of (SQLITE_LOCKED, told as "not an error").
   */
  async #copyTo(file: string): Promise<void> {
    if (this.#file === null) return void (await backup(this.#connection, file))
    const source = new DatabaseSync(this.#file, { readOnly: true, timeout: 5_000 })
    try {
      await backup(source, file, { rate: allPages })
    } finally {
      source.close()
    }
  }

  /** Why nothing can be written any more; null where it can. */
  #refusal(): Promise<never> | null {
    if (this.#closing !== null) {
      return Promise.reject(new Failure('shutting_down', 'Kurir is stopping; nothing new is written.'))
    }
    return this.health === 'damaged' ? Promise.reject(storageFailure('damaged')) : null
  }

  #committed(): void {
    this.#commits++
    if (this.#commits < commitsPerCheckpoint || this.#checkpoint !== null) return
    this.#checkpoint = setTimeout(() => this.#moveLog(), checkpointDelayMs)
    this.#checkpoint.unref()
  }

  /** Moves the write-ahead log into the database, away from the writes, so that it does not grow. */
  #moveLog(): void {
    this.#checkpoint = null
    this.#commits = 0
    this.#group.flush()
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch (error) {
      this.#noteHealth(error)
    }
  }

  #failed(error: unknown): unknown {
    this.#noteHealth(error)
    return writeFailure(error, this.#file)
  }

  #noteHealth(error: unknown): void {
    const health = healthAfter(error, this.#file)
    if (health === null) return
    if (health === 'damaged' && this.#file !== null) noteDamage(this.#file)
    const before = this.health
    // Before anything is logged: whoever waits is answered by it, whatever becomes of the log.
    this.#health.become(health)
    if (this.health === before) return
    this.#log.error({ health, reason: sqliteSentence(error) }, 'could not write to the database')
  }

  /** Writes the file's header again as it is, synced. */
  #tryWriting(): void {
    if (this.#connection.isTransaction) return
    const version = this.#connection.prepare('PRAGMA user_version').get()?.['user_version']
    this.#connection.exec(`PRAGMA user_version = ${Number(version)}`)
  }
}
