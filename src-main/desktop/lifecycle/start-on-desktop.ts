import { ipcMain, session } from 'electron'
import ElectronStore from 'electron-store'
import type { ProgramInfo } from '../../../src-preload/contract.ts'
import { startApplication, type Application } from '../../app/app.ts'
import { Failure } from '../../lib/failure.ts'
import type { CommandLine } from '../../headless/terminal/command-line.ts'
import { extraCertificates } from '../../headless/extra-certificates.ts'
import type { SettingsStore } from '../../storage/settings/settings.ts'
import { openSettingsStore, settingsFile } from '../../storage/settings/settings-store.ts'
import { version } from '../../lib/version.ts'
import { openDataKey } from '../system/data-key.ts'
import { startUtilityProcess } from '../system/utility-process.ts'

/**
 * The application with what a desktop gives it: the system's keyring, its proxies and electron-store.
 * @param packaged a packaged program never talks to another endpoint than WhatsApp's own
 * @throws Failure option_invalid, data_folder_…, data_key_unavailable, database_newer
 */
export async function startOnDesktop(
  commandLine: CommandLine,
  packaged: boolean,
): Promise<{ application: Application; sealedBy: ProgramInfo['sealedBy'] }> {
  if (packaged && (commandLine.whatsappUrl !== null || commandLine.extraCa !== null)) {
    throw new Failure('option_invalid', '--whatsapp-url and --extra-ca are for unpackaged runs only.')
  }
  if (commandLine.restore !== null) {
    throw new Failure('option_invalid', '--restore is for --headless. In the window: Settings, Restore.')
  }
  let sealedBy: ProgramInfo['sealedBy'] = 'keyring'
  const application = await startApplication({
    ...commandLine,
    shell: 'desktop',
    dataKey: async (folder) => {
      const opened = await openDataKey(folder)
      sealedBy = opened.sealedBy
      return opened.key
    },
    settingsStore: electronStore,
    extraCertificates: await extraCertificates(commandLine.extraCa),
    version,
    systemProxy: (url) => session.defaultSession.resolveProxy(url),
    startProcess: startUtilityProcess,
  })
  return { application, sealedBy }
}

function electronStore(folder: string): SettingsStore {
  const store = openSettingsStore(folder, () => new ElectronStore({ ...settingsFile, cwd: folder }))
  // electron-store tells any page where the settings are; no page of Kurir asks for that.
  ipcMain.removeAllListeners('electron-store-get-data')
  return store
}
