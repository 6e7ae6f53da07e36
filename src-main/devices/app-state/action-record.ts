import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { WireWalker } from '../history/wire-walker.ts'

/** A record that the account's devices did not write, or not under that key. */
export class ForgedRecord extends Error {}

export type Operation = 'SET' | 'REMOVE'

/** What is wanted of an account's settings; null: something else. */
export type Setting =
  | { kind: 'push_name'; name: string | null }
  /** The salt for tokens to strangers; null: the account has none any more. */
  | { kind: 'nct_salt'; salt: Buffer | null }

/** The keys that one app-state key stands for (tulir/whatsmeow appstate/keys.go). */
export interface RecordKeys {
  index: Buffer
  valueEncryption: Buffer
  valueMac: Buffer
  patchMac: Buffer
}

export function recordKeys(keyData: Uint8Array): RecordKeys {
  const all = Buffer.from(hkdfSync('sha256', keyData, Buffer.alloc(0), 'WhatsApp Mutation Keys', 160))
  const part = (number: number): Buffer => all.subarray(number * 32, (number + 1) * 32)
  // The fourth is for the hash of whole collections, which nobody needs who looks for two settings.
  return { index: part(0), valueEncryption: part(1), valueMac: part(2), patchMac: part(4) }
}

export interface EncryptedRecord {
  keyId: Uint8Array
  indexMac: Uint8Array
  /** Initial vector, ciphertext and a MAC of 32 bytes. */
  value: Uint8Array
}

const macBytes = 32
const ivBytes = 16

/**
 * Opens one record of app state (`SyncActionData{1 index, 2 value, 3 padding, 4 version}`), whose MACs prove that the
 * account's own phone or one of its devices wrote it. The salt is field 80 of the value, which Baileys' WAProto lacks.
 *
 * @throws ForgedRecord; any other Error where it cannot be read
 */
export function openRecord(operation: Operation, record: EncryptedRecord, keys: RecordKeys): Setting | null {
  const { keyId, value } = record
  const encrypted = value.subarray(0, -macBytes)
  const head = Buffer.concat([Buffer.from([operation === 'SET' ? 1 : 2]), keyId])
  const mac = hmac('sha512', keys.valueMac, [head, encrypted, bigEndian64(head.length)]).subarray(0, macBytes)
  assertEqual(mac, value.subarray(-macBytes))
  const decipher = createDecipheriv('aes-256-cbc', keys.valueEncryption, encrypted.subarray(0, ivBytes))
  const plain = Buffer.concat([decipher.update(encrypted.subarray(ivBytes)), decipher.final()])
  const { index, name, salt } = read(plain)
  assertEqual(hmac('sha256', keys.index, [index]), record.indexMac)
  return settingOf(operation, JSON.parse(index.toString()) as unknown, name, salt)
}

/** Proves that a patch is whole and of that version: its MAC is over those of its records. @throws ForgedRecord */
export function verifyPatch(
  patch: { snapshotMac: Uint8Array; patchMac: Uint8Array; version: number; valueMacs: Uint8Array[] },
  collection: string,
  keys: RecordKeys,
): void {
  const { snapshotMac, patchMac, version, valueMacs } = patch
  const parts = [snapshotMac, ...valueMacs, bigEndian64(version), Buffer.from(collection)]
  assertEqual(hmac('sha256', keys.patchMac, parts), patchMac)
}

function read(plain: Buffer): { index: Buffer; name: string | null; salt: Buffer | null } {
  let index: Buffer = Buffer.alloc(0)
  let name: string | null = null
  let salt: Buffer | null = null
  const walker = new WireWalker({
    fields: {
      1: 'bytes',
      2: {
        fields: {
          7: { fields: { 1: 'bytes' }, complete: (values) => (name = values.text(1)) },
          80: { fields: { 1: 'bytes' }, complete: (values) => (salt = values.bytes(1)) },
        },
      },
    },
    complete: (values) => (index = values.bytes(1) ?? index),
  })
  walker.push(plain)
  walker.end()
  return { index, name, salt }
}

function settingOf(
  operation: Operation,
  index: unknown,
  name: string | null,
  salt: Buffer | null,
): Setting | null {
  if (!Array.isArray(index)) return null
  const isSet = operation === 'SET'
  if (index[0] === 'setting_pushName') return { kind: 'push_name', name: isSet ? name : null }
  if (index[0] !== 'nct_salt_sync' || index.length !== 1) return null
  // A salt that is set to nothing says nothing.
  if (isSet && (salt === null || salt.length === 0)) return null
  return { kind: 'nct_salt', salt: isSet ? salt : null }
}

function assertEqual(right: Buffer, given: Uint8Array): void {
  if (right.length !== given.length || !timingSafeEqual(right, given)) {
    throw new ForgedRecord('a record of app state was written under another key')
  }
}

function hmac(algorithm: 'sha256' | 'sha512', key: Buffer, parts: Uint8Array[]): Buffer {
  const made = createHmac(algorithm, key)
  for (const part of parts) made.update(part)
  return made.digest()
}

function bigEndian64(value: number): Buffer {
  const written = Buffer.alloc(8)
  written.writeBigUInt64BE(BigInt(value))
  return written
}
