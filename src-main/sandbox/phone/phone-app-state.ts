import { createCipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { makeLtHashGenerator, proto } from '@whiskeysockets/baileys'
import { field } from './protobuf.ts'

/** The parts that a phone's settings and address book are told to linked devices in. */
export const collectionNames = [
  'critical_block',
  'critical_unblock_low',
  'regular_high',
  'regular',
  'regular_low',
] as const
export type CollectionName = (typeof collectionNames)[number]

/** One collection as the server keeps it: bytes that only the phone and its linked devices can read, as base64. */
export interface Collection {
  version: number
  /** The sum of all values' MACs (LTHash), by which devices notice that one is missing. */
  hash: string
  /** What is in force: SyncdRecord by its index. */
  records: Record<string, string>
  /** Every change since version 0: SyncdPatch. */
  patches: string[]
}

export interface Mutation {
  operation: 'SET' | 'REMOVE'
  /** What it is about, such as `["setting_pushName"]`. */
  index: string[]
  /** An encoded SyncActionValue. */
  value: Uint8Array
}

type Key = { id: string; data: string }

export function emptyCollection(): Collection {
  return { version: 0, hash: Buffer.alloc(128).toString('base64'), records: {}, patches: [] }
}

/** Encrypts changes as a phone does, and adds them to the collection as one patch. */
export function addPatch(collection: Collection, name: CollectionName, key: Key, changes: Mutation[]): void {
  const keys = expand(key)
  const mutations = changes.map((change) => encrypt(change, key, keys))
  collection.version++
  collection.hash = hashAfter(collection, mutations)
  for (const { operation, record } of mutations) {
    const index = base64(record.index.blob)
    if (operation === operations.REMOVE) delete collection.records[index]
    else collection.records[index] = base64(proto.SyncdRecord.encode(record).finish())
  }
  const snapshotMac = snapshotMacOf(collection, name, keys)
  const valueMacs = mutations.map(({ record }) => record.value.blob.subarray(-32))
  const patchMac = hmac('sha256', keys.patchMac, [
    snapshotMac,
    ...valueMacs,
    bigEndian64(collection.version),
    Buffer.from(name),
  ])
  const patch = {
    version: { version: collection.version },
    mutations,
    snapshotMac,
    patchMac,
    keyId: { id: keyIdOf(key) },
  }
  collection.patches.push(base64(proto.SyncdPatch.encode(patch).finish()))
}

/** Everything that is in force, for a device that has nothing yet: an encoded SyncdSnapshot. */
export function snapshotOf(collection: Collection, name: CollectionName, key: Key): Uint8Array {
  return proto.SyncdSnapshot.encode({
    version: { version: collection.version },
    records: Object.values(collection.records).map((record) => proto.SyncdRecord.decode(bytes(record))),
    mac: snapshotMacOf(collection, name, expand(key)),
    keyId: { id: keyIdOf(key) },
  }).finish()
}

const operations = proto.SyncdMutation.SyncdOperation

/** The value of a setting that Baileys' WAProto knows. */
export function actionValue(value: proto.ISyncActionValue, now: number): Uint8Array {
  return proto.SyncActionValue.encode({ timestamp: now, ...value }).finish()
}

/** `nctSaltSyncAction` is field 80, which Baileys' WAProto lacks. */
export function saltValue(salt: Uint8Array, now: number): Uint8Array {
  return Buffer.concat([field(1, now), field(80, field(1, salt))])
}

interface ExpandedKeys {
  index: Buffer
  valueEncryption: Buffer
  valueMac: Buffer
  snapshotMac: Buffer
  patchMac: Buffer
}

function expand({ data }: Key): ExpandedKeys {
  const all = Buffer.from(hkdfSync('sha256', bytes(data), Buffer.alloc(0), 'WhatsApp Mutation Keys', 160))
  const part = (number: number): Buffer => all.subarray(number * 32, (number + 1) * 32)
  return {
    index: part(0),
    valueEncryption: part(1),
    valueMac: part(2),
    snapshotMac: part(3),
    patchMac: part(4),
  }
}

interface EncryptedMutation {
  operation: proto.SyncdMutation.SyncdOperation
  record: { index: { blob: Buffer }; value: { blob: Buffer }; keyId: { id: Buffer } }
}

function encrypt(change: Mutation, key: Key, keys: ExpandedKeys): EncryptedMutation {
  const index = Buffer.from(JSON.stringify(change.index))
  const plain = Buffer.concat([
    field(1, index),
    field(2, change.value),
    field(3, Buffer.alloc(0)),
    field(4, 2),
  ])
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', keys.valueEncryption, iv)
  const encrypted = Buffer.concat([iv, cipher.update(plain), cipher.final()])
  const head = Buffer.concat([Buffer.from([change.operation === 'SET' ? 1 : 2]), keyIdOf(key)])
  const valueMac = hmac('sha512', keys.valueMac, [head, encrypted, bigEndian64(head.length)]).subarray(0, 32)
  return {
    operation: operations[change.operation],
    record: {
      index: { blob: hmac('sha256', keys.index, [index]) },
      value: { blob: Buffer.concat([encrypted, valueMac]) },
      keyId: { id: keyIdOf(key) },
    },
  }
}

/** The hash after changes; what was in force under the same index goes out of it. */
function hashAfter(collection: Collection, mutations: EncryptedMutation[]): string {
  const indexValueMap = Object.fromEntries(
    Object.entries(collection.records).map(([index, record]) => {
      const value = proto.SyncdRecord.decode(bytes(record)).value?.blob ?? new Uint8Array()
      return [index, { valueMac: value.subarray(-32) }]
    }),
  )
  const generator = makeLtHashGenerator({ hash: bytes(collection.hash), indexValueMap })
  for (const { operation, record } of mutations) {
    const valueMac = record.value.blob.subarray(-32)
    generator.mix({ indexMac: record.index.blob, valueMac, operation })
  }
  return base64(generator.finish().hash)
}

function snapshotMacOf({ hash, version }: Collection, name: CollectionName, keys: ExpandedKeys): Buffer {
  return hmac('sha256', keys.snapshotMac, [bytes(hash), bigEndian64(version), Buffer.from(name)])
}

function hmac(algorithm: 'sha256' | 'sha512', key: Buffer, parts: Uint8Array[]): Buffer {
  const made = createHmac(algorithm, key)
  for (const part of parts) made.update(part)
  return made.digest()
}

function bigEndian64(value: number): Buffer {
  const written = Buffer.alloc(8)
  written.writeUInt32BE(value, 4)
  return written
}

function keyIdOf({ id }: Key): Buffer {
  return bytes(id)
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'base64')
}

function base64(of: Uint8Array): string {
  return Buffer.from(of).toString('base64')
}
