import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Failure } from '../../lib/failure.ts'
import type { IsolatedProcess, StartIsolatedProcess } from '../../lib/processes/isolated-process.ts'
import { startNodeProcess } from '../../lib/processes/node-process.ts'
import { renameOver } from '../../lib/rename-over.ts'
import type { BackupContent, RestoredKey } from './backup.ts'
import type { Migration } from '../database/migrate.ts'
import {
  accessSettings,
  restoredSettings,
  type AccessSetting,
  type KeptSettings,
} from '../settings/restored-settings.ts'
import { inThread } from '../database/sql-thread.ts'
import { writeFailure } from '../database/sqlite-failure.ts'
import type { Row, Value } from '../database/statement.ts'
import { writeFileAtomic } from '../data-folder/write-file-atomic.ts'
import { stagedDatabase, stagedSettings } from './finish-restore.ts'
import type { RebuildAnswer, RebuildRequest } from './rebuild-answer.ts'
import { invalidBackup, type Rebuilt } from './rebuild.ts'

export interface RestoresOptions {
  /** The data folder, which this program has for itself. */
  readonly folder: string
  readonly migrations: readonly Migration[]
  readonly content: BackupContent
  /** All rows of the table of credentials, as they are now. */
  readonly credentials: () => readonly Row[]
  /** The settings that are kept now, without those of this run only. */
  readonly settings: () => KeptSettings
  readonly startProcess?: StartIsolatedProcess | undefined
  /** Milliseconds for a file of so many bytes. */
  readonly deadlineMs?: (bytes: number) => number
}

/** A backup that was read, and what it would bring along. */
export interface PreparedRestore {
  readonly id: string
  /** Rows by the names of `content.counted`. */
  readonly counts: Readonly<Record<string, number>>
  /** Keys that this PC does not have. */
  readonly newKeys: readonly RestoredKey[]
  /** Settings that decide who reaches Kurir, with another value than here. */
  readonly access: readonly AccessSetting[]
}

/** What the operator has agreed to, of what was asked about. */
export interface RestoreInclude {
  readonly keys: boolean
  readonly access: boolean
}

interface Prepared {
  readonly file: string
  readonly rebuilt: Rebuilt
  readonly settings: Readonly<Record<string, unknown>>
}

const unfinished = `${stagedDatabase}.unfinished`
const processOptions = { name: 'Kurir restore', heapMiB: 128 }
/** Prepared ones, of windows that were closed since, say. */
const maxPrepared = 4

/** A minute, and a second more for every 2 MiB: some five times what a slow disk takes. */
const usualDeadlineMs = (bytes: number): number => 60_000 + bytes / 2_097

/**
 * Restores in two steps: a backup is read into a new database, and the operator is told what it would open; then it is laid
 * ready for the next start. Nothing of what is there now changes before that start.
 *
 * A backup is read in a process of its own, which is killed at its deadline and when the program stops. Several may be
 * read at once: none waits for another.
 */
