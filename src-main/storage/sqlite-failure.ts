import { statfsSync } from 'node:fs'
import type { FailureCode } from '../failure-codes.ts'
import { Failure, saysDiskFull, sentenceOf, systemCodeOf } from '../failure.ts'
import type { StorageHealth } from './database-health.ts'

/** Below this the disk counts as full, whatever error SQLite chose to give: bytes. */
const leastSpace = 1024 * 1024

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const BUSY = 5
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26

/** SQLite's primary result code of something thrown, or null where it is not SQLite's. */
function resultCode(thrown: unknown): number | null {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return null
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : null
}

/** What the file system itself says, before SQLite is asked. */
const fileSystemRefusals: Partial<Record<string, Exclude<StorageHealth, 'ok'>>> = {
  EROFS: 'read_only',
  EACCES: 'read_only',
  EPERM: 'read_only',
  EIO: 'read_only',
}

/** What something thrown says of the database's health; null where it says nothing of it. */
export function healthAfter(thrown: unknown, file: string | null): Exclude<StorageHealth, 'ok'> | null {
  if (saysDiskFull(thrown)) return 'full'
  const refusal = fileSystemRefusals[systemCodeOf(thrown)]
  if (refusal !== undefined) return refusal
  switch (resultCode(thrown)) {
    case FULL:
      return 'full'
    case CORRUPT:
    case NOTADB:
      return 'damaged'
    case READONLY:
    case IOERR:
    case CANTOPEN:
      // A full disk shows as an I/O error too, where SQLite extends its shared memory.
      return hasSpace(file) ? 'read_only' : 'full'
    case null:
    default:
      return null
  }
}

function hasSpace(file: string | null): boolean {
  if (file === null) return true
  try {
    const { bavail, bsize } = statfsSync(file)
    return bavail * bsize >= leastSpace
  } catch {
    return true // It cannot be told; the caller has an error of its own to show.
  }
}

const failures: Record<Exclude<StorageHealth, 'ok'>, { code: FailureCode; sentence: string }> = {
  full: {
    code: 'storage_full',
    sentence:
      'The disk is full: nothing new is accepted until there is space. Free some space on the disk of the data folder.',
  },
  read_only: {
    code: 'storage_unavailable',
    sentence:
      'The database cannot be written. Check that the disk of the data folder is there, healthy and not write-protected.',
  },
  damaged: {
    code: 'database_damaged',
    sentence:
      'The database is damaged and is not written to any more. Start Kurir again: the damaged file is set aside and a fresh one is begun.',
  },
}

/** The Failure that callers are answered with while the database is not well. */
export function storageFailure(health: Exclude<StorageHealth, 'ok'>, cause?: unknown): Failure {
  const { code, sentence } = failures[health]
  return new Failure(code, sentence, cause === undefined ? {} : { cause })
}

/** What a failed write is answered with: a Failure where SQLite could not write, else what was thrown. */
export function writeFailure(thrown: unknown, file: string | null): unknown {
  const health = healthAfter(thrown, file)
  if (health !== null) return storageFailure(health, thrown)
  if (saysBusy(thrown)) {
    return new Failure(
      'storage_unavailable',
      'Another program holds the database locked. Close whatever has it open.',
      { cause: thrown },
    )
  }
  return thrown
}

/** Whether another connection holds the file. */
export function saysBusy(thrown: unknown): boolean {
  return resultCode(thrown) === BUSY
}

/** Whether the file is no usable database, as opposed to one that cannot be reached. */
export function saysDamage(thrown: unknown): boolean {
  const code = resultCode(thrown)
  return code === CORRUPT || code === NOTADB
}

/** For the log: SQLite's sentence without any value in it. */
export function sqliteSentence(thrown: unknown): string {
  const code = resultCode(thrown)
  return code === null ? sentenceOf(thrown) : `${sentenceOf(thrown)} (SQLite ${code})`
}
