import type { JidServer, PossiblyExtendedCacheStore, WASocket } from '@whiskeysockets/baileys'
import { userOf } from '../connection/device-receipts.ts'
import type { Person } from './lids.ts'

/** How long a query about the own LID is waited for: WhatsApp does not always answer it (oxidezap/whatsapp-rust#568). */
const ownLidTimeoutMs = 3_000

/** One device of somebody, as Baileys keeps it under the digits of the phone number or LID (Socket/messages-send.js). */
interface KeptDevice {
  user: string
  device: number
  server: JidServer
}

/**
 * Which devices people have, under the LIDs by which they are written to. Baileys asks under the same name by which it
 * writes, which WhatsApp does not answer reliably; so its cache is filled beforehand.
 */
export class DeviceLists {
  readonly #socket: WASocket
  readonly #cache: PossiblyExtendedCacheStore

  constructor(socket: WASocket, cache: PossiblyExtendedCacheStore) {
    this.#socket = socket
    this.#cache = cache
  }

  /**
   * Learns which devices a recipient has, under the JID that a message will go to; how many that are. A migrated account
   * that asks by phone number may be told of none, which is why a person with a LID is asked about by that first.
   */
  async fill(jid: string, { pn }: Person): Promise<number> {
    const devices = await this.#socket.getUSyncDevices([jid], true, false)
    if (devices.length > 0 || pn === null || !jid.endsWith('@lid')) return devices.length
    return this.#fillByNumber({ pn, lid: jid })
  }

  /**
   * Learns which other devices the own account has, under its LID: asked by phone number, and converted. Where WhatsApp
   * names none by either, there is still the phone.
   */
  async fillOwn(own: { pn: string; lid: string }): Promise<void> {
    if ((await this.#kept(own.lid)).length > 0) return
    if ((await this.#fillByNumber(own)) > 0) return
    const timeout = AbortSignal.timeout(ownLidTimeoutMs)
    const silence = new Promise<void>((resolve) => timeout.addEventListener('abort', () => resolve()))
    await Promise.race([this.#socket.getUSyncDevices([own.lid], true, false), silence])
    if ((await this.#kept(own.lid)).length > 0) return
    await this.#keep(own.lid, [{ user: userOf(own.lid), device: 0, server: 'lid' }])
  }

  /** Both lists of a person are old. */
  forget(...jids: (string | null)[]): void {
    for (const jid of jids) if (jid !== null) void this.#cache.del(userOf(jid))
  }

  async #fillByNumber({ pn, lid }: { pn: string; lid: string }): Promise<number> {
    await this.#socket.getUSyncDevices([pn], true, false)
    return this.#convert(await this.#kept(pn), lid)
  }

  async #convert(devices: readonly KeptDevice[], lid: string): Promise<number> {
    const user = userOf(lid)
    const converted = devices.map(({ device, server }): KeptDevice => ({
      user,
      device,
      server: server === 'hosted' || server === 'hosted.lid' ? 'hosted.lid' : 'lid',
    }))
    await this.#keep(lid, converted)
    return converted.length
  }

  async #kept(jid: string): Promise<KeptDevice[]> {
    return (await this.#cache.get<KeptDevice[]>(userOf(jid))) ?? []
  }

  async #keep(jid: string, devices: KeptDevice[]): Promise<void> {
    if (devices.length > 0) await this.#cache.set(userOf(jid), devices)
  }
}
