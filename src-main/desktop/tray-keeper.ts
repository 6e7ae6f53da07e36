import { clipboard, dialog } from 'electron'
import type { Application } from '../app.ts'
import { Failure, sentenceOf } from '../failure.ts'
import { TrayIcon } from './tray.ts'
import { trayView, type TrayCommand, type TrayFacts } from './tray-state.ts'
import type { Texts } from './texts/texts.ts'
import type { MainWindow } from './window.ts'

/** Milliseconds in which changes are gathered before the tray is drawn: fifty devices may connect at once. */
const gathering = 50

export interface Tray {
  /** Draws it anew soon: something that it shows may have changed. */
  refresh(): void
  destroy(): void
}

/** Keeps the tray showing what is the case, and does what is clicked there. */
export function keepTray(options: {
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
  const icon = new TrayIcon(pictures, trayView(facts(), texts()), {
    open: () => window.show(),
    openDevice: (id) => window.show('devices', id),
    command: obey,
  })
  const unsubscribe = [
    devices.onChange.add(refresh),
    devices.onRemoved.add(refresh),
    api.onChange.add(refresh),
    database.onHealth.add(refresh),
    messages.onPaused.add(refresh),
  ]
  return {
    refresh,
    destroy() {
      for (const forget of unsubscribe) forget()
      if (due !== null) clearTimeout(due)
      icon.destroy()
    },
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
    }, gathering)
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
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      application.log.warn({ reason: thrown.message }, 'sending could not be paused or resumed')
      const { message, detail } = texts().dialogs.notKept[command]
      // Not a notification: those may be switched off, and this answers a click.
      void dialog.showMessageBox({ type: 'error', title: 'Kurir', message, detail })
    }
  }

  function copyAddress(): void {
    clipboard.writeText(api.address).catch((thrown: unknown) => {
      application.log.warn({ reason: sentenceOf(thrown) }, 'the address could not be copied')
    })
  }
}
