import { existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Logger } from './logger.ts'
import { withoutSecrets } from './redaction.ts'

const largestBytes = 8 * 1024 * 1024

/**
 * Opens the program's own log, kurir.log in the data folder; one older file is kept beside it. Whatever is
 * passed to it, no secret and no phone number reaches the file.
 *
 * @param level pino's names, from `error` to `trace`
 */
export function openLog(folder: string, level: string): { log: Logger; close(): void } {
  const file = join(folder, 'kurir.log')
  setAsideWhenLarge(file)
  const destination = pino.destination({ dest: file, mkdir: false, sync: true, mode: 0o600 })
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: withoutSecrets },
    },
    destination,
  )
  return { log, close: () => destination.end() }
}

function setAsideWhenLarge(file: string): void {
  if (existsSync(file) && statSync(file).size > largestBytes) renameSync(file, `${file}.1`)
}
