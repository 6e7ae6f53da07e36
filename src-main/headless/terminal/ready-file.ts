import { readFileSync, rmSync } from 'node:fs'
import { Failure, sentenceOf } from '../../lib/failure.ts'
import { isRunning } from '../../storage/data-folder/folder-lock.ts'
import { writeFileAtomic } from '../../storage/data-folder/write-file-atomic.ts'

/** What a script that started the program needs to go on. Part of the outside interface: names never change. */
export interface Ready {
  pid: number
  /** Base URL of the API. */
  api: string
  /** Address of the operator's window with this run's token in its fragment; null where it is not built. */
  window: string | null
  /** With --sandbox or --new-key. */
  apiKey?: string
  sandbox?: { sender: string; control: string }
}

/**
 * Removes what an earlier run left, so that a script that waits for the file does not take its addresses for
 * those of this run. The file of a program that still runs stays: this start may be refused because of it.
 */
export function removeOldReadyFile(file: string): void {
  const pid = processNamedIn(file)
  if (pid === null) return
  // An earlier run had the same number: in containers that is usual.
  if (pid === process.pid || !isRunning(pid)) rmSync(file, { force: true })
}

/** null: there is no such file, or it is none of this program's, and then not to be removed either. */
function processNamedIn(file: string): number | null {
  try {
    const { pid, api } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Ready>
    return typeof pid === 'number' && typeof api === 'string' ? pid : null
  } catch {
    return null
  }
}

/**
 * Writes the file so that a reader sees it whole or not at all, and nobody else can read it (0600).
 * @throws Failure option_invalid when the path cannot be written
 */
export function writeReadyFile(file: string, ready: Ready): void {
  try {
    writeFileAtomic(file, `${JSON.stringify(ready, null, 2)}\n`)
  } catch (error) {
    throw new Failure('option_invalid', `The ready file cannot be written: ${sentenceOf(error)}`, {
      cause: error,
    })
  }
}
