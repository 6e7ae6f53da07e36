/** What goes between a test and the program that runs on the stand-in, over Node's own channel. */

/** What the test says about the machine before the program starts. */
export interface Machine {
  /** Where Chromium's DevTools listen. */
  browser: string
  /** What the program takes for its operating system. */
  platform: NodeJS.Platform
  /** A word that stands for the key store's key; null: there is no key store, or its prompt was cancelled. */
  keyring: string | null
  /** How the key store behaves; `busy` answers that it is temporarily unavailable. */
  keyStore: 'works' | 'refuses' | 'busy'
  /** What Electron concludes from the desktop's name alone, whether or not that store can be used. */
  backend: 'gnome_libsecret' | 'kwallet6' | 'basic_text'
  /** Whether a window that is hidden is painted: not on Wayland, where it gets no frames. */
  paintsHiddenWindows: boolean
  /** Whether the Linux desktop draws tray icons: a StatusNotifierWatcher is on the session's D-Bus. */
  trayHost: boolean
  /** What the system's settings say of proxies, as a PAC script would; empty: the look-up fails. */
  proxy: string
  /** The AppImage that the program runs from. */
  appImage: string | null
  /** What macOS says about the login item. */
  loginItemStatus: Electron.LoginItemSettings['status']
  /** The application user model id that the installer wrote into the Start-menu shortcut. */
  shortcutId: string
  locale: string
  dark: boolean
  isPackaged: boolean
  /** Where this user's settings are: autostart files go there. */
  home: string
  /** The folder that is app.getAppPath(). */
  root: string
}

export interface MenuEntry {
  id: string | null
  role: string | null
  label: string
  enabled: boolean
  separator: boolean
}

/** Everything about the desktop that has no page. */
export interface Seen {
  tray: { picture: string; tooltip: string; menu: MenuEntry[] } | null
  notifications: { title: string; body: string }[]
  errorBoxes: { title: string; content: string }[]
  messageBoxes: { message: string; buttons: string[] }[]
  openedExternally: string[]
  openedPaths: string[]
  clipboard: string
  /** What went to stderr in place of a dialog. */
  stderr: string[]
  /** Kinds of the power-save blockers that are on. */
  blockers: string[]
  /** The login item of macOS. */
  loginItem: { openAtLogin: boolean } | null
  /** Values of Windows' registry key `Run`, by name. */
  runValues: Record<string, string>
  appUserModelId: string | null
  toastActivatorClsid: string | null
  /** Arguments of the restarts that take place. */
  relaunches: string[][]
  /** Arguments of the restarts that Electron accepts and that never take place. */
  failedRelaunches: string[][]
  windows: {
    visible: boolean
    minimized: boolean
    maximized: boolean
    icon: string | null
    zoomLevel: number
    url: string
    preferences: Record<string, unknown>
  }[]
  /** Menus that opened at the pointer, the latest last. */
  popups: MenuEntry[][]
  /** The application's menu; null where there is none. */
  appMenu: { role: string | null; label: string; entries: MenuEntry[] }[] | null
  /** How often a click opened the tray's menu. */
  trayMenusOpened: number
  /** Keys that the page did not get. */
  preventedKeys: string[]
  /** Window requests that the handler denied. */
  deniedWindows: string[]
  /** Navigations that were prevented. */
  preventedNavigations: string[]
  /** Schemes that were declared, with what they may do. */
  schemes: unknown[]
  /** Addresses that proxies were asked about. */
  proxyLookups: string[]
  sandboxEnabled: boolean
  themeSource: string
  /** Milliseconds from the first line of the program to its first shown window. */
  shownAfter: number | null
}

/** What a test does to the desktop. */
export type Doing =
  | { do: 'see' }
  | { do: 'clickTray' }
  | { do: 'chooseInTray'; id: string }
  | { do: 'clickNotification'; index: number }
  | { do: 'closeWindow' }
  | { do: 'quit' }
  /** Windows ends the session: asks every window, then ends the process. `cancelled`: another program objects. */
  | { do: 'endSession'; cancelled: boolean }
  | { do: 'contextMenu'; params: Partial<Electron.ContextMenuParams> }
  | { do: 'pressKey'; input: Partial<Electron.Input> & { key: string } }
  | { do: 'failNotification'; index: number; error: string }
  | { do: 'setTrayHost'; present: boolean }
  | { do: 'power'; event: 'suspend' | 'resume' }
  | { do: 'dark'; dark: boolean }
  | { do: 'answerMessageBox'; response: number }
  | { do: 'answerSaveDialog'; path: string | null }
  | { do: 'throw'; message: string }
  | { do: 'send'; channel: string; words: unknown[] }

export type ToProgram = { id: number; doing: Doing }
export type FromProgram = { id: number; seen: Seen }
