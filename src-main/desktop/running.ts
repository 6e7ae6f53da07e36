import { join } from 'node:path'
import { app } from 'electron'
import type { Notice } from '../../src-preload/contract.ts'
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
import { startOnDesktop } from './start-application.ts'
import type { Places } from './start.ts'
import type { StartOptions } from './start-options.ts'
import { textsFor, type Texts } from './texts/texts.ts'
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
  const { application, sealedBy } = await startOnDesktop(options.commandLine, app.isPackaged)
  const { settings, log } = application
  const { dataFolder } = options.commandLine
  let saidWhereItWent = false
  // Not events: a page hears none before it is drawn, long after it was loaded.
  const unheard: Notice[] = []
  if (options.restartedAt !== null) unheard.push({ name: 'restarted_after_error', detail: null })

  const window = new MainWindow({
    settings,
    log,
    preload: preloadIn(places.main),
    icon: join(places.resources, 'icons', '256.png'),
    developerTools: !app.isPackaged,
    texts,
    navigate: (page, id) => ipc.tell('navigate', { page, id }),
    onReload: () => void unheard.push({ name: 'window_reloaded', detail: null }),
    onClosed: tellOnceWhereItWent,
  })
  const abilities = desktopAbilities({
    application,
    sealedBy,
    customWhatsApp: options.commandLine.whatsappUrl !== null,
    dataFolder,
    window: () => window.browserWindow,
    takeNotices: () => unheard.splice(0),
    texts,
  })
  const ipc = await startIpc(application, abilities)
  carryIpc(ipc, () => window.browserWindow)

  const notifications = watchForNotifications(application, texts, (page, id) => window.show(page, id))
  const quitting = watchQuitting(app, finish, sayThatItFinishes)
  const tray = keepTray({
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
  if (!options.hidden && !wasStartedAtLogin(app)) window.show()
  return () => window.show()

  function texts(): Texts {
    return textsFor(settings.get('window.language'), abilities.systemLanguage)
  }

  function tellOnceWhereItWent(): void {
    if (quitting.isQuitting || saidWhereItWent || settings.get('desktop.closeNoticeShown')) return
    saidWhereItWent = true
    keepUnasked(settings, log, 'desktop.closeNoticeShown', true)
    notifications.tell('closedToTray')
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
