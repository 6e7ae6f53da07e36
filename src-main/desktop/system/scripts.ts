import type { Application } from '../../app/app.ts'
import { Failure } from '../../lib/failure.ts'
import type { CommandLine } from '../../headless/terminal/command-line.ts'
import { removeOldReadyFile, writeReadyFile } from '../../headless/terminal/ready-file.ts'
import { readiness } from '../../headless/terminal/readiness.ts'

/**
 * `--ready-file` and `--new-key`, as without a desktop: for scripts that start the program, such as the one that tries the
 * packages. A key that nobody would be told is not made.
 * @throws Failure option_invalid
 */
export async function notifyScripts(application: Application, commandLine: CommandLine): Promise<void> {
  const { readyFile, newKey } = commandLine
  if (readyFile === null && newKey !== null) {
    throw new Failure('option_invalid', '--new-key needs --ready-file, into which the key is written.')
  }
  if (readyFile === null) return
  removeOldReadyFile(readyFile)
  if (application.api.status.state !== 'running') return
  writeReadyFile(readyFile, await readiness(application, commandLine, null))
}
