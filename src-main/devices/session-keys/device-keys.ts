import type { AuthenticationCreds } from '@whiskeysockets/baileys'
import type { Cipher } from '../../storage/settings/cipher.ts'
import { baileys } from '../baileys/baileys.ts'
import { isPaired, readCredentials, SessionKeys } from './session-key-store.ts'
import type { KeyCache } from './session-key-store.ts'
import type { SessionKeysTable } from './session-keys-table.ts'

interface Dependencies {
  deviceId: string
  table: SessionKeysTable
  cipher: Cipher
  cache: KeyCache
  /** The keys in use could not be written: their connection must end. */
  failed: (error: unknown) => void
}

/** The session keys that one device uses at the moment. */
export class DeviceKeys {
  readonly #context: Dependencies
  #current: SessionKeys | null = null

  constructor(context: Dependencies) {
    this.#context = context
  }

  get exist(): boolean {
    return this.#context.table.credentials(this.#context.deviceId) !== null
  }

  /** Fresh ones, which are on the disk only once a phone has accepted them. */
  forPairing(): SessionKeys {
    this.#current?.abandon()
    this.#current = this.#make(baileys().initAuthCreds())
    return this.#current
  }

  /**
   * Those of a finished pairing, read once and kept over reconnects.
   * @throws Failure data_key_unavailable
   */
  kept(): SessionKeys {
    if (this.#current !== null) return this.#current
    const { table, cipher, deviceId } = this.#context
    const credentials = readCredentials(table, cipher, deviceId)
    if (credentials === null || !isPaired(credentials)) throw new Error('there are no credentials')
    this.#current = this.#make(credentials)
    return this.#current
  }

  /** Kept when whatever changed is on the disk, or cannot be. */
  async settle(): Promise<void> {
    await this.#current?.saved().catch(() => {
      // The connection has been told; what is on the disk is whole.
    })
  }

  /** Lets go of what is in memory; nothing more is written of it. */
  forget(): void {
    this.#current?.abandon()
    this.#current = null
  }

  /** Kept when they are gone from the disk too. */
  async wipe(): Promise<void> {
    this.forget()
    await this.#context.table.wipe(this.#context.deviceId)
  }

  #make(credentials: AuthenticationCreds): SessionKeys {
    const { failed, ...context } = this.#context
    const keys: SessionKeys = new SessionKeys(
      {
        ...context,
        failed: (error) => {
          if (this.#current !== keys) return
          // The next opening reads them anew from the disk.
          this.#current = null
          failed(error)
        },
      },
      credentials,
    )
    return keys
  }
}
