import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'
import { takeLibraryError } from '../../devices/baileys/process/library-errors.ts'
import { isOfConnection } from '../../devices/baileys/process/baileys-rejections.ts'
import { withoutSecrets } from '../../lib/logging/redact-secrets.ts'
import { afterUncaught } from './crash-rules.ts'
import { relaunch, restartArguments } from './restart.ts'

/**
 * An error that nothing caught leaves the program in an unknown state: it is written down without what it may
 * hold of messages and numbers, and the program starts itself anew, once. What was in flight is found by the
 * next start, as after a power cut.
 */
export function watchMain(
  app: App,
  options: {
    dataFolder: string
    restartedAt: number | null
    /** Says so and ends the program. `file` is where the error is written down. */
    onFailedAgain: (file: string) => void
  },
): void {
  let failed = false
  const onUncaught = (error: unknown): void => {
    // Of one device's connection, which ends; the others go on.
    if (failed || takeLibraryError(error)) return
    failed = true
    writeDown(options.dataFolder, error)
    const now = Date.now()
    if (afterUncaught(options.restartedAt, now) === 'end') {
      return options.onFailedAgain(crashFile(options.dataFolder))
    }
    relaunch(app, restartArguments(now))
    app.exit(1)
  }
  process.on('uncaughtException', onUncaught)
  process.on('unhandledRejection', (reason) => {
    // Those are expected, and written down by the devices.
    if (!isOfConnection(reason)) onUncaught(reason)
  })
}

/** Where it is written down. */
function crashFile(folder: string): string {
  return join(folder, 'crashes.log')
}

/** Synchronously and beside the log: the process is about to end, and the log may be what failed. */
function writeDown(folder: string, error: unknown): void {
  try {
    const line = `${new Date().toISOString()} ${crashReport(error)}\n`
    appendFileSync(crashFile(folder), line, { mode: 0o600 })
  } catch {
    // A folder that cannot be written is perhaps the very reason; there is nobody left to tell.
  }
}

/** What kind of error and where, without its message: that may quote what the program was working on. */
export function crashReport(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown'
  const frames = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at ')) ?? []
  // These two only ever name identifiers of the program.
  const said = error instanceof TypeError || error instanceof ReferenceError ? `: ${error.message}` : ''
  return withoutSecrets([`${error.name}${said}`, ...frames].join('\n'))
}
