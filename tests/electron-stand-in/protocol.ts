/** What goes between a test and the program that runs on the stand-in, over Node's own channel. */

/** What the test says about the machine before the program starts. */
export interface Machine {
  /** Where Chromium's DevTools listen. */
  browser: string
  /** A word that stands for the keyring's key; null: there is no keyring. */
  keyring: string | null
  backend: 'gnome_libsecret' | 'basic_text'
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
  /** Kinds of the power-save blockers that are on. */
  blockers: string[]
  loginItem: { openAtLogin: boolean; args: string[] } | null
  relaunches: string[][]
  windows: { visible: boolean; url: string; preferences: Record<string, unknown> }[]
  /** Window requests that the handler denied. */
  deniedWindows: string[]
  /** Navigations that were prevented. */
  preventedNavigations: string[]
  /** Schemes that were declared, with what they may do. */
  schemes: unknown[]
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
  | { do: 'power'; event: 'suspend' | 'resume' }
  | { do: 'dark'; dark: boolean }
  | { do: 'answerMessageBox'; response: number }
  | { do: 'answerSaveDialog'; path: string | null }
  | { do: 'throw'; message: string }
  | { do: 'send'; channel: string; words: unknown[] }

export type ToProgram = { id: number; doing: Doing }
export type FromProgram = { id: number; seen: Seen }
