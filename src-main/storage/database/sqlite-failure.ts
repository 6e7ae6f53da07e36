import { statfsSync } from 'node:fs'
import type { FailureCode } from '../../lib/failure-codes.ts'
import { Failure, isDiskFull, sentenceOf, systemCodeOf } from '../../lib/failure.ts'
import type { StorageHealth } from './database-health.ts'

/** Below this the disk counts as full, whatever error SQLite chose to give: bytes. */
const minFreeBytes = 1024 * 1024

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const BUSY = 5
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26

/** SQLite's primary result code of something thrown, or null where it is not SQLite's. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null
}

/** What the file system itself says, before SQLite is asked. */
const fileSystemRefusals: Partial<Record<string, Exclude<StorageHealth, 'ok'>>> = {
  EROFS: 'read_only',
  EACCES: 'read_only',
  EPERM: 'read_only',
  EIO: 'read_only',
}

/** What something thrown says of the database's health; null where it says nothing of it. */
export function healthAfter(error: unknown, file: string | null): Exclude<StorageHealth, 'ok'> | null {
  if (isDiskFull(error)) return 'full'
  const refusal = fileSystemRefusals[systemCodeOf(error)]
  if (refusal !== undefined) return refusal
  switch (resultCode(error)) {
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
    return bavail * bsize >= minFreeBytes
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
export function writeFailure(error: unknown, file: string | null): unknown {
  const health = healthAfter(error, file)
  if (health !== null) return storageFailure(health, error)
  if (isBusy(error)) {
    return new Failure(
      'storage_unavailable',
      'Another program has locked the database. Close that program.',
      { cause: error },
    )
  }
  return error
}

/** Whether another connection holds the file. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY
}

/** Whether the file is no usable database, as opposed to one that cannot be reached. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error)
  return code === CORRUPT || code === NOTADB
}

/** For the log: SQLite's sentence without any value in it. */
export function sqliteSentence(error: unknown): string {
  const code = resultCode(error)
  return code === null ? sentenceOf(error) : `${sentenceOf(error)} (SQLite ${code})`
}
