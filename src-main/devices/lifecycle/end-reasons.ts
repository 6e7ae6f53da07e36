import type { EndReason } from '../device.ts'

/** What follows an end. `unpair` wipes the session keys; `stop` keeps them for the operator or the next start. */
export type Consequence = 'reconnect_at_once' | 'back_off' | 'renew_version' | 'stop' | 'unpair'

/** How a connection ended: the reason, and the number that came with it, for the history. */
export interface End {
  reason: EndReason
  code: number | null
}

const consequences: Readonly<Record<EndReason, Consequence>> = {
  restart_required: 'reconnect_at_once',
  logged_out: 'unpair',
  replaced: 'stop',
  banned: 'stop',
  version_outdated: 'renew_version',
  silence: 'back_off',
  mismatch: 'unpair',
  line_closed: 'back_off',
  bad_session: 'back_off',
  unavailable: 'back_off',
  unreachable: 'back_off',
  pairing_expired: 'unpair',
  pairing_refused: 'unpair',
  passkey_required: 'unpair',
  wrong_phone: 'unpair',
  number_taken: 'unpair',
  not_in_this_run: 'stop',
  keys_unreadable: 'stop',
  keys_not_saved: 'back_off',
  by_operator: 'unpair',
}

export function consequenceOf(reason: EndReason): Consequence {
  return consequences[reason]
}

/**
 * What the codes of stream errors and login failures mean. Those that Baileys does not name follow the list
 * ConnectFailureReason of tulir/whatsmeow (types/events/events.go): 402 is a ban for a time, 406 a logout of
 * unknown cause (which WhatsApp Web itself calls a ban: either way the phone has to be paired again), 409 a
 * client that it does not accept, 501 an experiment. Its 413, 414 and 415 (tokens of Messenger, not found)
 * and 418 (unknown to WhatsApp Web, too) say nothing that is to be acted on: they are tried again, as is
 * every code that is not here.
 */
const byCode: Readonly<Record<number, EndReason>> = {
  401: 'logged_out',
  402: 'banned',
  403: 'banned',
  405: 'version_outdated',
  406: 'logged_out',
  408: 'silence',
  409: 'version_outdated',
  411: 'mismatch',
  428: 'line_closed',
  440: 'replaced',
  500: 'bad_session',
  501: 'unavailable',
  503: 'unavailable',
  515: 'restart_required',
}

/**
 * Reads what Baileys gives as the cause of an end: a Boom with a status code, a bare WebSocket close code, an
 * ordinary Error, or nothing at all.
 *
 * An error of the WebSocket itself never means more than that there is no line, whatever its number: a
 * captive portal that answers 401 or 403 has not logged anybody out.
 */
export function endOf(cause: unknown): End {
  if (typeof cause === 'number') return { reason: 'line_closed', code: cause }
  if (!(cause instanceof Error)) return { reason: 'line_closed', code: null }
  const code = statusOf(cause)
  if (cause.message.startsWith('WebSocket Error')) return { reason: lineReason(cause), code }
  // The server waits for an acknowledgement; nothing is wrong with the session (WhiskeySockets/Baileys issue 1910).
  if (nodeOf(cause)?.tag === 'ack') return { reason: 'line_closed', code: null }
  const conflict = conflictOf(cause)
  if (conflict !== null) return { reason: conflict, code }
  if (code === null) return { reason: 'unreachable', code }
  return { reason: byCode[code] ?? 'unavailable', code }
}

/** `<conflict>` comes with and without a code, and its type says which of two very different things it is. */
function conflictOf(cause: Error): EndReason | null {
  const node = nodeOf(cause)
  if (node?.tag !== 'conflict') return null
  const type = node.attrs?.type
  return type === 'device_removed' ? 'logged_out' : 'replaced'
}

/** The stanza that a stream error carries, as Baileys passes it on. */
function nodeOf(cause: Error): { tag: string; attrs?: { type?: string } } | null {
  const node: unknown = 'data' in cause ? cause.data : undefined
  const isNode = typeof node === 'object' && node !== null && 'tag' in node
  return isNode ? (node as { tag: string; attrs?: { type?: string } }) : null
}

function lineReason(cause: Error): EndReason {
  return /server response: 50[0-9]/.test(cause.message) ? 'unavailable' : 'unreachable'
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
  'bad_session',
  'replaced',
  'restart_required',
])
