import type { App } from 'electron'

/**
 * The `appId` of electron-builder.yml. The installer writes it into the Start-menu shortcut; with another one Windows
 * shows no notification and a second icon in the taskbar
 * (https://www.electronjs.org/docs/latest/tutorial/notifications#windows).
 */
const appUserModelId = 'app.kurir.Kurir'

/** Kurir's own, and never another's: Windows starts the program by it when an old notification is clicked. */
const toastActivatorClsid = '{6C8A9C5E-2A57-4E0C-9B51-0D6B1F3A7E42}'

/** To be called first of all: Electron takes the id at the first window, notification or login item. */
export function identifyOnWindows(app: App): void {
  if (process.platform !== 'win32') return
  app.setAppUserModelId(appUserModelId)
  app.setToastActivatorCLSID(toastActivatorClsid)
}
