import type { AuthenticationCreds } from '@whiskeysockets/baileys'
import type { Seal } from '../../storage/seal.ts'
import { baileys } from '../baileys/baileys.ts'
import { isPaired, readCredentials, SessionKeys } from './session-key-store.ts'
import type { KeyCache } from './session-key-store.ts'
import type { SessionKeysTable } from './session-keys-table.ts'

interface Room {
  deviceId: string
  table: SessionKeysTable
  seal: Seal
  cache: KeyCache
  /** The keys in use could not be written: their connection must end. */
  failed: (thrown: unknown) => void
}

/** The session keys that one device uses at the moment. */
export class DeviceKeys {
  readonly #room: Room
  #current: SessionKeys | null = null

  constructor(room: Room) {
    this.#room = room
  }

  get exist(): boolean {
    return this.#room.table.credentials(this.#room.deviceId) !== null
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
    const { table, seal, deviceId } = this.#room
    const credentials = readCredentials(table, seal, deviceId)
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
    await this.#room.table.wipe(this.#room.deviceId)
  }

  #make(credentials: AuthenticationCreds): SessionKeys {
    const { failed, ...room } = this.#room
    const keys: SessionKeys = new SessionKeys(
      {
        ...room,
        failed: (thrown) => {
          if (this.#current !== keys) return
          // The next opening reads them anew from the disk.
          this.#current = null
          failed(thrown)
        },
      },
      credentials,
    )
    return keys
  }
}
