import type { SignalDataTypeMap } from '@whiskeysockets/baileys'
import type { KeyRecord, KeyType } from '../session-keys/key-records.ts'

/** The parts of libsignal's and Baileys' own records that are looked at here; keys are base64. */
interface SessionRecord {
  _sessions: Record<string, Session>
}
interface Session {
  indexInfo: { /** When it was closed, in milliseconds; −1: it is open. */ closed: number }
  _chains: Record<string, { chainType: number }>
}
interface SenderKeyState {
  senderSigningKey: { private: unknown }
  senderMessageKeys: unknown[]
}

const receiving = 2
/** As other implementations of Signal keep them: a message that is later than so many answers is asked for again. */
const maxReceivingChains = 5
/** Closed sessions only read what was sent before they were: libsignal keeps 40. */
const maxClosedSessions = 10

/**
 * A record without what libsignal never forgets and nobody reads again: each message writes its records whole, so that
 * it would cost more for every message before it.
 *
 * - A session gains a receiving chain with every answer.
 * - A recipient's record gains a closed session with every new one.
 * - An own sender key gains a message key with every message to its group, of which only others' have a use.
 */
export function pruneSessions(type: KeyType, record: KeyRecord): KeyRecord {
  if (type === 'session') return leanSession(record as unknown as SessionRecord) as unknown as KeyRecord
  return type === 'sender-key' ? leanSenderKey(record as SignalDataTypeMap['sender-key']) : record
}

function leanSession(record: SessionRecord): SessionRecord {
  const entries = Object.entries(record._sessions ?? {})
  const closed = entries.filter(([, { indexInfo }]) => indexInfo.closed !== -1)
  const oldest = closed
    .toSorted(([, one], [, other]) => one.indexInfo.closed - other.indexInfo.closed)
    .slice(0, Math.max(0, closed.length - maxClosedSessions))
  const dropped = new Set(oldest.map(([name]) => name))
  const kept = entries.filter(([name]) => !dropped.has(name))
  return { ...record, _sessions: Object.fromEntries(kept.map(([name, session]) => [name, leaner(session)])) }
}

/** Chains are in the order in which they were begun. */
function leaner(session: Session): Session {
  const chains = Object.entries(session._chains)
  const old = chains.filter(([, { chainType }]) => chainType === receiving).slice(0, -maxReceivingChains)
  if (old.length === 0) return session
  const dropped = new Set(old.map(([name]) => name))
  return { ...session, _chains: Object.fromEntries(chains.filter(([name]) => !dropped.has(name))) }
}

/** Baileys keeps it as JSON; only an own key has a private part. */
function leanSenderKey(record: Uint8Array): Uint8Array {
  const states = JSON.parse(Buffer.from(record).toString()) as SenderKeyState[]
  if (!states.some((state) => isOwn(state) && state.senderMessageKeys.length > 0)) return record
  return Buffer.from(
    JSON.stringify(states.map((state) => (isOwn(state) ? { ...state, senderMessageKeys: [] } : state))),
  )
}

function isOwn({ senderSigningKey }: SenderKeyState): boolean {
  const key = senderSigningKey.private as { data?: { length: number } } | string | undefined
  const bytes = typeof key === 'string' ? key : key?.data
  return bytes !== undefined && bytes.length > 0
}
