import type {
  AuthenticationCreds,
  GroupMetadata,
  PossiblyExtendedCacheStore,
  SignalDataTypeMap,
} from '@whiskeysockets/baileys'
import type { ConnectionKeys } from '../../session-keys/connection-keys.ts'
import { partOf } from '../../session-keys/shared-caches.ts'
import type { SharedCaches } from '../../session-keys/shared-caches.ts'
import { userOf } from '../device-receipts.ts'

/** A device in Baileys' list of a user's devices. */
export interface ListedDevice {
  user: string
  device: number
  server: string
}

/** What one connection remembers of groups, their members' devices, and who has the sender's key. */
export class GroupMemory {
  /** The lists of users' devices, by the digits of their JIDs: the same that Baileys uses. */
  readonly recipientDevices: PossiblyExtendedCacheStore
  readonly #deviceId: string
  readonly #caches: SharedCaches
  readonly #keys: ConnectionKeys
  readonly #credentials: AuthenticationCreds

  constructor(
    deviceId: string,
    caches: SharedCaches,
    keys: ConnectionKeys,
    credentials: AuthenticationCreds,
  ) {
    this.recipientDevices = partOf(caches.recipientDevices, deviceId)
    this.#deviceId = deviceId
    this.#caches = caches
    this.#keys = keys
    this.#credentials = credentials
  }

  metadata(jid: string): GroupMetadata | undefined {
    return this.#caches.groups.get(this.#name(jid))
  }

  keepMetadata(jid: string, metadata: GroupMetadata): void {
    this.#caches.groups.set(this.#name(jid), metadata)
  }

  forgetMetadata(jid: string): void {
    this.#caches.groups.delete(this.#name(jid))
  }

  /** Everything that could be old where the server refuses what a message names: members, their names and their devices. */
  forget(jid: string): void {
    const users = this.metadata(jid)?.participants.map(({ id }) => userOf(id)) ?? []
    this.forgetDevices([...users, userOf(jid)])
    this.forgetMetadata(jid)
  }

  /** The devices of a user, as they are remembered; undefined where they have to be asked for. */
  devicesOf(user: string): ListedDevice[] | undefined {
    return this.#caches.recipientDevices.get(this.#name(user)) as ListedDevice[] | undefined
  }

  keepDevices(user: string, devices: ListedDevice[]): void {
    this.#caches.recipientDevices.set(this.#name(user), devices)
  }

  forgetDevices(users: Iterable<string>): void {
    for (const user of users) this.#caches.recipientDevices.delete(this.#name(user))
  }

  /** WhatsApp does not give that device's keys: for an hour it is not asked for them again. */
  leaveOut(jid: string): void {
    const others = this.leftOut(userOf(jid)).filter((other) => other !== jid)
    this.#caches.counters.set(`${this.#deviceId} left out\n${userOf(jid)}`, [...others, jid])
  }

  /** The devices of a user that are left out, by JID. */
  leftOut(user: string): string[] {
    return (this.#caches.counters.get(`${this.#deviceId} left out\n${user}`) ?? []) as string[]
  }

  isLeftOut(jid: string): boolean {
    return this.leftOut(userOf(jid)).includes(jid)
  }

  isOwnUser(user: string): boolean {
    const { me } = this.#credentials
    return [me?.id, me?.lid].some((jid) => jid !== undefined && userOf(jid) === user)
  }

  /** The device that sends, by its number or its LID. */
  ownJid(form: 'pn' | 'lid'): string {
    const { me } = this.#credentials
    const device = this.#ownDevice
    return form === 'lid' && me?.lid
      ? `${userOf(me.lid)}:${device}@lid`
      : `${userOf(me?.id ?? '')}:${device}@s.whatsapp.net`
  }

  isSender(user: string, device: number): boolean {
    return this.isOwnUser(user) && device === this.#ownDevice
  }

  /** The devices that have the account's key for a group, by JID. */
  async senderKeyHolders(jid: string): Promise<SignalDataTypeMap['sender-key-memory']> {
    const { [jid]: holders } = await this.#keys.get('sender-key-memory', [jid])
    return holders ?? {}
  }

  /** The server has a message by which those devices get the account's key for the group. */
  async noteSenderKeyHolders(jid: string, reached: ReadonlySet<string>): Promise<void> {
    if (reached.size === 0) return
    const holders = await this.senderKeyHolders(jid)
    for (const device of reached) holders[device] = true
    await this.#keys.set({ 'sender-key-memory': { [jid]: holders } })
  }

  get #ownDevice(): number {
    const device = /:(\d+)@/.exec(this.#credentials.me?.id ?? '')?.[1]
    return Number(device ?? 0)
  }

  #name(key: string): string {
    return `${this.#deviceId}\n${key}`
  }
}
