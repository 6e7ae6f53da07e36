/**
 * Everything the window and the program say to one another: the one place where a call or an event exists.
 *
 * Two transports carry it. In the desktop application the preload exposes a `Bridge` as `window.kurir`; in
 * headless the window opens a WebSocket on its own origin and speaks the frames at the end of this file.
 * What travels is JSON: no `undefined`, no bytes but as base64 text. All times are milliseconds since the
 * epoch. Answers are outcomes: a handler never throws across the bridge.
 */
import type { Device, DeviceKind, DeviceState, EndReason } from '../src-main/devices/device.ts'
import type { FailureCode } from '../src-main/failure-codes.ts'
import type { MediaKind } from '../src-main/media/media-file.ts'
import type { Message, MessageState, StateChange } from '../src-main/messages/message.ts'
import type { SettingName, SettingValue, SettingValues } from '../src-main/storage/settings-schema.ts'

export type { Device, DeviceKind, DeviceState, EndReason, FailureCode, MediaKind, Message, MessageState }
export type { SettingName, SettingValue, SettingValues, StateChange }

// ── devices ──────────────────────────────────────────────────────────────────────────────────────────

/** One line of a device's history, newest first in lists. */
export interface DeviceEvent {
  at: number
  state: DeviceState['name']
  reason: EndReason | null
  /** How long the state before it had lasted, in milliseconds; null for the first. */
  lastedMs: number | null
}

/** What left and what failed since midnight, by the clock of this PC. */
export interface DayCount {
  sent: number
  failed: number
  waiting: number
}

// ── messages ─────────────────────────────────────────────────────────────────────────────────────────

/** What the log shows; null stands for "any". */
export interface MessageFilter {
  search: string | null
  deviceId: string | null
  states: MessageState[] | null
  keyName: string | null
  /** Created at or after, and before. */
  from: number | null
  to: number | null
}

export type MediaType =
  | 'image'
  | 'video'
  | 'audio'
  | 'pdf'
  | 'xls'
  | 'xlsx'
  | 'doc'
  | 'docx'
  | 'zip'
  | 'document'

export interface SubmitRequest {
  deviceId: string
  /** As the operator wrote it: one number, or several separated by `|`, commas or lines. */
  recipients: string
  content:
    | { kind: 'text'; text: string }
    | {
        kind: 'media'
        mediaType: MediaType
        source: { url: string } | { uploadId: string }
        caption: string | null
        fileName: string | null
        /** Audio only: as a voice note. */
        voice: boolean
        viewOnce: boolean
      }
  footer: string | null
  /** Whether it may wait for a device that is not connected; otherwise that is refused. */
  queue: boolean
}

/** Answered as soon as the rows are accepted; what becomes of them follows as `message.changed`. */
export interface SubmitAnswer {
  requestId: string
  results: { recipient: string; message: Message | null; failure: FailureView | null }[]
}

export interface FailureView {
  code: FailureCode
  reason: string
}

/** One message with everything that is known of it. */
export interface MessageStory {
  message: Message
  /** Oldest first. */
  changes: StateChange[]
  /** The call that caused it, its secrets left out; null once it is no longer kept. */
  call: { at: number; parameters: Record<string, string> } | null
  /** Whether what was sent is kept well enough to send it again. */
  canResend: boolean
}

/** One day by the clock of this PC, as YYYY-MM-DD. */
export interface CountOfDay extends DayCount {
  day: string
}

/** What one written recipient means: `number` in international form, or a group's or newsletter's JID. */
export interface WrittenNumber {
  written: string
  number: string | null
  problem: 'number_invalid' | 'number_too_short' | 'number_too_long' | null
}

/** Whether a number is on WhatsApp; `unknown` when nobody could be asked. */
export type Presence = 'yes' | 'no' | 'unknown'

// ── files: to the program in parts, and from it ──────────────────────────────────────────────────────

/** Bytes of one part of an upload or a saved file; base64 makes 4/3 of it. */
export type PartSize = 393_216

/**
 * A file that the program writes for the operator: an export, a backup, diagnostics.
 * `path` is where the operator had it put (desktop); null means that it waits to be read in parts by
 * `savings.read` and is forgotten after that (headless).
 */
export interface Saving {
  id: string
  kind: 'export' | 'backup' | 'diagnostics'
  fileName: string
  state: 'running' | 'done' | 'cancelled' | 'failed'
  /** Rows or bytes so far and in all; null while that is not known. */
  done: number
  total: number | null
  path: string | null
  failure: FailureView | null
}

