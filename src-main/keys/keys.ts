import { randomUUID, timingSafeEqual } from 'node:crypto'
import { Failure, sentenceOf } from '../lib/failure.ts'
import { Listeners } from '../lib/listeners.ts'
import type { Logger } from '../lib/logging/logger.ts'
import type { Database } from '../storage/database/database.ts'
import type { Cipher } from '../storage/settings/cipher.ts'
import { rights as allRights } from './api-key.ts'
import type { ApiKey, KeyDevices, Right } from './api-key.ts'
import { KeyUses } from './key-uses.ts'
import { KeysTable } from './keys-table.ts'
import type { KeptKey } from './keys-table.ts'
import { hashOf, newSecret } from './secret.ts'

export { mayUse } from './api-key.ts'
export type { ApiKey, KeyDevices, Right } from './api-key.ts'

// Made once: whoever floods the API with a wrong key is not to cost a stack trace each time.
const unknownKey = new Failure('key_unknown', 'The API key is not known: it is mistyped, or it was revoked.')
const expiredKey = new Failure('key_expired', 'The API key has expired. Make a new one in Kurir.')

/** The key that `--sandbox` shows at every start. */
const sandboxName = 'sandbox'

export interface KeysOptions {
  database: Database
  cipher: Cipher
  log: Logger
  now?: () => number
  /** By which time keys have expired; the same unless given. */
  expiryNow?: () => number
}

export interface NewKey {
  name: string
  devices: KeyDevices
  rights: Right[]
  /** Milliseconds since the epoch; null: never. */
  expiresAt: number | null
}

/** Keys that were tried and are none of these, since the program started. */
export interface WrongKeys {
  count: number
  lastAt: number | null
  lastFrom: string | null
}

/** The API keys: who may call, for which devices, to do what. All are in memory, so that a call waits for nothing. */
export class Keys {
  /** A key was made, revoked, or its last use written down. */
  readonly onChange = new Listeners<null>()
  readonly #table: KeysTable
  readonly #cipher: Cipher
  readonly #log: Logger
  readonly #now: () => number
  readonly #expiryNow: () => number
  readonly #byHash = new Map<string, KeptKey>()
  /** Good for nothing any more, but still on the disk, which did not take that they were revoked. */
  readonly #revoked = new Set<KeptKey>()
  readonly #uses = new KeyUses((ids) => this.#writeUses(ids))
  /** Names of keys that are being made. */
  readonly #taken = new Set<string>()
  #wrong: WrongKeys = { count: 0, lastAt: null, lastFrom: null }
  #sandboxSecret: Promise<string> | null = null

  constructor({ database, cipher, log, now = Date.now, expiryNow = now }: KeysOptions) {
    this.#table = new KeysTable(database)
    this.#cipher = cipher
    this.#log = log
    this.#now = now
    this.#expiryNow = expiryNow
    for (const kept of this.#table.all()) this.#byHash.set(kept.hash, kept)
  }

  /** Makes a key; its secret is in the answer and nowhere else. Throws Failure `key_name_taken`. */
  async create(wanted: NewKey): Promise<{ key: ApiKey; secret: string }> {
    if (sameName(wanted.name, sandboxName)) throw nameTaken(sandboxName)
    return this.#make(wanted, false)
  }

  /**
   * The key of a secret, its use noted. `from` is the caller's address.
   * Throws Failure `key_unknown`, `key_expired`.
   */
  authenticate(secret: string, from: string): ApiKey {
    const key = this.recognise(secret, from)
    if (key instanceof Failure) throw key
    return key
  }

  /** The same, its failure returned: throwing would cost a flood of wrong keys more than anything else. */
  recognise(secret: string, from: string): ApiKey | Failure {
    const kept = this.#find(secret)
    if (kept === null) {
      this.#wrong = { count: this.#wrong.count + 1, lastAt: this.#now(), lastFrom: from }
      return unknownKey
    }
    const now = this.#now()
    if (kept.key.expiresAt !== null && this.#expiryNow() >= kept.key.expiresAt) return expiredKey
    kept.key = { ...kept.key, lastUsedAt: now, lastUsedFrom: from }
    this.#uses.note(kept.key.id)
    return kept.key
  }

  list(): ApiKey[] {
    return this.#all().map(({ key }) => key)
  }

  /**
   * Ends a key at once, in memory before on the disk. Unknown ids are revoked already; one that the disk did not let go
   * stays in the list, because the next start would bring it back, and can be revoked again.
   */
  async revoke(id: string): Promise<void> {
    const kept = this.#all().find(({ key }) => key.id === id)
    if (kept === undefined) return
    if (kept.sealedSecret !== null) this.#sandboxSecret = null
    await this.#end(kept)
  }

  wrong(): WrongKeys {
    return this.#wrong
  }

  /** The secret of the key named `sandbox`, for sandbox devices with all rights; the same at every start. */
  sandboxSecret(): Promise<string> {
    this.#sandboxSecret ??= this.#openSandboxKey().catch((error: unknown) => {
      this.#sandboxSecret = null
      throw error
    })
    return this.#sandboxSecret
  }

