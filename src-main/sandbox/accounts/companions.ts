import type { Database } from '../../storage/database/database.ts'
import type { CompanionRow, SandboxTable } from '../sandbox-table.ts'

/** A linked device of somebody's account: what Kurir is to this practice WhatsApp. */
export interface Companion {
  readonly number: string
  readonly device: number
  /** Its static Noise key, 32 bytes: what it logs in with. */
  readonly noiseKey: Buffer
  /** Its Signal identity, 32 bytes. */
  readonly identity: Buffer
  readonly registration: number
  readonly keyIndex: number
  /** The signed device identity that it shows with messages to new contacts, as it has to send it. */
  readonly account: Buffer
  signedPreKey: SignedPreKey
  /** One-time pre-keys on the server. */
  preKeyCount: number
}

export interface SignedPreKey {
  id: number
  public: Buffer
  signature: Buffer
}

export interface PreKey {
  id: number
  public: Buffer
}

const preKeyBytes = 35

/** The registered companions of all accounts. */
export class Companions {
  readonly #database: Database
  readonly #table: SandboxTable
  readonly #byNoiseKey = new Map<string, Companion>()
  readonly #byNumber = new Map<string, Companion[]>()

  constructor(database: Database, table: SandboxTable) {
    this.#database = database
    this.#table = table
    for (const row of table.companions()) this.#remember(companionOf(row))
  }

  byNoiseKey(key: Uint8Array): Companion | undefined {
    return this.#byNoiseKey.get(Buffer.from(key).toString('base64'))
  }

  of(number: string): readonly Companion[] {
    return this.#byNumber.get(number) ?? []
  }

  get(number: string, device: number): Companion | undefined {
    return this.of(number).find((companion) => companion.device === device)
  }

  all(): Companion[] {
    return [...this.#byNoiseKey.values()]
  }

  async add(companion: Companion, preKeys: readonly PreKey[], addedAt: number): Promise<void> {
    const row = rowOf({ ...companion, preKeyCount: preKeys.length }, packPreKeys(preKeys), addedAt)
    await this.#database.write(() => this.#table.saveCompanion(row))
    this.#remember(companionOf({ ...row, pre_key_count: preKeys.length }))
  }

  async remove(companion: Companion): Promise<void> {
    this.#byNoiseKey.delete(companion.noiseKey.toString('base64'))
    const rest = this.of(companion.number).filter((other) => other !== companion)
    this.#byNumber.set(companion.number, rest)
    await this.#database.write(() => this.#table.removeCompanion(companion))
  }

  /** Adds uploaded one-time pre-keys; an id that is there already is replaced. */
  async addPreKeys(companion: Companion, added: readonly PreKey[]): Promise<void> {
    const keys = new Map(unpackPreKeys(this.#table.companionPreKeys(companion)).map((key) => [key.id, key]))
    for (const key of added) keys.set(key.id, key)
    await this.#keepPreKeys(companion, [...keys.values()])
  }

  /** Hands out one one-time pre-key, never twice; null when they are used up. */
  async takePreKey(companion: Companion): Promise<PreKey | null> {
    const [first, ...rest] = unpackPreKeys(this.#table.companionPreKeys(companion))
    if (first === undefined) return null
    await this.#keepPreKeys(companion, rest)
    return first
  }

  async dropPreKeys(companion: Companion): Promise<void> {
    await this.#keepPreKeys(companion, [])
  }

  async rotate(companion: Companion, key: SignedPreKey): Promise<void> {
    companion.signedPreKey = key
    await this.#database.write(() => this.#table.saveSignedPreKey(companion, key))
  }

  async #keepPreKeys(companion: Companion, keys: readonly PreKey[]): Promise<void> {
    companion.preKeyCount = keys.length
    await this.#database.write(() => this.#table.savePreKeys(companion, packPreKeys(keys)))
  }

  #remember(companion: Companion): void {
    this.#byNoiseKey.set(companion.noiseKey.toString('base64'), companion)
    this.#byNumber.set(companion.number, [...this.of(companion.number), companion])
  }
}

/** Pre-keys as one blob: three bytes of id and the key, one after the other. */
function packPreKeys(keys: readonly PreKey[]): Buffer {
  const packed = Buffer.alloc(keys.length * preKeyBytes)
  keys.forEach((key, index) => {
    packed.writeUIntBE(key.id, index * preKeyBytes, 3)
    key.public.copy(packed, index * preKeyBytes + 3)
  })
  return packed
}

function unpackPreKeys(packed: Uint8Array): PreKey[] {
  const bytes = Buffer.from(packed)
  const keys: PreKey[] = []
  for (let at = 0; at < bytes.length; at += preKeyBytes) {
    keys.push({ id: bytes.readUIntBE(at, 3), public: bytes.subarray(at + 3, at + preKeyBytes) })
  }
  return keys
}

function companionOf(row: Omit<CompanionRow, 'pre_keys'>): Companion {
  return {
    number: row.number,
    device: row.device,
    noiseKey: Buffer.from(row.noise_key),
    identity: Buffer.from(row.identity),
    registration: row.registration,
    keyIndex: row.key_index,
    account: Buffer.from(row.account),
    signedPreKey: {
      id: row.signed_id,
      public: Buffer.from(row.signed_public),
      signature: Buffer.from(row.signed_signature),
    },
    preKeyCount: row.pre_key_count,
  }
}

function rowOf(companion: Companion, preKeys: Uint8Array, addedAt: number): CompanionRow {
  return {
    number: companion.number,
    device: companion.device,
    noise_key: companion.noiseKey,
    identity: companion.identity,
    registration: companion.registration,
    signed_id: companion.signedPreKey.id,
    signed_public: companion.signedPreKey.public,
    signed_signature: companion.signedPreKey.signature,
    key_index: companion.keyIndex,
    account: companion.account,
    pre_keys: preKeys,
    pre_key_count: companion.preKeyCount,
    added_at: addedAt,
  }
}
