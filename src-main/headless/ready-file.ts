import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Failure, sentenceOf } from '../failure.ts'

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
 * Writes the file so that a reader sees it whole or not at all, and nobody else can read it (0600).
 * @throws Failure option_invalid when the path cannot be written
 */
export function writeReadyFile(file: string, ready: Ready): void {
  const unfinished = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(unfinished, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 })
    chmodSync(unfinished, 0o600)
    renameSync(unfinished, file)
  } catch (thrown) {
    rmSync(unfinished, { force: true })
    throw new Failure('option_invalid', `The ready file cannot be written: ${sentenceOf(thrown)}`, {
      cause: thrown,
    })
  }
}
