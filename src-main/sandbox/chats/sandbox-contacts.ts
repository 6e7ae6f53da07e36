import { jidEncode } from '@whiskeysockets/baileys'
import { LRUCache } from 'lru-cache'
import type { Database } from '../../storage/database/database.ts'
import { Endpoint, newEndpoint } from './signal-endpoint.ts'
import type { Bundle } from './signal-endpoint.ts'
import { isNumber, lidOf, ruleOf } from '../accounts/sandbox-numbers.ts'
import type { SandboxTable } from '../sandbox-table.ts'

const endpointsInMemory = 2000

/** Everybody on the practice WhatsApp: each number has a phone, made when it is first needed. */
export class Contacts {
  readonly #database: Database
  readonly #table: SandboxTable
  readonly #endpoints = new LRUCache<string, Endpoint>({ max: endpointsInMemory })
  /** Numbers whose one-time pre-keys have run out. */
  readonly #withoutPreKeys = new Set<string>()
  /** Numbers that are shown by their LID only. */
  readonly #lidOnly = new Set<string>()
  /** How often numbers were registered anew. */
  readonly #registrations = new Map<string, number>()
  readonly #making = new Map<string, Promise<Endpoint>>()

  constructor(database: Database, table: SandboxTable) {
    this.#database = database
    this.#table = table
  }

  exists(number: string): boolean {
    return isNumber(number) && ruleOf(number) !== 'absent'
  }

  isLidOnly(number: string): boolean {
    return this.#lidOnly.has(number)
  }

  showByLidOnly(number: string): void {
    this.#lidOnly.add(number)
  }

  /** Its name besides its number, as of now. */
  lidJidOf(number: string, device = 0): string {
    return jidEncode(lidOf(number, this.#registrations.get(number)), 'lid', device)
  }

  /** The number is registered anew: from now on it has another LID. */
  renewLid(number: string): void {
    this.#registrations.set(number, ((this.#registrations.get(number) ?? 0) + 1) % 9)
  }

  /** The number's practice devices: its phone, 0, and what was added to it; companions are not among them. */
  devicesOf(number: string): number[] {
    if (!this.exists(number)) return []
    return [...new Set([0, ...this.#table.devicesOf(number)])]
  }

  /** A practice device; the phone is made when there is none yet, other devices are not. */
  endpoint(number: string, device: number): Promise<Endpoint | null> {
    const key = `${number}:${device}`
    const kept = this.#endpoints.get(key)
    if (kept !== undefined) return Promise.resolve(kept)
    // Before the table: its row is there at once, and two objects for one phone would hand out the same keys.
    const making = this.#making.get(key)
    if (making !== undefined) return making
    const row = this.#table.endpoint({ number, device })
    if (row !== undefined) return Promise.resolve(this.#keep(new Endpoint(row, this.#table)))
    if (device !== 0 || !this.exists(number)) return Promise.resolve(null)
    return this.#make(number, device)
  }

  /** Links another practice device to the number. */
  addDevice(number: string, device: number): Promise<Endpoint> {
    return this.#make(number, device)
  }

  async removeDevice(number: string, device: number): Promise<void> {
    this.#endpoints.delete(`${number}:${device}`)
    await this.#database.write(() => this.#table.removeEndpoint({ number, device }))
  }

  /** The phone was set up anew: another identity, and nothing of before can be read. */
  async reinstall(number: string): Promise<void> {
    await this.#database.write(() => {
      this.#table.clearEndpoint({ number, device: 0 })
      this.#table.saveEndpoint(newEndpoint(number, 0))
      this.#endpoints.delete(`${number}:0`)
    })
  }

  /** From now on, or until `false`, its bundles come without a one-time pre-key. */
  exhaustPreKeys(number: string, exhausted: boolean): void {
    if (exhausted) this.#withoutPreKeys.add(number)
    else this.#withoutPreKeys.delete(number)
  }

  /** Hands out keys for one session; resolves once they are kept, so that the session can be read. */
  async bundle(endpoint: Endpoint): Promise<Bundle> {
    const { bundle, change } = endpoint.bundle(!this.#withoutPreKeys.has(endpoint.number))
    await this.#database.write(() => change(this.#table))
    return bundle
  }

  /** Resolves once it is kept, and is the same for whoever asks meanwhile. */
  #make(number: string, device: number): Promise<Endpoint> {
    const key = `${number}:${device}`
    const row = newEndpoint(number, device)
    const making = this.#database
      .write(() => this.#table.saveEndpoint(row))
      .then(() => this.#keep(new Endpoint(row, this.#table)))
      .finally(() => this.#making.delete(key))
    this.#making.set(key, making)
    return making
  }

  #keep(endpoint: Endpoint): Endpoint {
    this.#endpoints.set(`${endpoint.number}:${endpoint.device}`, endpoint)
    return endpoint
  }
}
