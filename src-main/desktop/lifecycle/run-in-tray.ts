import { join } from 'node:path'
import { app, type BrowserWindow } from 'electron'
import type { Notice } from '../../../src-preload/contract.ts'
import { logThatDataStay } from '../../headless/settle-data-folder.ts'
import { startIpc } from '../../ipc/handlers.ts'
import { desktopCapabilities } from '../desktop-capabilities.ts'
import { setAppMenu } from '../window/app-menu.ts'
import { carryIpc } from '../ipc-transport.ts'
import { trySetSetting } from './try-set-setting.ts'
import { wasStartedAtLogin } from '../system/login-item.ts'
import { watchForNotifications } from '../system/notifications.ts'
import { watchPower } from '../system/power.ts'
import { followPreferences } from '../system/preferences.ts'
import { watchQuitting } from './quitting.ts'
import { notifyScripts } from '../system/scripts.ts'
import { finishAtSessionEnd } from '../system/session-end.ts'
import { startOnDesktop } from './start-on-desktop.ts'
import type { Places } from './start-desktop.ts'
import type { StartOptions } from './start-options.ts'
import { textsFor, type Texts } from '../i18n/texts.ts'
import { hasTrayHost } from '../tray/tray-host.ts'
import { keepTray } from '../tray/tray-keeper.ts'
import { MainWindow, preloadIn } from '../window/main-window.ts'

/**
 * The application with everything around it that belongs to a desktop, in order: keyring and application, window,
 * its calls, notifications, tray, power, settings.
 *
 * @returns shows the window
 */
export async function runInTray(options: StartOptions, places: Places): Promise<() => void> {
  setAppMenu()
  const trayHost = hasTrayHost()
  const { application, sealedBy } = await startOnDesktop(options.commandLine, app.isPackaged)
  const { settings, log } = application
  const { dataFolder } = options.commandLine
  if (options.dataStaysBecause !== null) logThatDataStay(log, options.dataStaysBecause)
  let saidWhereItWent = false
  // Not events: a page hears none before it is drawn, long after it was loaded.
  const unheard: Notice[] = []
  if (options.restartedAt !== null) unheard.push({ name: 'restarted_after_error', detail: null })

  const window = new MainWindow({
    settings,
    log,
    preload: preloadIn(places.main),
    // Windows takes that of the program's file, which has every size.
    icon: process.platform === 'win32' ? null : join(places.resources, 'icons', '256.png'),
    developerTools: !app.isPackaged,
    texts,
    navigate: (page, id) => ipc.notify('navigate', { page, id }),
    onReload: () => void unheard.push({ name: 'window_reloaded', detail: null }),
    onClose: (event, window) => {
      if (process.platform !== 'linux') return
      event.preventDefault()
      void closeOrMinimize(window)
    },
    onClosed: () => notifyMovedOnce('closedToTray'),
    quitByKey: () => {
      if (!tray.hasHost) app.quit()
    },
  })
  const capabilities = desktopCapabilities({
    application,
    sealedBy,
    customWhatsApp: options.commandLine.whatsappUrl !== null,
    dataFolder,
    window: () => window.browserWindow,
    takeNotices: () => unheard.splice(0),
    finishThen: (end) => quitting.finishThen(end),
    texts,
  })
  const ipc = await startIpc(application, capabilities)
  carryIpc(ipc, () => window.browserWindow)

  const notifications = watchForNotifications(application, texts, (page, id) => window.show(page, id))
  const quitting = watchQuitting(app, finish, reportFinishing)
  finishAtSessionEnd(quitting)
  const tray = keepTray({
    hasHost: await trayHost,
    application,
    window,
    pictures: join(places.resources, 'tray'),
    texts,
    isQuitting: () => quitting.isQuitting,
    quit: () => app.quit(),
  })
  const letSleep = watchPower(application.devices, settings)
  followPreferences({ settings, log, dataFolder, onLanguage: () => tray.refresh() })

  app.on('activate', () => window.show())
  await notifyScripts(application, options.commandLine)
  if (!options.hidden && !wasStartedAtLogin(app)) window.show()
  else if (!(await tray.isDrawnSoon()) && !quitting.isQuitting) window.showMinimized()
  return () => window.show()

  function texts(): Texts {
    return textsFor(settings.get('window.language'), capabilities.systemLanguage)
  }

  /** Where nothing draws the tray's icon, a window that is closed could not be found again. */
  async function closeOrMinimize(open: BrowserWindow): Promise<void> {
    const isDrawn = await tray.isDrawn()
    if (open.isDestroyed()) return
    if (isDrawn) return open.destroy()
    open.minimize()
    notifyMovedOnce('minimizedWithoutTray')
  }

  function notifyMovedOnce(note: 'closedToTray' | 'minimizedWithoutTray'): void {
    if (quitting.isQuitting || saidWhereItWent || settings.get('desktop.closeNoticeShown')) return
    saidWhereItWent = true
    trySetSetting(settings, log, 'desktop.closeNoticeShown', true)
    notifications.notify(note)
  }

  function reportFinishing(): void {
    ipc.notify('notice', { name: 'finishing', detail: null })
    if (window.browserWindow === null) notifications.notify('finishing')
  }

  async function finish(): Promise<void> {
    tray.refresh()
    notifications.stop()
    letSleep()
    await ipc.stop()
    window.keepBounds()
    await application.stop()
    window.destroy()
    tray.destroy()
  }
}