// ── keys and the API ─────────────────────────────────────────────────────────────────────────────────

export type Right = 'send' | 'read' | 'manage'
export type KeyDevices = { all: true } | { kind: 'sandbox' } | { ids: string[] }

export interface ApiKey {
  id: string
  name: string
  /** The last characters of the secret, to tell keys apart. */
  lastFour: string
  devices: KeyDevices
  rights: Right[]
  expiresAt: number | null
  createdAt: number
  lastUsedAt: number | null
  lastUsedFrom: string | null
}

export interface WrongKeys {
  count: number
  lastAt: number | null
  lastFrom: string | null
}

export interface ApiStatus {
  state: 'running' | 'stopped' | 'failed'
  /** Where callers reach it, as `http://127.0.0.1:3210`; the first is the one to show. */
  addresses: string[]
  port: number
  lan: boolean
  /** Why it does not run: `port_taken`, `port_not_allowed`, … */
  failure: FailureView | null
  /** The program that has the port, where that can be told. */
  takenBy: string | null
  /** A free port to offer when the wanted one is taken. */
  freePort: number | null
}

export interface AccessLogEntry {
  at: number
  method: string
  route: string
  keyName: string | null
  status: number
  /** `sent`, or a failure's code. */
  result: string
  ms: number
}

/** A parameter that some caller sends and this API does not know. */
export interface UnknownParameter {
  name: string
  route: string
  count: number
  lastAt: number
}

export interface Snippet {
  language: 'curl' | 'php' | 'javascript' | 'python' | 'csharp' | 'vbnet'
  code: string
}

// ── sandbox ──────────────────────────────────────────────────────────────────────────────────────────

/** What a practice recipient's phone shows. */
export interface InboxMessage {
  id: string
  from: string
  to: string
  kind: 'text' | MediaKind
  text: string | null
  fileName: string | null
  mimeType: string | null
  sha256: string | null
  bytes: number | null
  at: number
}

// ── the program ──────────────────────────────────────────────────────────────────────────────────────

export interface ProgramInfo {
  version: string
  shell: 'desktop' | 'headless'
  platform: 'win32' | 'darwin' | 'linux'
  /** Names and versions of what it is built on. */
  versions: { name: string; version: string }[]
  dataFolder: string
  /** The language that the system speaks, as a BCP 47 tag. */
  systemLanguage: string
  /** What protects the data key: the system's keyring, nothing worth the name, or a file of mode 0600. */
  sealedBy: 'keyring' | 'basic_text' | 'file'
  sandbox: boolean
  /** Whether `--whatsapp-url` was given, so that devices of kind `custom` can be added. */
  customWhatsApp: boolean
  can: {
    startAtLogin: boolean
    keepAwake: boolean
    notify: boolean
    openDataFolder: boolean
    update: boolean
  }
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
export type ExternalPage = 'source' | 'guide' | 'api-docs' | 'whatsapp-linked-devices' | 'report-problem'

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

// ── calls ────────────────────────────────────────────────────────────────────────────────────────────

type Nothing = Record<string, never>

/** Each call: what is asked, and the value of a good outcome. `null` where there is nothing to say. */
export interface Calls {
  'devices.list': { request: Nothing; answer: Device[] }
  'devices.add': { request: { kind: DeviceKind; number: string | null; name: string }; answer: Device }
  /** Begins or goes on with a pairing; QR, code and end come as `device.changed`. */
  'devices.pair': { request: { id: string; how: 'qr' | 'code' }; answer: null }
  'devices.cancelPairing': { request: { id: string }; answer: null }
  'devices.connect': { request: { id: string }; answer: null }
  'devices.rename': { request: { id: string; name: string }; answer: null }
  'devices.logOut': { request: { id: string }; answer: null }
  'devices.remove': { request: { id: string }; answer: null }
  'devices.history': { request: { id: string; limit: number }; answer: DeviceEvent[] }
  'devices.groups': { request: { id: string }; answer: { id: string; subject: string }[] }

