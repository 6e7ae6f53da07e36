import { join } from 'node:path'
import { app, dialog, Notification, shell, type BrowserWindow } from 'electron'
import type { Notice, ProgramInfo } from '../../src-preload/contract.ts'
import type { Application } from '../app/app.ts'
import { Failure } from '../lib/failure.ts'
import type { DownloadLocation, HostCapabilities } from '../ipc/host-platform.ts'
import { canStartAtLogin, loginItemProblem } from './system/login-item.ts'
import { relaunch } from './lifecycle/restart.ts'
import { isInsideDataFolder } from './window/download-location.ts'
import type { Texts } from './i18n/texts.ts'
import { updatesFor } from './updates/updates.ts'

/** What the handlers of the window's calls ask of the desktop. */
export function desktopCapabilities(options: {
  application: Application
  sealedBy: ProgramInfo['sealedBy']
  customWhatsApp: boolean
  /** As this start opened it. */
  dataFolder: string
  window: () => BrowserWindow | null
  takeNotices: () => Notice[]
  /** Finishes what is in flight, then does that, which ends the program. */
  finishThen: (end: () => void) => void
  texts: () => Texts
}): HostCapabilities {
  const { application, sealedBy, customWhatsApp, dataFolder, window, takeNotices, finishThen, texts } =
    options
  const updates = updatesFor(app, application.settings, application.log, finishThen)
  return {
    kind: 'desktop',
    can: {
      startAtLogin: canStartAtLogin(dataFolder),
      keepAwake: true,
      notify: Notification.isSupported(),
      openDataFolder: true,
      update: updates.status().state !== 'off',
    },
    sealedBy,
    loginItemProblem: () => loginItemProblem(app),
    systemLanguage: app.getPreferredSystemLanguages()[0] ?? app.getLocale(),
    customWhatsApp,
    takeNotices,
    chooseSavingPlace,
    openDataFolder: async () => {
      const problem = await shell.openPath(application.dataFolder)
      if (problem !== '') throw new Failure('internal_error', `The folder could not be opened: ${problem}`)
    },
    openExternal: async (address) => {
      await shell.openExternal(address)
      return null
    },
    restart: () => {
      if (updates.restart()) return
      relaunch(app)
      app.quit()
    },
    updates,
  }

  async function chooseSavingPlace(fileName: string): Promise<DownloadLocation> {
    const defaultPath = join(app.getPath('downloads'), fileName)
    const parent = window()
    const { canceled, filePath } = await (parent === null
      ? dialog.showSaveDialog({ defaultPath })
      : dialog.showSaveDialog(parent, { defaultPath }))
    if (canceled || filePath === '') return { where: 'nowhere' }
    if (!(await isInsideDataFolder(filePath, application.dataFolder)))
      return { where: 'path', path: filePath }
    const { message, detail } = texts().dialogs.amongOurs
    await dialog.showMessageBox({ type: 'error', title: 'Kurir', message, detail })
    return { where: 'nowhere' }
  }
}
