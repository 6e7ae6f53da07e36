import type { Machine, Seen } from './protocol.ts'

/** What the test said about this machine. */
export const machine = JSON.parse(process.env['KURIR_STAND_IN'] ?? '{}') as Machine

/** What the program did to the desktop, for the test to see. */
export const seen: Seen = {
  tray: null,
  notifications: [],
  errorBoxes: [],
  messageBoxes: [],
  openedExternally: [],
  openedPaths: [],
  clipboard: '',
  blockers: [],
  stderr: [],
  loginItem: null,
  runValues: {},
  appUserModelId: null,
  toastActivatorClsid: null,
  relaunches: [],
  failedRelaunches: [],
  windows: [],
  popups: [],
  appMenu: null,
  trayMenusOpened: 0,
  preventedKeys: [],
  deniedWindows: [],
  preventedNavigations: [],
  schemes: [],
  proxyLookups: [],
  sandboxEnabled: false,
  themeSource: 'system',
  shownAfter: null,
}

/** What the test has answered in advance. */
export const answers: { messageBox: number | null; saveDialog: string | null } = {
  messageBox: null,
  saveDialog: null,
}

export const startedAt = performance.now()
