import { LRUCache } from 'lru-cache'
import type { AuthenticationCreds } from '@whiskeysockets/baileys'
import type { Cipher } from '../../storage/settings/cipher.ts'
import { baileys } from '../baileys/baileys.ts'
import { KeysUnavailable } from './keys-unavailable.ts'
import { decodeRecord, encodeRecord, isCached } from './key-records.ts'
import type { KeyChanges, KeyRecords, KeyType } from './key-records.ts'
import { pruneSessions } from '../baileys/prune-sessions.ts'
import type { SessionKeysTable } from './session-keys-table.ts'

/**
 * Records of all devices that were read or written lately, as the texts that are sealed; the empty one: there is none.
 * Whoever reads one gets it made anew, so that nobody changes what is kept; and of a session, whose every key has a name of
 * its own, a text takes a third of the memory that its objects do.
 */
export type KeyCache = LRUCache<string, string>

const none = ''
/** Some 5,000 contacts. */
const cachedBytes = 12 * 1024 * 1024
/** Of each, besides its letters: what names and keeps it. */
const entryBytes = 150

export function createKeyCache(): KeyCache {
  return new LRUCache({
    maxSize: cachedBytes,
    sizeCalculation: (text, name) => text.length + name.length + entryBytes,
  })
}

interface Dependencies {
  deviceId: string
  table: SessionKeysTable
  cipher: Cipher
  cache: KeyCache
  /** Called once, when a write did not reach the disk: the connection must end and the keys be read anew. */
  failed: (error: unknown) => void
}

/**
 * Credentials and session keys of one device.
 *
 * A change is seen at once and written a moment later, together with everything else that changed in
 * that moment. `saved` is kept when all changes so far are on the disk: what is encrypted with a key leaves
 * only after that, so that no crash and no failed write can take a ratchet back behind a message that a
 * recipient has. After a failed write nothing is given out or taken any more.
 */
export class SessionKeys {
  readonly credentials: AuthenticationCreds
  readonly #dependencies: Dependencies
  readonly #changes = new Map<string, { type: KeyType; id: string; text: string }>()
  #credentialsChanged = false
  #scheduled: NodeJS.Immediate | null = null
  #writing: Promise<void> | null = null
  #broken: { error: unknown } | null = null

  constructor(dependencies: Dependencies, credentials: AuthenticationCreds) {
    this.#dependencies = dependencies
    this.credentials = credentials
  }

  get<T extends KeyType>(type: T, ids: string[]): { [id: string]: KeyRecords[T] } {
    this.#check()
    const found: { [id: string]: KeyRecords[T] } = {}
    for (const id of ids) {
      const text = this.#find(type, id)
      if (text !== none) found[id] = decodeRecord(type, text) as KeyRecords[T]
    }
    return found
  }

  set(data: KeyChanges): void {
    this.#check()
    for (const type of Object.keys(data) as KeyType[]) {
      for (const [id, record] of Object.entries(data[type] ?? {})) {
        this.#change(type, id, record ? encodeRecord(type, pruneSessions(type, record)) : none)
      }
    }
    this.#schedule()
  }

  /** To be called whenever Baileys has changed the credentials in place; only a finished pairing is kept. */
  noteCredentials(): void {
    this.#credentialsChanged = true
    this.#schedule()
  }

  /** Whether nothing waits to be written. */
  get allSaved(): boolean {
    return this.#writing === null && !this.#dirty
  }

  /** Kept when all that changed so far is on the disk; rejected when it is not and will not be. */
  async saved(): Promise<void> {
    this.#flush()
    while (this.#writing !== null) {
      await this.#writing
      this.#flush()
    }
    this.#check()
  }

