import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FailureCode } from '../../lib/failure-codes.ts'
import { Failure } from '../../lib/failure.ts'
import { storageFailure, healthAfter } from '../database/sqlite-failure.ts'
import { invalidBackup, rebuild, type RebuildJob, type Rebuilt } from './rebuild.ts'

export interface RebuildRequest {
  readonly job: RebuildJob
  readonly deadlineMs: number
}

export type RebuildAnswer = { ok: true; rebuilt: Rebuilt } | { ok: false; code: FailureCode; message: string }

/** Rebuilds; every error becomes an answer. */
export function answerRebuild(job: RebuildJob): RebuildAnswer {
  try {
    return { ok: true, rebuilt: rebuild(job) }
  } catch (error) {
    const { code, message } = failureOf(error, job.target)
    return { ok: false, code, message }
  }
}

/**
 * Whatever SQLite says but of the disk, the file has brought about: another form, values that are not taken, more than it
 * may become. A bound on pages and a disk without space are told apart by the disk.
 */
function failureOf(error: unknown, target: string): Failure {
  if (error instanceof Failure) return error
  const health = healthAfter(error, target)
  if (health === 'full' && !isFull(dirname(target))) return invalidBackup(error)
  if (health === 'full' || health === 'read_only') return storageFailure(health, error)
  return invalidBackup(error)
}

const minFreeBytes = 1_048_576

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < minFreeBytes
}
