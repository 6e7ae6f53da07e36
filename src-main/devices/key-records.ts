import type { SignalDataTypeMap } from '@whiskeysockets/baileys'
import { baileys } from './baileys.ts'
import { extentOf } from './lean-records.ts'

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

/** Roughly how many bytes a record takes in memory with its name, for the cache's bound. */
export function weightOf(type: KeyType, record: KeyRecord | null): number {
  if (record === null) return 250
  if (type === 'session') {
    const { sessions, chains } = extentOf(record)
    return 1_000 + sessions * 2_000 + chains * 500
  }
  if (type === 'sender-key') return 500 + (record as SignalDataTypeMap['sender-key']).byteLength
  return type === 'sender-key-memory' ? 500 + Object.keys(record).length * 100 : 400
}

/** Pre-keys are written by the hundred and read once: they would only push the rest out. */
export function isCached(type: KeyType): boolean {
  return type !== 'pre-key'
}
