import type { SignalDataTypeMap } from '@whiskeysockets/baileys'
import { baileys } from '../baileys/baileys.ts'

/** Records of our own beside Baileys': what its types have no place for. */
export interface OwnRecords {
  /** `account`: the salt for tokens to strangers (tokens/token-store.ts). */
  'nct-salt': { salt: Uint8Array | null; from: 'history' | 'app_state' }
  /** By collection: the version of the account's settings that was read last (app-state/app-state.ts). */
  'app-state-read': { version: number }
  /** `all`: parts of the history that are still to be read (history/history-intake.ts). */
  'history-pending': { notifications: Uint8Array[] }
}
export type KeyRecords = SignalDataTypeMap & OwnRecords
export type KeyType = keyof KeyRecords
export type KeyRecord = KeyRecords[KeyType]
export type KeyChanges = { [T in KeyType]?: { [id: string]: KeyRecords[T] | null } }

/**
 * A key record as text. Sessions are plain objects whose keys are base64 already (libsignal's own form),
 * so that the slower form that marks buffers is only for the rest.
 */
export function encodeRecord(type: KeyType, record: KeyRecord): string {
  return type === 'session' ? JSON.stringify(record) : JSON.stringify(record, baileys().BufferJSON.replacer)
}

export function decodeRecord(type: KeyType, text: string): KeyRecord {
  if (type === 'session') return JSON.parse(text) as KeyRecord
  const { BufferJSON, proto } = baileys()
  const record = JSON.parse(text, BufferJSON.reviver) as KeyRecord
  if (type !== 'app-state-sync-key') return record
  return proto.Message.AppStateSyncKeyData.fromObject(record as Record<string, unknown>)
}

/** Pre-keys are written by the hundred and read once: they would only push the rest out. */
export function isCached(type: KeyType): boolean {
  return type !== 'pre-key'
}