  'messages.submit': { request: SubmitRequest; answer: SubmitAnswer }
  /** Newest first, those with a sequence below `before`; at most 200. */
  'messages.list': {
    request: { filter: MessageFilter; before: number | null; limit: number }
    answer: Message[]
  }
  /** The sequences of the oldest and newest rows; null when there is none. */
  'messages.range': { request: Nothing; answer: { oldest: number; newest: number } | null }
  'messages.story': { request: { id: string }; answer: MessageStory }
  'messages.resend': { request: { id: string }; answer: Message }
  /** One entry for each day that has any, oldest first. */
  'messages.countByDay': {
    request: { from: number; to: number; deviceId: string | null }
    answer: CountOfDay[]
  }
  /** By device id; devices without any are left out. */
  'messages.today': { request: Nothing; answer: Record<string, DayCount> }
  /** Null when the operator chose no place for the file. */
  'messages.export': { request: { filter: MessageFilter; format: 'csv' | 'json' }; answer: Saving | null }
  'messages.pause': { request: Nothing; answer: null }
  'messages.resume': { request: Nothing; answer: null }

  'numbers.read': { request: { text: string }; answer: WrittenNumber[] }
  'numbers.lookUp': { request: { deviceId: string; numbers: string[] }; answer: Record<string, Presence> }

  'uploads.begin': {
    request: { fileName: string; mimeType: string; bytes: number }
    answer: { uploadId: string }
  }
  /** In order; `base64` holds at most `PartSize` bytes. */
  'uploads.part': { request: { uploadId: string; base64: string }; answer: null }
  'uploads.finish': { request: { uploadId: string }; answer: null }
  'uploads.cancel': { request: { uploadId: string }; answer: null }

  'savings.read': { request: { id: string; offset: number }; answer: { base64: string; last: boolean } }
  'savings.cancel': { request: { id: string }; answer: null }

  'keys.list': { request: Nothing; answer: { keys: ApiKey[]; wrong: WrongKeys } }
  'keys.create': {
    request: { name: string; devices: KeyDevices; rights: Right[]; expiresAt: number | null }
    answer: { key: ApiKey; secret: string }
  }
  'keys.revoke': { request: { id: string }; answer: null }

  'api.status': { request: Nothing; answer: ApiStatus }
  /** Tries again to open the port, after it was taken. */
  'api.retry': { request: Nothing; answer: ApiStatus }
  /** Newest first. */
  'api.accessLog': { request: { limit: number }; answer: AccessLogEntry[] }
  'api.unknownParameters': { request: Nothing; answer: UnknownParameter[] }
  /** The call in each language, filled in with this program's own address. */
  'api.snippets': {
    request: { route: '/send-message' | '/send-media'; parameters: Record<string, string> }
    answer: Snippet[]
  }

  /** Adds a sandbox device and has a practice phone scan it, in one go. */
  'sandbox.addDevice': { request: { name: string }; answer: Device }
  /** A practice phone scans the QR (or takes the code) that this sandbox device shows. */
  'sandbox.scan': { request: { id: string }; answer: null }
  /** Newest first; `number` narrows it to one chat; `before` is a message's id. */
  'sandbox.inbox': {
    request: { number: string | null; before: string | null; limit: number }
    answer: InboxMessage[]
  }
  /** The decrypted file of a message, in parts. */
  'sandbox.file': { request: { id: string; offset: number }; answer: { base64: string; last: boolean } }

  'settings.all': {
    request: Nothing
    /** `overridden` are set by the command line for this run and cannot be changed in it. */
    answer: { values: SettingValues; overridden: SettingName[] }
  }
  'settings.set': { request: { name: SettingName; value: unknown }; answer: null }

