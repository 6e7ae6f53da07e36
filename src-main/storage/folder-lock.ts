import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Failure, systemCodeOf } from '../failure.ts'
import type { Shell } from './data-folder.ts'

interface Lock {
  release(): void
}

/**
 * Takes the folder by SQLite's exclusive lock on an empty file of its own: the operating system drops it when
 * the process ends, killed or not, on every platform, and no stale file can keep anybody out.
 * Throws Failure `data_folder_in_use`.
 */
export function lockFolder(folder: string, shell: Shell): Lock {
  const file = join(folder, 'lock')
  const holder = join(folder, 'lock.json')
  const connection = takeLock(file, holder)
  writeFileSync(holder, JSON.stringify({ pid: process.pid, shell }), { mode: 0o600 })
  return {
    release() {
      if (!connection.isOpen) return
      rmSync(holder, { force: true })
      connection.close()
    },
  }
}

function takeLock(file: string, holder: string): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600))
  const connection = new DatabaseSync(file, { timeout: 0 })
  try {
    // Nothing is ever written: no journal, and the file stays empty.
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return connection
  } catch (thrown) {
    connection.close()
    throw new Failure(
      'data_folder_in_use',
      `${holderName(holder)} uses this data folder already. Stop it first, or choose another folder with --data-dir.`,
      { cause: thrown },
    )
  }
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
  } catch (thrown) {
    // Somebody else's may not be signalled, but is there.
    return systemCodeOf(thrown) === 'EPERM'
  }
}
