import { startApplication } from './app.ts'
import { Failure } from './failure.ts'
import { readCommandLine, usage } from './headless/command-line.ts'
import { keepCompiledCode } from './headless/compiled-code.ts'
import { goOnUnread, printLine, printNotices } from './headless/console.ts'
import { dataKeyFromFile } from './headless/data-key-file.ts'
import { exportDiagnostics } from './headless/export-diagnostics.ts'
import { extraCertificates } from './headless/extra-certificates.ts'
import { removeOldReadyFile } from './headless/ready-file.ts'
import { restoreBackup } from './headless/restore-backup.ts'
import { runUntilStopped } from './headless/running.ts'
import { logThatDataStay, settleDataFolder } from './headless/settle-data-folder.ts'
import { standingNotices } from './ipc/standing-notices.ts'
import { confStore } from './storage/settings-store.ts'
import { version } from './version.ts'

try {
  await main()
} catch (thrown) {
  if (!(thrown instanceof Failure)) throw thrown
  process.stderr.write(`Kurir cannot start: ${thrown.message} (${thrown.code})\n`)
  process.exit(1)
}

async function main(): Promise<void> {
  goOnUnread()
  const given = readCommandLine(process.argv.slice(2), process.env)
  if (given.help) return printLine(usage)
  if (given.version) return printLine(version)
  const { commandLine, staysBecause } = settleDataFolder(given, 'headless')
  if (commandLine.readyFile !== null) removeOldReadyFile(commandLine.readyFile)
  keepCompiledCode()
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
  printNotices(standingNotices(application))
  if (restore !== null) return restoreBackup(application, restore, restoreInclude)
  if (diagnosticsFile !== null) await exportDiagnostics(application, diagnosticsFile)
}