  /** Null when the operator chose no place for the file. */
  'program.backup': { request: Nothing; answer: Saving | null }
  /** Takes log, keys and settings from an uploaded backup; the program starts again afterwards. */
  'program.restore': {
    request: { uploadId: string }
    answer: { messages: number; keys: number; devices: number }
  }
  'program.diagnostics': { request: Nothing; answer: Saving | null }
  'program.openDataFolder': { request: Nothing; answer: null }
  /** An address that the window has to open by itself, where the shell cannot (headless); else null. */
  'program.openExternal': { request: { page: ExternalPage }; answer: string | null }
  'program.info': { request: Nothing; answer: ProgramInfo }
  'program.status': { request: Nothing; answer: ProgramStatus }
  /** What holds for the whole run: asked for by every window that opens, since no event would reach it. */
  'program.notices': { request: Nothing; answer: Notice[] }
  'program.licences': { request: Nothing; answer: Licence[] }
  'updates.status': { request: Nothing; answer: UpdateStatus }
  'updates.check': { request: Nothing; answer: UpdateStatus }
  'updates.install': { request: Nothing; answer: null }
}

export type Call = keyof Calls
export type RequestOf<Name extends Call> = Calls[Name]['request']
export type AnswerOf<Name extends Call> = Calls[Name]['answer']

/** Every channel once: a call that is missing here does not compile. */
export const calls: Record<Call, true> = {
  'devices.list': true,
  'devices.add': true,
  'devices.pair': true,
  'devices.cancelPairing': true,
  'devices.connect': true,
  'devices.rename': true,
  'devices.logOut': true,
  'devices.remove': true,
  'devices.history': true,
  'devices.groups': true,
  'messages.submit': true,
  'messages.list': true,
  'messages.range': true,
  'messages.story': true,
  'messages.resend': true,
  'messages.countByDay': true,
  'messages.today': true,
  'messages.export': true,
  'messages.pause': true,
  'messages.resume': true,
  'numbers.read': true,
  'numbers.lookUp': true,
  'uploads.begin': true,
  'uploads.part': true,
  'uploads.finish': true,
  'uploads.cancel': true,
  'savings.read': true,
  'savings.cancel': true,
  'keys.list': true,
  'keys.create': true,
  'keys.revoke': true,
  'api.status': true,
  'api.retry': true,
  'api.accessLog': true,
  'api.unknownParameters': true,
  'api.snippets': true,
  'sandbox.addDevice': true,
  'sandbox.scan': true,
  'sandbox.inbox': true,
  'sandbox.file': true,
  'settings.all': true,
  'settings.set': true,
  'program.backup': true,
  'program.restore': true,
  'program.diagnostics': true,
  'program.openDataFolder': true,
  'program.openExternal': true,
  'program.info': true,
  'program.status': true,
  'program.notices': true,
  'program.licences': true,
  'updates.status': true,
  'updates.check': true,
  'updates.install': true,
}

// ── events ───────────────────────────────────────────────────────────────────────────────────────────

/** Each event and what it carries. A window that missed some asks again with the calls above. */
export interface Events {
  'device.changed': Device
  'device.removed': { id: string }
  /** A new row, or a row that moved on. */
  'message.changed': Message
  'keys.changed': null
  'settings.changed': { name: SettingName; value: unknown }
  'api.changed': ApiStatus
  'program.changed': ProgramStatus
  'sandbox.received': InboxMessage
  'saving.changed': Saving
  'updates.changed': UpdateStatus
  notice: Notice
  /** The tray, a notification or a menu asks for a page; `id` is a device's or a message's. */
  navigate: { page: Page; id: string | null }
}

export type EventName = keyof Events

/** Every event once, for the preload's list of what may pass. */
export const events: Record<EventName, true> = {
  'device.changed': true,
  'device.removed': true,
  'message.changed': true,
  'keys.changed': true,
  'settings.changed': true,
  'api.changed': true,
  'program.changed': true,
  'sandbox.received': true,
  'saving.changed': true,
  'updates.changed': true,
  notice: true,
  navigate: true,
}

// ── the two transports ───────────────────────────────────────────────────────────────────────────────

/** How every call ends: a value, or a failure by its stable code. */
export type Outcome<Value> = { ok: true; value: Value } | { ok: false; error: FailureOutcome }

export interface FailureOutcome {
  code: FailureCode
  /** English, for people; the window has sentences of its own for the codes it knows. */
  message: string
  /** By parameter, for failures of a request's form. */
  errors?: Record<string, string>
  /** When it is worth trying again. */
  until?: number
}

/** What the preload exposes as `window.kurir`, and what the window makes of the WebSocket. */
export interface Bridge {
  call<Name extends Call>(name: Name, request: RequestOf<Name>): Promise<Outcome<AnswerOf<Name>>>
  /** The answer takes the listener away again. */
  on<Name extends EventName>(event: Name, listener: (payload: Events[Name]) => void): () => void
}

/** Where headless' window server takes the WebSocket, on the page's own origin. */
export type SocketPath = '/bridge'

/**
 * From the window. The token is the first message; a wrong one is answered by closing with 4401, and so is
 * anything else before it.
 */
export type FrameToProgram = { token: string } | { id: number; call: Call; request: unknown }

/** From the program: `{ready}` answers the token; then outcomes, in any order, and events. */
export type FrameToWindow =
  | { ready: true }
  | { id: number; outcome: Outcome<unknown> }
  | { [Name in EventName]: { event: Name; payload: Events[Name] } }[EventName]