export class Restores {
  readonly #options: RestoresOptions
  readonly #prepared = new Map<string, Prepared>()
  readonly #running = new Set<IsolatedProcess>()
  /** One after the other: what is laid ready is one database and its settings. */
  #lastLaid: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(options: RestoresOptions) {
    this.#options = options
    // What a kill left behind.
    for (const name of readdirSync(options.folder)) {
      if (name.startsWith(unfinished)) rmSync(join(options.folder, name), { recursive: true, force: true })
    }
  }

  /** @throws Failure backup_invalid, database_newer, storage_full, storage_unavailable, shutting_down */
  async prepare(backup: string): Promise<PreparedRestore> {
    const id = randomUUID()
    const file = join(this.#options.folder, `${unfinished}-${id}`)
    try {
      createPrivate(file)
      const rebuilt = await this.#rebuild(backup, file)
      const settings = readSettings(rebuilt.settings)
      this.#keep(id, { file, rebuilt, settings })
      return {
        id,
        counts: rebuilt.counts,
        newKeys: this.#foreign(rebuilt).map(({ key }) => key),
        access: accessSettings(settings, this.#options.settings().values),
      }
    } catch (error) {
      await removeDatabase(file)
      throw error
    }
  }

  /**
   * Lays a prepared restore ready; the next start of the program puts it in place. Answers the rows by the names of
   * `content.counted`, of the table of credentials those that came along or were here already.
   * @throws Failure parameter_invalid where it is not prepared any more, storage_full, storage_unavailable
   */
  finish(id: string, include: RestoreInclude): Promise<Record<string, number>> {
    const laid = this.#lastLaid.then(() => this.#finish(id, include))
    this.#lastLaid = laid.catch(() => undefined)
    return laid
  }

  /** Forgets a prepared restore. */
  async cancel(id: string): Promise<void> {
    const prepared = this.#prepared.get(id)
    this.#prepared.delete(id)
    if (prepared !== undefined) await removeDatabase(prepared.file)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const running of this.#running) running.kill()
    await this.#lastLaid
    for (const id of Array.from(this.#prepared.keys())) await this.cancel(id)
  }

  async #finish(id: string, include: RestoreInclude): Promise<Record<string, number>> {
    const prepared = this.#prepared.get(id)
    if (prepared === undefined) {
      throw new Failure(
        'parameter_invalid',
        'That restore is not prepared any more. Choose the backup again.',
      )
    }
    this.#prepared.delete(id)
    const { folder, settings } = this.#options
    try {
      const keys = await this.#setCredentials(prepared, include.keys)
      await sync(prepared.file)
      const values = restoredSettings(prepared.settings, settings(), include.access)
      writeFileAtomic(join(folder, stagedSettings), JSON.stringify(values, null, '\t'))
      await renameOver(prepared.file, join(folder, stagedDatabase))
      return { ...prepared.rebuilt.counts, ...keys }
    } catch (error) {
      throw writeFailure(error, prepared.file)
    } finally {
      await removeDatabase(prepared.file)
    }
  }

  async #setCredentials(
    { file, rebuilt }: Prepared,
    includeForeign: boolean,
  ): Promise<Record<string, number>> {
    const { content } = this.#options
    const { credentials } = content
    if (credentials === null) return {}
    const rows = [...this.#options.credentials()]
    const own = new Set(rows.map((row) => row[credentials.identity]))
    let came = rebuilt.credentials.filter((row) => own.has(row[credentials.identity] ?? null)).length
    if (includeForeign) {
      for (const { row } of this.#foreign(rebuilt)) {
        rows.push(credentials.beside(row, rows))
        came += 1
      }
    }
    await inThread(file, [
      { sql: `DELETE FROM "${credentials.table}"` },
      ...rows.map((row) => insertOf(credentials.table, row)),
    ])
    const name = Object.entries(content.counted).find(([, table]) => table === credentials.table)?.[0]
    return name === undefined ? {} : { [name]: came }
  }

  /** The credentials of a backup that this PC does not have. */
  #foreign(rebuilt: Rebuilt): { row: Row; key: RestoredKey }[] {
    const { credentials } = this.#options.content
    if (credentials === null) return []
    const own = new Set(this.#options.credentials().map((row) => row[credentials.identity]))
    return rebuilt.credentials.flatMap((row) => {
      const key = own.has(row[credentials.identity] ?? null) ? null : credentials.describe(row)
      return key === null ? [] : [{ row, key }]
    })
  }

  #keep(id: string, prepared: Prepared): void {
    this.#prepared.set(id, prepared)
    const [oldest] = this.#prepared.keys()
    if (this.#prepared.size > maxPrepared && oldest !== undefined) void this.cancel(oldest)
  }

  async #rebuild(backup: string, target: string): Promise<Rebuilt> {
    if (this.#stopped) throw stopping()
    const { content, migrations, deadlineMs = usualDeadlineMs } = this.#options
    const request: RebuildRequest = {
      deadlineMs: Math.ceil(deadlineMs(statSync(backup).size)),
      job: {
        backup,
        target,
        migrations,
        leaveOut: content.leaveOut,
        counted: content.counted,
        afterwards: content.afterwards,
        credentials: content.credentials?.table ?? null,
      },
    }
    const answer = await this.#ask(request)
    if (answer.ok) return answer.rebuilt
    throw new Failure(answer.code, answer.message)
  }

  #ask(request: RebuildRequest): Promise<RebuildAnswer> {
    const start = this.#options.startProcess ?? startNodeProcess
    return new Promise((resolve, reject) => {
      const running = start(processFile(), processOptions)
      this.#running.add(running)
      const timer = setTimeout(() => running.kill(), request.deadlineMs)
      running.onMessage((answer) => {
        resolve(answer as RebuildAnswer)
        running.kill()
      })
      running.onExit(() => {
        clearTimeout(timer)
        this.#running.delete(running)
        reject(this.#stopped ? stopping() : tooLong())
      })
      running.send(request)
    })
  }
}

const stopping = (): Failure =>
  new Failure('shutting_down', 'Kurir is stopping; nothing was restored. Start it again, then restore.')

const tooLong = (): Failure =>
  new Failure(
    'backup_invalid',
    'The backup takes too long or too much memory to read: it is damaged or malicious. Nothing was restored.',
  )

const settingsSchema = z.record(z.string(), z.unknown())

function readSettings(text: string): Record<string, unknown> {
  try {
    return settingsSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw invalidBackup(cause)
  }
}

function insertOf(table: string, row: Row): { sql: string; values: Value[] } {
  const columns = Object.keys(row)
  const names = columns.map((column) => `"${column}"`).join(', ')
  const places = columns.map(() => '?').join(', ')
  return {
    sql: `INSERT INTO "${table}" (${names}) VALUES (${places})`,
    values: Object.values(row),
  }
}

/** SQLite would give it the mode of any file. */
function createPrivate(file: string): void {
  closeSync(openSync(file, 'wx', 0o600))
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function removeDatabase(file: string): Promise<void> {
  for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(file + suffix, { force: true })
}

/** From source the TypeScript file beside this one; in the bundles, which share one folder, an entry of its own. */
function processFile(): string {
  const isSource = import.meta.filename.endsWith('.ts')
  return join(import.meta.dirname, isSource ? 'rebuild-process.ts' : 'rebuild-process.js')
}
