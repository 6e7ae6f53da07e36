import { join } from 'node:path'
import { pino } from 'pino'
import { LogFile } from './log-file.ts'
import type { Logger } from './logger.ts'
import { withoutSecrets } from './redact-secrets.ts'

/**
 * Opens the program's own log, kurir.log in the data folder; one older file is kept beside it. Whatever is
 * passed to it, no secret and no phone number reaches the file, and no failure of the disk the caller.
 *
 * @param level pino's names, from `error` to `trace`
 */
export function openLog(folder: string, level: string): { log: Logger; close(): void } {
  const file = new LogFile(join(folder, 'kurir.log'))
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: withoutSecrets },
    },
    file,
  )
  return { log, close: () => file.close() }
}