  get #dirty(): boolean {
    return this.#changes.size > 0 || (this.#credentialsChanged && isPaired(this.credentials))
  }

  #check(): void {
    if (this.#broken === null) return
    throw new KeysUnavailable('session keys were not saved', { cause: this.#broken.error })
  }

  #find(type: KeyType, id: string): string {
    const name = nameOf(type, id)
    const known = this.#changes.get(name)?.text ?? this.#dependencies.cache.get(this.#cacheKey(name))
    if (known !== undefined) return known
    const { table, deviceId, cipher } = this.#dependencies
    const sealed = table.key(deviceId, type, id)
    const text = sealed === null ? none : opened(cipher, sealed, contextOf(deviceId, name))
    if (isCached(type)) this.#dependencies.cache.set(this.#cacheKey(name), text)
    return text
  }

  #change(type: KeyType, id: string, text: string): void {
    const name = nameOf(type, id)
    this.#changes.set(name, { type, id, text })
    if (isCached(type)) this.#dependencies.cache.set(this.#cacheKey(name), text)
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => this.#flush())
  }

  #flush(): void {
    if (this.#scheduled !== null) clearImmediate(this.#scheduled)
    this.#scheduled = null
    if (!this.#dirty || this.#writing !== null || this.#broken !== null) return
    const { table, deviceId, cipher } = this.#dependencies
    const changes = Array.from(this.#changes, ([name, { type, id, text }]) => ({
      type,
      id,
      sealed: text === none ? null : cipher.encrypt(Buffer.from(text), contextOf(deviceId, name)),
    }))
    const credentials = this.#credentialsChanged ? this.#sealedCredentials() : null
    this.#changes.clear()
    if (credentials !== null) this.#credentialsChanged = false
    this.#writing = table.save(deviceId, credentials, changes).then(
      () => this.#wereSaved(),
      (error: unknown) => this.#fail(error),
    )
  }

  #wereSaved(): void {
    this.#writing = null
    if (this.#dirty) this.#schedule()
  }

  #fail(error: unknown): void {
    this.#writing = null
    if (this.#broken !== null) return
    this.#broken = { error }
    this.#forgetCached()
    this.#dependencies.failed(error)
  }

  /** Nothing is read or written any more: another takes its place, or the device was logged out. */
  abandon(): void {
    this.#broken ??= { error: new Error('these session keys are no longer in use') }
    this.#forgetCached()
  }

  /** Drops what is in memory, so that the next reader finds what is on the disk. */
  #forgetCached(): void {
    this.#changes.clear()
    this.#credentialsChanged = false
    const prefix = this.#cacheKey('')
    for (const key of this.#dependencies.cache.keys())
      if (key.startsWith(prefix)) this.#dependencies.cache.delete(key)
  }

  #sealedCredentials(): Uint8Array | null {
    if (!isPaired(this.credentials)) return null
    const { cipher, deviceId } = this.#dependencies
    const text = JSON.stringify(this.credentials, baileys().BufferJSON.replacer)
    return cipher.encrypt(Buffer.from(text), contextOf(deviceId, 'credentials'))
  }

  #cacheKey(name: string): string {
    return `${this.#dependencies.deviceId}\n${name}`
  }
}

/** The credentials that are kept for a device. Throws Failure `data_key_unavailable` where they cannot be opened. */
export function readCredentials(
  table: SessionKeysTable,
  cipher: Cipher,
  deviceId: string,
): AuthenticationCreds | null {
  const sealed = table.credentials(deviceId)
  if (sealed === null) return null
  const text = opened(cipher, sealed, contextOf(deviceId, 'credentials'))
  return JSON.parse(text, baileys().BufferJSON.reviver) as AuthenticationCreds
}

/**
 * Whether credentials are those of a finished pairing. `me` is set by a mere request for a code, and
 * `registered` stays false after a pairing by QR; the account's signature comes with neither.
 */
export function isPaired(credentials: AuthenticationCreds): boolean {
  return credentials.account !== undefined && credentials.me !== undefined
}

function nameOf(type: KeyType, id: string): string {
  return `${type}\n${id}`
}

/** Binds what is sealed to its device and its place, so that records cannot be exchanged. */
function contextOf(deviceId: string, name: string): string {
  return `session ${deviceId} ${name}`
}

function opened(cipher: Cipher, sealed: Uint8Array, context: string): string {
  return Buffer.from(cipher.decrypt(sealed, context)).toString()
}
