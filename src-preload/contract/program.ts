import type { SettingName, SettingValues } from '../../src-main/storage/settings/settings-schema.ts'
import type { Download } from './files.ts'
import type { Nothing } from './nothing.ts'

export interface ProgramInfo {
  version: string
  shell: 'desktop' | 'headless'
  platform: 'win32' | 'darwin' | 'linux'
  /** Names and versions of what it is built on. */
  versions: { name: string; version: string }[]
  dataFolder: string
  /** The language that the system speaks, as a BCP 47 tag. */
  systemLanguage: string
  /** What protects the data key: the system's key store, a password that is the same everywhere, or a file of mode 0600. */
  sealedBy: 'keyring' | 'basic_text' | 'file'
  /** Why Kurir will not start at login although the setting is on; null where it will, or nothing is known. */
  loginItemProblem: 'needs_approval' | 'refused' | null
  sandbox: boolean
  /** Whether `--whatsapp-url` was given, so that devices of kind `custom` can be added. */
  customWhatsApp: boolean
  /** Whether this build says where its source is, and with it where to report a problem. */
  source: boolean
  can: {
    startAtLogin: boolean
    keepAwake: boolean
    notify: boolean
    openDataFolder: boolean
    update: boolean
  }
}

/** What a backup would open, which the operator is asked about. */
export interface BackupToRestore {
  restoreId: string
  /** Keys that this PC does not have. */
  newKeys: {
    name: string
    lastFour: string
    devices: 'all' | 'sandbox' | 'chosen'
    rights: readonly string[]
  }[]
  /** Settings that decide who reaches Kurir, and where Kurir reaches to, with another value than here. */
  access: { name: SettingName; value: unknown; now: unknown }[]
}

/** What the window shows about the program as a whole. */
export interface ProgramStatus {
  paused: boolean
  /** Messages waiting or on their way, in all. */
  outbox: number
  storage: 'ok' | 'full' | 'read_only' | 'damaged'
}

export interface Licence {
  name: string
  version: string
  licence: string
  text: string
}

export interface UpdateStatus {
  state: 'off' | 'none' | 'checking' | 'available' | 'downloading' | 'ready' | 'failed'
  version: string | null
  /** Percent of the download. */
  percent: number | null
  reason: string | null
}

/** The only addresses that the window may have opened, by id. */
export type ExternalPage = 'source' | 'api-docs' | 'whatsapp-linked-devices' | 'report-problem'

export type Page = 'devices' | 'send' | 'log' | 'api' | 'sandbox' | 'settings'

/** Something the window should say that no other event does. */
export interface Notice {
  name:
    | 'restarted_after_error'
    | 'window_reloaded'
    | 'finishing'
    | 'database_set_aside'
    | 'settings_set_aside'
  /** A path or a number that belongs to it. */
  detail: string | null
}

export interface ProgramCalls {
  'settings.all': {
    request: Nothing
    /** `overridden` are set by the command line for this run and cannot be changed in it. */
    answer: { values: SettingValues; overridden: SettingName[] }
  }
  'settings.set': { request: { name: SettingName; value: unknown }; answer: null }

  /** Null when the operator chose no place for the file. */
  'program.backup': { request: Nothing; answer: Download | null }
  /** Reads an uploaded backup, and says what it would open; nothing changes by it. */
  'program.prepareRestore': { request: { uploadId: string }; answer: BackupToRestore }
  /** Takes log, devices and settings from a backup that was read; the program starts again afterwards. */
  'program.restore': {
    request: { restoreId: string; includeKeys: boolean; includeAccess: boolean }
    answer: { messages: number; keys: number; devices: number }
  }
  'program.cancelRestore': { request: { restoreId: string }; answer: null }
  'program.diagnostics': { request: Nothing; answer: Download | null }
  'program.openDataFolder': { request: Nothing; answer: null }
  /** An address that the window has to open by itself, where the shell cannot (headless); else null. */
  'program.openExternal': { request: { page: ExternalPage }; answer: string | null }
  'program.info': { request: Nothing; answer: ProgramInfo }
  'program.status': { request: Nothing; answer: ProgramStatus }
  /**
   * What holds for the whole run, and what happened while no window could hear: asked for by every window that opens,
   * since no event would reach it.
   */
  'program.notices': { request: Nothing; answer: Notice[] }
  'program.licences': { request: Nothing; answer: Licence[] }
  'updates.status': { request: Nothing; answer: UpdateStatus }
  'updates.check': { request: Nothing; answer: UpdateStatus }
  'updates.install': { request: Nothing; answer: null }
}
