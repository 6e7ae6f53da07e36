import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Failure, sentenceOf, systemCodeOf } from '../../lib/failure.ts'
import type { HostPlatform } from './data-folder.ts'
import { isBusy } from '../database/sqlite-failure.ts'

interface Lock {
  release(): void
}

/**
 * Takes the folder by SQLite's exclusive lock on an empty file of its own: the operating system drops it when
 * the process ends, killed or not, on every platform, and no stale file can keep anybody out.
 * Throws Failure `data_folder_in_use`, `data_folder_unwritable`.
 */
export function lockFolder(folder: string, shell: HostPlatform): Lock {
  const file = join(folder, 'lock')
  const holder = join(folder, 'lock.json')
  const connection = takeLock(folder, file, holder)
  try {
    writeFileSync(holder, JSON.stringify({ pid: process.pid, shell }), { mode: 0o600 })
  } catch (error) {
    connection.close()
    throw unlockable(folder, holder, error)
  }
  return {
    release() {
      if (!connection.isOpen) return
      rmSync(holder, { force: true })
      connection.close()
    },
  }
}

function takeLock(folder: string, file: string, holder: string): DatabaseSync {
  const connection = openLock(folder, file)
  try {
    // Nothing is ever written: no journal, and the file stays empty.
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return connection
  } catch (error) {
    connection.close()
    if (!isBusy(error)) throw unlockable(folder, file, error)
    throw new Failure(
      'data_folder_in_use',
      `${holderName(holder)} uses this data folder already. Stop it first, or choose another folder with --data-dir.`,
      { cause: error },
    )
  }
}

function openLock(folder: string, file: string): DatabaseSync {
  try {
    closeSync(openSync(file, 'a', 0o600))
    return new DatabaseSync(file, { timeout: 0 })
  } catch (error) {
    throw unlockable(folder, file, error)
  }
}

/** Another user's file, after a start as root say, or a disk that locks no files: nobody need use the folder. */
function unlockable(folder: string, file: string, cause: unknown): Failure {
  return new Failure(
    'data_folder_unwritable',
    `The data folder ${folder} cannot be used: ${file} cannot be written and locked (${sentenceOf(cause)}). ` +
      'Make this user the owner of everything in the folder, or choose another folder with --data-dir.',
    { cause },
  )
}

/** Who wrote its name down, if that is a process that runs. */
function holderName(file: string): string {
  try {
    const { pid, shell } = JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown; shell?: unknown }
    if (typeof pid === 'number' && isRunning(pid)) return `Another Kurir (${String(shell)}, process ${pid})`
  } catch {
    // No name was written, or it is being written: the refusal stands without it.
  }
  return 'Another Kurir'
}

/** Whether there is such a process, whoever’s it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's may not be signalled, but is there.
    return systemCodeOf(error) === 'EPERM'
  }
}
