import { join } from 'node:path'
import { app, type BrowserWindow } from 'electron'
import type { Notice } from '../../src-preload/contract.ts'
import { logThatDataStay } from '../headless/settle-data-folder.ts'
import { startIpc } from '../ipc/handlers.ts'
import { desktopAbilities } from './abilities.ts'
import { setAppMenu } from './app-menu.ts'
import { carryIpc } from './ipc-transport.ts'
import { keepUnasked } from './keep-unasked.ts'
import { wasStartedAtLogin } from './login-item.ts'
import { watchForNotifications } from './notifications.ts'
import { watchPower } from './power.ts'
import { followPreferences } from './preferences.ts'
import { watchQuitting } from './quitting.ts'
import { tellScripts } from './scripts.ts'
import { finishAtSessionEnd } from './session-end.ts'
import { startOnDesktop } from './start-application.ts'
import type { Places } from './start.ts'
import type { StartOptions } from './start-options.ts'
import { textsFor, type Texts } from './texts/texts.ts'
import { hasTrayHost } from './tray-host.ts'
import { keepTray } from './tray-keeper.ts'
import { MainWindow, preloadIn } from './window.ts'

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
    navigate: (page, id) => ipc.tell('navigate', { page, id }),
    onReload: () => void unheard.push({ name: 'window_reloaded', detail: null }),
    onClose: (event, window) => {
      if (process.platform !== 'linux') return
      event.preventDefault()
      void closeOrMinimize(window)
    },
    onClosed: () => tellOnceWhereItWent('closedToTray'),
    quitByKey: () => {
      if (!tray.hasHost) app.quit()
    },
  })
  const abilities = desktopAbilities({
    application,
    sealedBy,
    customWhatsApp: options.commandLine.whatsappUrl !== null,
    dataFolder,
    window: () => window.browserWindow,
    takeNotices: () => unheard.splice(0),
    finishThen: (end) => quitting.finishThen(end),
    texts,
  })
  const ipc = await startIpc(application, abilities)
  carryIpc(ipc, () => window.browserWindow)

  const notifications = watchForNotifications(application, texts, (page, id) => window.show(page, id))
  const quitting = watchQuitting(app, finish, sayThatItFinishes)
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
  await tellScripts(application, options.commandLine)
  if (!options.hidden && !wasStartedAtLogin(app)) window.show()
  else if (!(await tray.isDrawnSoon()) && !quitting.isQuitting) window.showMinimized()
  return () => window.show()

  function texts(): Texts {
    return textsFor(settings.get('window.language'), abilities.systemLanguage)
  }

  /** Where nothing draws the tray's icon, a window that is closed could not be found again. */
  async function closeOrMinimize(open: BrowserWindow): Promise<void> {
    const isDrawn = await tray.isDrawn()
    if (open.isDestroyed()) return
    if (isDrawn) return open.destroy()
    open.minimize()
    tellOnceWhereItWent('minimizedWithoutTray')
  }

  function tellOnceWhereItWent(note: 'closedToTray' | 'minimizedWithoutTray'): void {
    if (quitting.isQuitting || saidWhereItWent || settings.get('desktop.closeNoticeShown')) return
    saidWhereItWent = true
    keepUnasked(settings, log, 'desktop.closeNoticeShown', true)
    notifications.tell(note)
  }

  function sayThatItFinishes(): void {
    ipc.tell('notice', { name: 'finishing', detail: null })
    if (window.browserWindow === null) notifications.tell('finishing')
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