  /** Writes down what is not yet. */
  stop(): Promise<void> {
    return this.#uses.flush()
  }

  #find(secret: string): KeptKey | null {
    const hash = hashOf(secret)
    const kept = hash === null ? undefined : this.#byHash.get(hash)
    // The look-up is by hash, which tells nothing of a secret; the comparison takes the same time always.
    if (hash === null || kept === undefined) return null
    return timingSafeEqual(Buffer.from(hash), Buffer.from(kept.hash)) ? kept : null
  }

  async #make(wanted: NewKey, sealed: boolean): Promise<{ key: ApiKey; secret: string }> {
    const { name, devices, rights, expiresAt } = wanted
    const reserved = name.toLowerCase()
    if (this.#taken.has(reserved) || this.list().some((key) => sameName(key.name, name)))
      throw nameTaken(name)
    this.#taken.add(reserved)
    try {
      const { secret, hash } = newSecret()
      const kept: KeptKey = {
        hash,
        sealedSecret: sealed ? this.#cipher.encrypt(Buffer.from(secret), sealContext) : null,
        key: {
          id: randomUUID(),
          name,
          lastFour: secret.slice(-4),
          devices,
          rights,
          expiresAt,
          createdAt: this.#now(),
          lastUsedAt: null,
          lastUsedFrom: null,
        },
      }
      await this.#table.add(kept)
      this.#byHash.set(kept.hash, kept)
      this.onChange.emit(null)
      return { key: kept.key, secret }
    } finally {
      this.#taken.delete(reserved)
    }
  }

  async #openSandboxKey(): Promise<string> {
    const kept = this.#all().find(({ key }) => sameName(key.name, sandboxName))
    const secret = kept === undefined || this.#revoked.has(kept) ? null : this.#unseal(kept)
    if (secret !== null) return secret
    // Sealed on another computer, and restored here: nobody can be shown it any more. Or revoked.
    if (kept !== undefined) await this.#end(kept)
    const made = {
      name: sandboxName,
      devices: { kind: 'sandbox' as const },
      rights: [...allRights],
      expiresAt: null,
    }
    return (await this.#make(made, true)).secret
  }

  #unseal({ sealedSecret }: KeptKey): string | null {
    if (sealedSecret === null) return null
    try {
      return Buffer.from(this.#cipher.decrypt(sealedSecret, sealContext)).toString()
    } catch {
      return null
    }
  }

  #all(): KeptKey[] {
    return [...this.#byHash.values(), ...this.#revoked]
  }

  async #end(kept: KeptKey): Promise<void> {
    this.#byHash.delete(kept.hash)
    this.#revoked.delete(kept)
    this.onChange.emit(null)
    try {
      await this.#table.remove(kept.key.id)
    } catch (error) {
      this.#revoked.add(kept)
      this.onChange.emit(null)
      throw error
    }
  }

  async #writeUses(ids: ReadonlySet<string>): Promise<void> {
    try {
      await this.#table.noteUses(this.list().filter((key) => ids.has(key.id)))
      this.onChange.emit(null)
    } catch (error) {
      this.#log.warn({ reason: sentenceOf(error) }, 'could not save when keys were last used')
    }
  }
}

const sealContext = 'sandbox api key'

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function nameTaken(name: string): Failure {
  return new Failure(
    'key_name_taken',
    `There is an API key named ${name} already. Choose another name, or revoke that one.`,
  )
}
