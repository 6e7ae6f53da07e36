/** What `electron` resolves to in the program's main process on the stand-in. */
import { app } from './app.ts'
import { StandInBaseWindow } from './base-window.ts'
import { nativeTheme, screen, StandInWindow } from './browser-window.ts'
import { ipcMain } from './ipc-main.ts'
import { defaultSession, protocol } from './session.ts'
import { dialog, powerMonitor, powerSaveBlocker, shell } from './system.ts'
import { safeStorage } from './safe-storage.ts'
import type { Invented, Nothing } from './part.ts'
import { utilityProcess } from './utility-process.ts'
import type { StandInContents } from './web-contents.ts'
import { clipboard, nativeImage, StandInMenu, StandInNotification, StandInTray } from './tray-and-menu.ts'

const session = { defaultSession }

const electron = {
  app,
  BaseWindow: StandInBaseWindow,
  BrowserWindow: StandInWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu: StandInMenu,
  nativeImage,
  nativeTheme,
  Notification: StandInNotification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray: StandInTray,
  utilityProcess,
} satisfies Partial<Record<keyof typeof Electron.CrossProcessExports, unknown>>

/** No class of the stand-in has a member that Electron's has not, but what the test's own side uses. */
export type Honest = [
  Nothing<Invented<typeof app, Electron.App>>,
  Nothing<Invented<StandInBaseWindow, Electron.BaseWindow>>,
  Nothing<Invented<StandInWindow, Electron.BrowserWindow, 'view'>>,
  Nothing<Invented<StandInContents, Electron.WebContents, 'preferences' | 'setDark'>>,
  Nothing<Invented<StandInTray, Electron.Tray, 'menu' | 'click'>>,
  Nothing<Invented<StandInMenu, Electron.Menu, 'template' | 'entries' | 'choose'>>,
  Nothing<Invented<StandInNotification, Electron.Notification>>,
  Nothing<Invented<typeof nativeTheme, Electron.NativeTheme, 'setSystem'>>,
  Nothing<Invented<typeof ipcMain, Electron.IpcMain, 'invoke'>>,
  Nothing<Invented<typeof dialog, Electron.Dialog>>,
  Nothing<Invented<typeof session.defaultSession, Electron.Session>>,
]

export {
  app,
  clipboard,
  dialog,
  ipcMain,
  nativeImage,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  StandInBaseWindow as BaseWindow,
  StandInMenu as Menu,
  StandInNotification as Notification,
  StandInTray as Tray,
  StandInWindow as BrowserWindow,
  utilityProcess,
}
// oxlint-disable-next-line import/no-default-export -- electron-store takes Electron's default export
export default electron
