import type { SignalDataTypeMap } from '@whiskeysockets/baileys'
import { baileys } from './baileys.ts'

export type KeyType = keyof SignalDataTypeMap
export type KeyRecord = SignalDataTypeMap[KeyType]

/**
 * A key record as bytes. Sessions are plain objects whose keys are base64 already (libsignal's own form),
 * so that the slower form that marks buffers is only for the rest.
 */
export function encodeRecord(type: KeyType, record: KeyRecord): Buffer {
  const text =
    type === 'session' ? JSON.stringify(record) : JSON.stringify(record, baileys().BufferJSON.replacer)
  return Buffer.from(text)
}

export function decodeRecord(type: KeyType, bytes: Uint8Array): KeyRecord {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  if (type === 'session') return JSON.parse(text) as KeyRecord
  const { BufferJSON, proto } = baileys()
  const record = JSON.parse(text, BufferJSON.reviver) as KeyRecord
  if (type !== 'app-state-sync-key') return record
  return proto.Message.AppStateSyncKeyData.fromObject(record as Record<string, unknown>)
}

/** Baileys changes some records in place before (and whether or not) it saves them: those are given as copies. */
export function copyOf(type: KeyType, record: KeyRecord): KeyRecord {
  if (type === 'device-list') return [...(record as string[])]
  if (type === 'sender-key-memory') return { ...(record as Record<string, boolean>) }
  return record
}

/**
 * A record in the form in which it may be kept for long: with bytes of its own. A token of 20 bytes is otherwise a view
 * into a block of Node's (64 KiB) or a frame off the line, which then stays as long as the token.
 */
export function keptForm(type: KeyType, record: KeyRecord): KeyRecord {
  // Sessions are text, and few have an app-state key.
  if (type === 'session' || type === 'app-state-sync-key') return record
  return withOwnBytes(record) as KeyRecord
}

function withOwnBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    const own = Buffer.allocUnsafeSlow(value.length)
    own.set(value)
    return own
  }
  if (Array.isArray(value)) return value.map(withOwnBytes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withOwnBytes(part)]))
}

/** Roughly how many bytes a record takes in memory, for the cache's bound. */
export function weightOf(type: KeyType): number {
  if (type === 'session') return 5_000
  return type === 'sender-key' || type === 'sender-key-memory' ? 2_500 : 400
}

/** Pre-keys are written by the hundred and read once: they would only push the rest out. */
export function isCached(type: KeyType): boolean {
  return type !== 'pre-key'
}

/**
 * Baileys' list of everybody whose token it has: read, parsed and written whole for each new contact, so that a device
 * with 10,000 of them spends 10 ms and half a megabyte on a message. It serves to take old tokens off the disk, which
 * is not worth that: an old one is replaced when its contact is written to again.
 */
export function isKept(type: KeyType, id: string): boolean {
  return type !== 'tctoken' || id !== '__index'
}
