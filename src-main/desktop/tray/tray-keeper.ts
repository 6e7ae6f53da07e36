import { setTimeout as pause } from 'node:timers/promises'
import { clipboard, dialog } from 'electron'
import type { Application } from '../../app/app.ts'
import { Failure, sentenceOf } from '../../lib/failure.ts'
import { TrayIcon } from './tray.ts'
import { hasTrayHost } from './tray-host.ts'
import { trayView, type TrayCommand, type TrayFacts } from './tray-state.ts'
import type { Texts } from '../i18n/texts.ts'
import type { MainWindow } from '../window/main-window.ts'

/** Milliseconds in which changes are gathered before the tray is drawn: fifty devices may connect at once. */
const gatheringMs = 50

/** How often, and how many milliseconds apart, it is asked at login whether icons are drawn. */
const maxAttempts = 6
const pauseMs = 1_000

export interface Tray {
  /** Whether this desktop draws the icon. One that was made before the desktop drew any is made again. */
  isDrawn(): Promise<boolean>
  /** The same, for a start at login, where what draws icons may start after this program: waits for it for a while. */
  isDrawnSoon(): Promise<boolean>
  /** What isDrawn() answered last. */
  readonly hasHost: boolean
  /** Draws it anew soon: something that it shows may have changed. */
  refresh(): void
  destroy(): void
}

/** Keeps the tray showing what is the case, and does what is clicked there. */
export function keepTray(options: {
  /** Whether this desktop draws tray icons, as the icon is made. */
  hasHost: boolean
  application: Application
  window: MainWindow
  /** The folder of tray pictures. */
  pictures: string
  texts: () => Texts
  isQuitting: () => boolean
  quit: () => void
}): Tray {
  const { application, window, pictures, texts, isQuitting, quit } = options
  const { devices, messages, api, database } = application
  let due: NodeJS.Timeout | null = null
  let { hasHost } = options
  let icon = newIcon()
  const unsubscribe = [
    devices.onChange.add(refresh),
    devices.onRemoved.add(refresh),
    api.onChange.add(refresh),
    database.onHealth.add(refresh),
    messages.onPaused.add(refresh),
  ]
  return {
    refresh,
    isDrawn,
    async isDrawnSoon() {
      for (let attempt = 1; attempt < maxAttempts && !(await isDrawn()); attempt += 1) await pause(pauseMs)
      return hasHost
    },
    get hasHost() {
      return hasHost
    },
    destroy() {
      for (const forget of unsubscribe) forget()
      if (due !== null) clearTimeout(due)
      icon.destroy()
    },
  }

  async function isDrawn(): Promise<boolean> {
    const hadHost = hasHost
    hasHost = await hasTrayHost()
    if (hasHost && !hadHost && !isQuitting()) {
      icon.destroy()
      icon = newIcon()
    }
    return hasHost
  }

  function newIcon(): TrayIcon {
    return new TrayIcon(pictures, trayView(facts(), texts()), {
      open: () => window.show(),
      openDevice: (id) => window.show('devices', id),
      command: obey,
    })
  }

  function facts(): TrayFacts {
    return {
      devices: devices.list(),
      apiRunning: api.status.state === 'running',
      storageOk: database.health === 'ok',
      paused: messages.paused,
      finishing: isQuitting(),
    }
  }

  function refresh(): void {
    due ??= setTimeout(() => {
      due = null
      icon.show(trayView(facts(), texts()))
    }, gatheringMs)
  }

  function obey(command: TrayCommand): void {
    switch (command) {
      case 'open':
        return window.show()
      case 'settings':
        return window.show('settings')
      case 'copyAddress':
        return copyAddress()
      case 'pause':
      case 'resume':
        return pauseOrResume(command)
      case 'quit':
        return quit()
    }
  }

  function pauseOrResume(command: 'pause' | 'resume'): void {
    try {
      messages[command]()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      application.log.warn({ reason: error.message }, 'could not pause or resume sending')
      const { message, detail } = texts().dialogs.notKept[command]
      // Not a notification: those may be switched off, and this answers a click.
      void dialog.showMessageBox({ type: 'error', title: 'Kurir', message, detail })
    }
  }

  function copyAddress(): void {
    clipboard.writeText(api.address).catch((error: unknown) => {
      application.log.warn({ reason: sentenceOf(error) }, 'could not copy the address')
    })
  }
}
