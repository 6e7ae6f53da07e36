import { startApplication } from '../app/app.ts'
import { Failure } from '../lib/failure.ts'
import { readCommandLine, usage } from './terminal/command-line.ts'
import { keepCompileCache } from './compile-cache.ts'
import { ignoreBrokenPipe, printLine, printNotices } from './terminal/print.ts'
import { dataKeyFromFile } from './data-key-file.ts'
import { exportDiagnostics } from './export-diagnostics.ts'
import { extraCertificates } from './extra-certificates.ts'
import { removeOldReadyFile } from './terminal/ready-file.ts'
import { restoreBackup } from './restore-backup.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { logThatDataStay, settleDataFolder } from './settle-data-folder.ts'
import { startupNotices } from '../ipc/calls/startup-notices.ts'
import { confStore } from '../storage/settings/settings-store.ts'
import { version } from '../lib/version.ts'

try {
  await main()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stderr.write(`Kurir cannot start: ${error.message} (${error.code})\n`)
  process.exit(1)
}

async function main(): Promise<void> {
  ignoreBrokenPipe()
  const given = readCommandLine(process.argv.slice(2), process.env)
  if (given.help) return printLine(usage)
  if (given.version) return printLine(version)
  const { commandLine, staysBecause } = settleDataFolder(given, 'headless')
  if (commandLine.readyFile !== null) removeOldReadyFile(commandLine.readyFile)
  keepCompileCache()
  const starting = startApplication({
    ...commandLine,
    shell: 'headless',
    idle: commandLine.exportDiagnostics !== null || commandLine.restore !== null,
    dataKey: dataKeyFromFile,
    settingsStore: confStore,
    extraCertificates: await extraCertificates(commandLine.extraCa),
    version,
  })
  if (staysBecause !== null)
    void starting.then(
      ({ log }) => logThatDataStay(log, staysBecause),
      () => undefined,
    )
  const { exportDiagnostics: diagnosticsFile, restore, restoreInclude } = commandLine
  if (diagnosticsFile === null && restore === null) return runUntilStopped(starting, commandLine)
  const application = await starting
  printNotices(startupNotices(application))
  if (restore !== null) return restoreBackup(application, restore, restoreInclude)
  if (diagnosticsFile !== null) await exportDiagnostics(application, diagnosticsFile)
}
