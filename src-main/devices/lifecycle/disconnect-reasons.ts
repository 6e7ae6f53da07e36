import type { BinaryNode } from '@whiskeysockets/baileys'
import { certificateFaultOf } from '../../egress/certificate-error.ts'
import type { CertificateFault } from '../../egress/certificate-error.ts'
import { isProxyFailure } from '../../egress/proxy-failure.ts'
import type { EndReason } from '../device.ts'

/**
 * What follows an end. `unpair` wipes the session keys; `stop` keeps them for the operator or the next start;
 * `wait_long` tries again after a quarter to half an hour; `wait_until` when the time that WhatsApp named is over.
 */
export type DisconnectAction =
  | 'reconnect_at_once'
  | 'back_off'
  | 'wait_long'
  | 'wait_until'
  | 'renew_version'
  | 'stop'
  | 'unpair'

/** How a connection ended: the reason, and the number that came with it, for the history. */
export interface End {
  reason: EndReason
  code: number | null
  /** For how long WhatsApp lets nobody in, in milliseconds, where it said so. */
  forMs?: number
}

const disconnectActions: Readonly<Record<EndReason, DisconnectAction>> = {
  restart_required: 'reconnect_at_once',
  logged_out: 'unpair',
  replaced: 'stop',
  banned: 'stop',
  banned_for_a_time: 'wait_until',
  banned_for_strangers: 'wait_until',
  banned_for_blocks: 'wait_until',
  banned_for_groups: 'wait_until',
  banned_for_same_text: 'wait_until',
  banned_for_broadcasts: 'wait_until',
  version_outdated: 'renew_version',
  client_refused: 'wait_long',
  rate_limited: 'wait_long',
  silence: 'back_off',
  mismatch: 'unpair',
  line_closed: 'back_off',
  bad_session: 'back_off',
  bad_frame: 'back_off',
  bad_stanza: 'back_off',
  library_failed: 'back_off',
  protocol_changed: 'wait_long',
  acknowledgement_owed: 'back_off',
  stanza_refused: 'back_off',
  unavailable: 'back_off',
  unreachable: 'back_off',
  proxy_unreachable: 'back_off',
  proxy_login_required: 'back_off',
  proxy_refused: 'back_off',
  certificate_unknown: 'back_off',
  certificate_expired: 'back_off',
  certificate_wrong_name: 'back_off',
  pairing_expired: 'unpair',
  pairing_refused: 'unpair',
  code_refused: 'unpair',
  code_rate_limited: 'unpair',
  passkey_required: 'unpair',
  wrong_phone: 'unpair',
  number_taken: 'unpair',
  not_in_this_run: 'stop',
  keys_unreadable: 'stop',
  keys_not_saved: 'back_off',
  by_operator: 'unpair',
}

export function disconnectActionOf(reason: EndReason): DisconnectAction {
  return disconnectActions[reason]
}

/** Bans that end by themselves. Nothing but the operator tries again before that. */
export function isTemporaryBan(reason: EndReason): boolean {
  return disconnectActions[reason] === 'wait_until'
}

/**
 * What the codes of stream errors and login failures mean. Those that Baileys does not name follow the list
 * ConnectFailureReason of tulir/whatsmeow (types/events/events.go): 402 is a ban for a time, 406 a logout of
 * unknown cause (which WhatsApp Web itself calls a ban: either way the phone has to be paired again), 409 a
 * description of the client that is not accepted, 413 and 414 tokens of it that are not, 501 an experiment. Its
 * 415 (not found) and 418 (unknown to WhatsApp Web, too) say nothing that is to be acted on: they are tried
 * again, as is every code that is not here.
 */
const byCode: Readonly<Record<number, EndReason>> = {
  401: 'logged_out',
  402: 'banned_for_a_time',
  403: 'banned',
  405: 'version_outdated',
  406: 'logged_out',
  408: 'silence',
  409: 'client_refused',
  411: 'mismatch',
  413: 'client_refused',
  414: 'client_refused',
  428: 'line_closed',
  429: 'rate_limited',
  440: 'replaced',
  500: 'bad_session',
  501: 'unavailable',
  503: 'unavailable',
  515: 'restart_required',
  516: 'logged_out',
}

/** What a ban for a time is for: TempBanReason of tulir/whatsmeow (types/events/events.go). */
const banReasons: Readonly<Record<string, EndReason>> = {
  101: 'banned_for_strangers',
  102: 'banned_for_blocks',
  103: 'banned_for_groups',
  104: 'banned_for_same_text',
  106: 'banned_for_broadcasts',
}
/** Where WhatsApp does not say how long. */
const unnamedBanMs = 24 * 60 * 60 * 1_000

