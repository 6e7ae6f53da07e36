import type { FailureCode } from '../../lib/failure-codes.ts'
import type { TrayDeviceState } from '../tray/tray-state.ts'
import { english } from './en.ts'
import { indonesian } from './id.ts'

/** What the shell itself says: tray, notifications, dialogs. The window has a dictionary of its own. */
export interface Texts {
  tray: {
    open: string
    copyAddress: string
    pause: string
    resume: string
    settings: string
    quit: string
    noDevices: string
    /** The tooltip's sentence for each overall state. */
    overall: {
      all: string
      some: (connected: number, of: number) => string
      none: string
      noDevices: string
      apiStopped: string
      attention: string
    }
    paused: string
    finishing: string
    device: Readonly<Record<TrayDeviceState, string>>
  }
  /** What the right mouse button offers in the window. */
  contextMenu: Readonly<Record<'cut' | 'copy' | 'paste' | 'selectAll', string>>
  notifications: {
    /** Stands for a device whose name says its number. */
    someDevice: string
    dropped: Note
    loggedOut: Note
    needsPairing: Note
    stopped: Note
    timeLocked: Note
    portUnavailable: Note
    diskFull: Note
    databaseSetAside: Note
    settingsSetAside: Note
    closedToTray: Note
    minimizedWithoutTray: Note
    finishing: Note
  }
  dialogs: {
    cannotStart: string
    /** Why, and what to do, by a failure's code; told the data folder. */
    reasons: Readonly<Record<StartFailure, (folder: string) => string>>
    /** What was clicked in the tray and could not be done, because it cannot be kept. */
    notKept: Readonly<Record<'pause' | 'resume', { message: string; detail: string }>>
    /** A file that was to be saved in the data folder. */
    amongOurs: { message: string; detail: string }
    windowGone: { title: string; detail: string; again: string; leave: string }
    /** @param file where it is written down */
    crashedAgain: (file: string) => string
    export: string
  }
}

/** Failures of a start that have nothing to do with options. */
export type StartFailure = Extract<
  FailureCode,
  | 'data_folder_unwritable'
  | 'data_folder_in_use'
  | 'data_key_unavailable'
  | 'key_store_unavailable'
  | 'database_newer'
  | 'storage_full'
  | 'storage_unavailable'
>

/** A notification: what happened, and what to do. `device` is a device's name. */
export interface Note {
  title: (device: string) => string
  body: string
}

/** The dictionary for the setting `window.language`, which may leave it to the system's (a BCP 47 tag). */
export function textsFor(setting: 'system' | 'id' | 'en', systemLanguage: string): Texts {
  const language = setting === 'system' ? systemLanguage.toLowerCase().split('-')[0] : setting
  // `in` is the tag that Indonesian had until 1989; some systems still say it.
  return language === 'id' || language === 'in' ? indonesian : english
}
