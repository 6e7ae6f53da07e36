/**
 * Everything the window and the program say to one another: the one place where a call or an event exists.
 *
 * Two transports carry it. In the desktop application the preload exposes a `Bridge` as `window.kurir`; in
 * headless the window opens a WebSocket on its own origin and speaks the frames at the end of this file.
 * What travels is JSON: no `undefined`, no bytes but as base64 text. All times are milliseconds since the
 * epoch. Answers are outcomes: a handler never throws across the bridge.
 */
import type { Device, DeviceKind, DeviceState, EndReason } from '../src-main/devices/device.ts'
import type { FailureCode } from '../src-main/lib/failure-codes.ts'
import type { MediaKind } from '../src-main/media/files/media-file.ts'
import type { Message, MessageState } from '../src-main/messages/message.ts'
import type { DuplicateTextWarning } from '../src-main/messages/submit/duplicate-text.ts'
import type { NumberFault } from '../src-main/lib/phone-numbers/number-fault.ts'
import type { SettingName, SettingValue } from '../src-main/storage/settings/settings-schema.ts'
import type { AccessCalls, ApiStatus } from './contract/access.ts'
import type { DevicesCalls } from './contract/devices.ts'
import type { FilesCalls, Download } from './contract/files.ts'
import type { MessagesCalls } from './contract/messages.ts'
import type { Notice, Page, ProgramCalls, ProgramStatus, UpdateStatus } from './contract/program.ts'
import type { InboxMessage, SandboxCalls } from './contract/sandbox.ts'

export type { Device, DeviceKind, DeviceState, EndReason, FailureCode, MediaKind, Message, MessageState }
export type { NumberFault, DuplicateTextWarning, SettingName, SettingValue }
export type * from './contract/access.ts'
export type * from './contract/devices.ts'
export type * from './contract/files.ts'
export type * from './contract/messages.ts'
export type * from './contract/program.ts'
export type * from './contract/sandbox.ts'

// ── calls ────────────────────────────────────────────────────────────────────────────────────────────

/** Each call: what is asked, and the value of a good outcome. `null` where there is nothing to say. */
export interface Calls
  extends DevicesCalls, MessagesCalls, FilesCalls, AccessCalls, SandboxCalls, ProgramCalls {}

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
  'messages.warnings': true,
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
  'api.refusedCallers': true,
  'api.allowRefused': true,
  'api.snippets': true,
  'sandbox.addDevice': true,
  'sandbox.scan': true,
  'sandbox.inbox': true,
  'sandbox.file': true,
  'settings.all': true,
  'settings.set': true,
  'program.backup': true,
  'program.prepareRestore': true,
  'program.restore': true,
  'program.cancelRestore': true,
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
  /** One text went to many recipients. */
  'messages.warned': DuplicateTextWarning
  'keys.changed': null
  'settings.changed': { name: SettingName; value: unknown }
  'api.changed': ApiStatus
  'program.changed': ProgramStatus
  'sandbox.received': InboxMessage
  'saving.changed': Download
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
  'messages.warned': true,
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