/**
 * Reads why a connection ended: from what the server said last where it said anything, else from what Baileys
 * gives as the cause, a Boom with a status code, a bare WebSocket close code, an ordinary Error, or nothing at all.
 *
 * An error of the WebSocket itself never means more than that there is no line, whatever its number: a
 * captive portal that answers 401 or 403 has not logged anybody out.
 */
export function endOf(cause: unknown, lastWord: BinaryNode | null = null): End {
  if (lastWord?.tag === 'failure') return loginFailure(lastWord.attrs)
  if (lastWord?.tag === 'stream:error') return streamError(lastWord)
  if (typeof cause === 'number') return { reason: 'line_closed', code: cause }
  if (!(cause instanceof Error)) return { reason: 'line_closed', code: null }
  const code = statusOf(cause)
  if (cause.message.startsWith('WebSocket Error')) return { reason: lineReason(cause), code }
  const node: unknown = 'data' in cause ? cause.data : undefined
  const conflict = isNode(node) ? conflictOf(node) : null
  if (conflict !== null) return { reason: conflict, code }
  if (code === null) return { reason: 'unreachable', code }
  return { reason: byCode[code] ?? 'unavailable', code }
}

/** `<failure reason [code expire]/>`, at login. 500 is any trouble of the server's there, not a bad session. */
function loginFailure(attrs: Readonly<Record<string, string>>): End {
  const code = numberOf(attrs['reason'])
  if (code === 402) {
    const seconds = numberOf(attrs['expire'])
    const reason = banReasons[attrs['code'] ?? ''] ?? 'banned_for_a_time'
    return { reason, code, forMs: seconds === null || seconds <= 0 ? unnamedBanMs : seconds * 1_000 }
  }
  if (code === null || code === 500) return { reason: 'unavailable', code }
  return { reason: byCode[code] ?? 'unavailable', code }
}

/**
 * `<stream:error [code]>` with a child that says more. Baileys takes what has neither a code nor a child that it knows
 * for a bad session, which would ask the operator to pair again.
 */
function streamError(node: BinaryNode): End {
  const code = numberOf(node.attrs['code'])
  const children = Array.isArray(node.content) ? node.content : []
  for (const child of children) {
    const conflict = conflictOf(child)
    if (conflict !== null) return { reason: conflict, code: code ?? (conflict === 'replaced' ? 440 : 401) }
    // The server still waits for an acknowledgement (adiwajshing/Baileys#810, oxidezap/whatsapp-rust#633).
    if (child.tag === 'ack') return { reason: 'acknowledgement_owed', code }
    if (child.tag === 'xml-not-well-formed') return { reason: 'stanza_refused', code }
  }
  // 409 has another meaning here than at login, which is not known.
  if (code === null || code === 409) return { reason: 'unavailable', code }
  return { reason: byCode[code] ?? 'unavailable', code }
}

/** `<conflict>` comes with and without a code, and its type says which of two very different things it is. */
function conflictOf({ tag, attrs }: BinaryNode): EndReason | null {
  if (tag !== 'conflict') return null
  return attrs?.['type'] === 'device_removed' ? 'logged_out' : 'replaced'
}

function isNode(value: unknown): value is BinaryNode {
  return typeof value === 'object' && value !== null && 'tag' in value
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}

function lineReason(cause: Error): EndReason {
  // Baileys wraps what the WebSocket said.
  const error = 'data' in cause ? cause.data : undefined
  if (isProxyFailure(error)) return error.code
  const fault = certificateFaultOf(error)
  if (fault !== null) return certificateReasons[fault]
  return /server response: 50[0-9]/.test(cause.message) ? 'unavailable' : 'unreachable'
}

const certificateReasons: Readonly<Record<CertificateFault, EndReason>> = {
  unknown_issuer: 'certificate_unknown',
  incomplete_chain: 'certificate_unknown',
  expired: 'certificate_expired',
  not_yet_valid: 'certificate_expired',
  wrong_name: 'certificate_wrong_name',
}

function statusOf(cause: Error): number | null {
  const output = 'output' in cause ? (cause.output as { statusCode?: unknown } | undefined) : undefined
  return typeof output?.statusCode === 'number' ? output.statusCode : null
}

/** The same ends while a phone is being paired, when there is nothing to reconnect to. */
export function endOfPairing(end: End, progress: { offered: boolean; paired: boolean }): End {
  if (progress.paired) return end
  if (end.reason === 'silence' && progress.offered) return { ...end, reason: 'pairing_expired' }
  if (refusals.has(end.reason)) return { ...end, reason: 'pairing_refused' }
  // An exception of Baileys' own about what the phone sent has no code.
  const isException = progress.offered && end.reason === 'unreachable' && end.code === null
  return isException ? { ...end, reason: 'pairing_refused' } : end
}

/** What means something else for a device that is paired. */
const refusals: ReadonlySet<EndReason> = new Set<EndReason>([
  'logged_out',
  'banned',
  'client_refused',
  'bad_session',
  'replaced',
  'restart_required',
])
