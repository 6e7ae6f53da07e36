/** What `electron` resolves to in the program's main process on the stand-in. */
import { app } from './app.ts'
import { FakeBaseWindow } from './base-window.ts'
import { nativeTheme, screen, FakeWindow } from './browser-window.ts'
import { ipcMain } from './ipc-main.ts'
import { defaultSession, protocol } from './session.ts'
import { dialog, powerMonitor, powerSaveBlocker, shell } from './system.ts'
import { safeStorage } from './safe-storage.ts'
import type { Invented, Nothing } from './part.ts'
import { utilityProcess } from './utility-process.ts'
import type { FakeContents } from './web-contents.ts'
import { clipboard, nativeImage, FakeMenu, FakeNotification, FakeTray } from './tray-and-menu.ts'

const session = { defaultSession }

const electron = {
  app,
  BaseWindow: FakeBaseWindow,
  BrowserWindow: FakeWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu: FakeMenu,
  nativeImage,
  nativeTheme,
  Notification: FakeNotification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray: FakeTray,
  utilityProcess,
} satisfies Partial<Record<keyof typeof Electron.CrossProcessExports, unknown>>

/** No class of the stand-in has a member that Electron's has not, but what the test's own side uses. */
export type Honest = [
  Nothing<Invented<typeof app, Electron.App>>,
  Nothing<Invented<FakeBaseWindow, Electron.BaseWindow>>,
  Nothing<Invented<FakeWindow, Electron.BrowserWindow, 'view'>>,
  Nothing<Invented<FakeContents, Electron.WebContents, 'preferences' | 'setDark'>>,
  Nothing<Invented<FakeTray, Electron.Tray, 'menu' | 'click'>>,
  Nothing<Invented<FakeMenu, Electron.Menu, 'template' | 'entries' | 'choose'>>,
  Nothing<Invented<FakeNotification, Electron.Notification>>,
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
  FakeBaseWindow as BaseWindow,
  FakeMenu as Menu,
  FakeNotification as Notification,
  FakeTray as Tray,
  FakeWindow as BrowserWindow,
  utilityProcess,
}
// oxlint-disable-next-line import/no-default-export -- electron-store takes Electron's default export
export default electron
