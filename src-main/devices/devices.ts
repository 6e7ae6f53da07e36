import { randomBytes, randomUUID } from 'node:crypto'
import { Failure, sentenceOf } from '../lib/failure.ts'
import { Listeners } from '../lib/listeners.ts'
import type { Logger } from '../lib/logging/logger.ts'
import type { Database } from '../storage/database/database.ts'
import type { Cipher } from '../storage/settings/cipher.ts'
import { sendGated } from './connection/sending/ack-gated-send.ts'
import { afterSend } from './connection/sending/after-send.ts'
import { loadBaileys } from './baileys/baileys.ts'
import { silenceConsole } from './baileys/process/silence-console.ts'
import { compose } from './connection/sending/compose.ts'
import type { Connection } from './connection/connection.ts'
import type { Device, DeviceEvent, DeviceKind } from './device.ts'
import { DeviceSession } from './lifecycle/device-session.ts'
import { networkProblemOf } from './connection/network-problems.ts'
import { DevicesTable } from './store/devices-table.ts'
import type { DeviceRow } from './store/devices-table.ts'
import { endpointsOf } from './connection/endpoint.ts'
import type { Endpoint, EndpointOptions } from './connection/endpoint.ts'
import { Heartbeat } from './lifecycle/heartbeat.ts'
import { Lookups } from './connection/number-lookups.ts'
import type { StanzaSink } from './trace/stanza-trace.ts'
import type { Content, Lookup, Outgoing, Receipt, SendOutcome } from './connection/sending/outgoing.ts'
import type { DeviceContext } from './lifecycle/device-context.ts'
import { SessionKeysTable } from './session-keys/session-keys-table.ts'
import { createSharedCaches } from './session-keys/shared-caches.ts'
import type { SharedCaches } from './session-keys/shared-caches.ts'
import { ChatTimersTable } from './timers/chat-timers-table.ts'
import { Slots } from './lifecycle/connection-slots.ts'
import { catchBaileysRejections } from './baileys/process/baileys-rejections.ts'
import { builtInVersion, fetchVersion, WhatsAppVersion } from './connection/whatsapp-version.ts'
import { whenConnected } from './lifecycle/when-connected.ts'

export interface DevicesOptions extends EndpointOptions {
  database: Database
  cipher: Cipher
  log: Logger
  now?: () => number
  /** A message that was sent, encoded, for a recipient's phone that asks for it again. */
  getMessage: (deviceId: string, key: { id: string; remoteJid: string }) => Uint8Array | undefined
  /** How long a send may take until the server's word, in milliseconds; 15 s unless said otherwise. */
  sendDeadline?: number
  /** Devices that there may be; no bound unless said otherwise. */
  maxDevices?: () => number
  /** Is told of every stanza of every device. */
  trace?: StanzaSink | null
}

/** So many devices connect at a time when the program starts. */
const connectingAtOnce = 10
/** Pairings of real accounts at once: each is a registration at WhatsApp from this address. */
const maxPairings = 3
/** A device that no phone was ever linked to is removed after so long. */
const maxNeverPairedMs = 24 * 60 * 60_000
const sweepEveryMs = 60 * 60_000
/** Stopping does not wait longer for the sockets. */
const stopTimeoutMs = 4_000

/** All phones that are, were or will be paired with this program. */
export class Devices {
  readonly onChange = new Listeners<Device>()
  readonly onRemoved = new Listeners<string>()
  readonly onReceipt = new Listeners<Receipt>()
  readonly #sessions = new Map<string, DeviceSession>()
  /** Of each device that is being removed: asked for again, it is still one removal. */
  readonly #removals = new Map<string, Promise<void>>()
  readonly #table: DevicesTable
  readonly #log: Logger
  readonly #now: () => number
  readonly #sendDeadline: number
  readonly #caches: SharedCaches = createSharedCaches()
  readonly #lookups = new Lookups()
  readonly #endpointOf: (kind: DeviceKind) => Endpoint | null
  readonly #context: DeviceContext
  readonly #maxDevices: () => number
  #stopping = false
  #sweeping: NodeJS.Timeout | undefined

  constructor(options: DevicesOptions) {
    silenceConsole(options.log)
    catchBaileysRejections(options.log)
    this.#log = options.log
    this.#now = options.now ?? Date.now
    this.#sendDeadline = options.sendDeadline ?? 15_000
    this.#maxDevices = options.maxDevices ?? (() => Infinity)
    this.#table = new DevicesTable(options.database)
    this.#endpointOf = endpointsOf(options)
    this.#context = this.#makeRoom(options)
    for (const row of this.#table.all()) this.#sessions.set(row.id, new DeviceSession(row, this.#context))
  }

  /** Begins to connect all paired devices, some at a time, and does not wait for them. */
  async start(): Promise<void> {
    await this.#removeNeverPaired()
    this.#sweeping = setInterval(() => void this.#removeNeverPaired(), sweepEveryMs).unref()
    if (this.#sessions.size > 0) void loadBaileys()
    for (const session of this.#sessions.values()) session.begin()
  }

  /** Closes all sockets and ends removals, within 5 s. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#sweeping)
    const sessions = Array.from(this.#sessions.values(), (session) => session.stop())
    const timeout = new Promise((resolve) => setTimeout(resolve, stopTimeoutMs).unref())
    await Promise.race([Promise.allSettled([...sessions, ...this.#removals.values()]), timeout])
  }

  list(): Device[] {
    return Array.from(this.#sessions.values(), ({ device }) => device)
  }

  get(id: string): Device | undefined {
    return this.#sessions.get(id)?.device
  }

  /** @param number normalised digits */
  byNumber(number: string): Device | undefined {
    return this.list().find((device) => device.number === number)
  }

  /** @throws Failure device_number_taken, device_kind_unavailable, too_many_devices */
  async add(wanted: { kind: DeviceKind; number: string | null; name: string }): Promise<Device> {
    const { kind, number, name } = wanted
    if (number !== null && this.#isTaken(number, '')) {
      throw new Failure('device_number_taken', 'Another device already has that number.')
    }
    this.#requireEndpoint(kind)
    this.#requireCapacity()
    const row: DeviceRow = {
      id: randomUUID(),
      kind,
      name,
      number,
      addedAt: this.#now(),
      lastConnectedAt: null,
      stoppedReason: null,
      stoppedUntil: null,
      unpairedReason: null,
      timeLock: null,
      pairedAt: null,
      newChatQuota: null,
      makesTokens: false,
    }
    const session = new DeviceSession(row, this.#context)
    this.#sessions.set(row.id, session)
    await this.#table.add(row).catch(async (cause: unknown) => {
      this.#sessions.delete(row.id)
      // Somebody may have seen it meanwhile, and begun to pair it.
      await session.stop()
      this.onRemoved.emit(row.id)
      throw cause
    })
    this.#context.changed(session.device)
    return session.device
  }

  /**
   * Begins a pairing, whose progress is in the device's state; one that runs goes on. What an earlier pairing
   * left is wiped.
   * @throws Failure device_not_found, device_connected, device_kind_unavailable, pairing_failed, too_many_pairings
   */
  async pair(id: string, how: 'qr' | 'code'): Promise<void> {
    const session = this.#session(id)
    const { state, number, kind } = session.device
    if (state.name === 'connected') {
      throw new Failure('device_connected', 'The device is connected already. Log it out to pair it again.')
    }
    if (how === 'code' && number === null) {
      throw new Failure(
        'pairing_failed',
        "Pairing by code needs the phone's number: set the number of the device first.",
      )
    }
    this.#requireEndpoint(kind)
    if (kind !== 'sandbox' && state.name !== 'pairing') this.#requirePairing()
    session.pair(how)
  }

  async cancelPairing(id: string): Promise<void> {
    this.#session(id).dispatch({ type: 'cancel_pairing' })
  }

  /** Tries a stopped or waiting device again, now. @throws Failure device_not_found, sender_not_paired */
  async connect(id: string): Promise<void> {
    const session = this.#session(id)
    if (!session.device.paired) {
      throw new Failure('sender_not_paired', 'The device is not paired with a phone. Pair it first.')
    }
    session.dispatch({ type: 'connect' })
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#session(id).rename(name)
  }

  /** Unlinks it from the phone where it is connected, and wipes its session keys. */
  async logOut(id: string): Promise<void> {
    await this.#session(id).logOut()
  }

  /** Logs it out and forgets it. Its messages stay in the log. */
  async remove(id: string): Promise<void> {
    const removal = this.#removals.get(id) ?? this.#remove(this.#session(id))
    this.#removals.set(id, removal)
    await removal.finally(() => this.#removals.delete(id))
  }

  /** What happened to a device and why, the newest first. */
  history(id: string, { limit }: { limit: number }): DeviceEvent[] {
    return this.#table.events(id, limit)
  }

  /** Whether it is connected, within so many milliseconds; false at once where nothing is being tried. */
  whenConnected(id: string, { withinMs }: { withinMs: number }): Promise<boolean> {
    return whenConnected(this, id, withinMs)
  }

  /**
   * Asks WhatsApp whether numbers are there. Answers are remembered: those that exist for a day.
   * @param numbers normalised digits
   * @throws Failure lookup_failed, device_disconnected
   */
  async lookUp(id: string, numbers: string[]): Promise<Map<string, Lookup>> {
    const { kind } = this.#session(id).device
    return this.#lookups.ask(kind, this.#connected(id), numbers)
  }

  /**
   * Puts content into WhatsApp's form and uploads its file, once for all its recipients.
   * `newsletter`: for newsletters, which are public, the file is not encrypted.
   * @throws Failure media_upload_failed, media_unreadable, device_disconnected
   */
  async compose(
    id: string,
    content: Content,
    options: { onProgress?: (bytes: number, total: number) => void; newsletter?: boolean } = {},
  ): Promise<Uint8Array> {
    const { onProgress, newsletter = false } = options
    const { kind } = this.#session(id).device
    const { agent } = this.#requireEndpoint(kind)
    return compose(this.#connected(id), content, {
      agent,
      open: newsletter,
      ...(onProgress === undefined ? {} : { onProgress }),
    })
  }

  /** Sends and waits for the server's acknowledgement. Never throws. */
  async send(id: string, outgoing: Outgoing): Promise<SendOutcome> {
    const session = this.#sessions.get(id)
    const connection = session?.connection
    if (session === undefined || connection == null) {
      return { result: 'not_sent', reason: 'the device is not connected' }
    }
    if (connection.addressing.isOwn(outgoing.jid)) this.#caches.toSelf.set(outgoing.messageId, true)
    const outcome = await sendGated(connection, outgoing, this.#sendDeadline)
    // The next try asks for the recipient's devices and keys afresh.
    if (outcome.result === 'refused' && outcome.code === 'encryption_failed') {
      connection.invalidateDeviceList(outgoing.jid, true)
    }
    if (outcome.result === 'refused' && outcome.code === 'new_chat_quota_used') session.newChatRefused()
    return afterSend(connection, outgoing.jid, outcome)
  }

  /** An id in WhatsApp Web's form, chosen before anything leaves. */
  newMessageId(_id: string): string {
    return `3EB0${randomBytes(9).toString('hex').toUpperCase()}`
  }

  /** The message as WhatsApp's own JSON; also just after the start, when no device has connected yet. */
  async asWhatsAppJson(message: Uint8Array): Promise<object> {
    const { proto } = await loadBaileys()
    return proto.Message.decode(message).toJSON()
  }

  /** The groups that the device is in. @throws Failure device_disconnected, lookup_failed */
  async groups(id: string): Promise<{ id: string; subject: string }[]> {
    const connection = this.#connected(id)
    try {
      const groups = await connection.socket.groupFetchAllParticipating()
      return Object.values(groups).map(({ id, subject }) => ({ id, subject }))
    } catch (cause) {
      throw new Failure('lookup_failed', 'WhatsApp did not answer which groups there are. Try again later.', {
        cause: cause,
      })
    }
  }

  /**
   * After sleep or a change of network every line is stale: all reconnect at once. With another proxy only those do that
   * leave this PC.
   */
  reconnectAll(reason: 'resume' | 'network' | 'proxy'): void {
    this.#log.info({ reason }, 'all devices reconnect')
    const at = this.#now()
    for (const session of this.#sessions.values()) {
      if (reason === 'proxy' && session.device.kind === 'sandbox') continue
      session.dispatch({ type: 'reconnect', at })
    }
  }

  #makeRoom(options: DevicesOptions): DeviceContext {
    const version = new WhatsAppVersion({
      table: this.#table,
      log: this.#log,
      now: this.#now,
      fetch: async () => fetchVersion(this.#requireEndpoint('whatsapp').agent),
      builtIn: builtInVersion,
    })
    return {
      table: this.#table,
      keysTable: new SessionKeysTable(options.database),
      timersTable: new ChatTimersTable(options.database),
      cipher: options.cipher,
      caches: this.#caches,
      slots: new Slots(connectingAtOnce),
      heartbeats: new Heartbeat(this.#now, () => this.reconnectAll('resume')),
      log: this.#log,
      now: this.#now,
      trace: options.trace ?? null,
      endpointOf: this.#endpointOf,
      // Only whatsapp devices ever ask WhatsApp for its version.
      versionFor: async (kind) => (kind === 'whatsapp' ? version.current() : builtInVersion()),
      renewVersion: async (kind, refused) => (kind === 'whatsapp' ? version.renew(refused) : false),
      getMessage: options.getMessage,
      isTaken: (number, deviceId) => this.#isTaken(number, deviceId),
      changed: (device) => {
        if (this.#sessions.has(device.id)) this.onChange.emit(device)
      },
      receipt: (receipt) => this.onReceipt.emit(receipt),
    }
  }

  async #remove(session: DeviceSession): Promise<void> {
    const { id } = session.row
    try {
      await session.retire()
      await this.#table.remove(id)
    } catch (cause) {
      await this.#startAnew(session)
      throw cause
    }
    this.#sessions.delete(id)
    this.onRemoved.emit(id)
  }

  /** A device whose removal the disk did not take is still there, logged out, and can be removed again. */
  async #startAnew(retired: DeviceSession): Promise<void> {
    await retired.stop()
    if (this.#stopping) return
    const session = new DeviceSession(retired.row, this.#context)
    this.#sessions.set(retired.row.id, session)
    session.begin()
    this.onChange.emit(session.device)
  }

  #requireCapacity(): void {
    const max = this.#maxDevices()
    if (this.#sessions.size < max) return
    throw new Failure(
      'too_many_devices',
      `There are ${max} devices already, as many as the setting devices.maxCount allows. Remove one that is not used.`,
    )
  }

  #requirePairing(): void {
    const pairing = this.list().filter(({ kind, state }) => kind !== 'sandbox' && state.name === 'pairing')
    if (pairing.length < maxPairings) return
    throw new Failure(
      'too_many_pairings',
      `${maxPairings} phones are being paired already. Finish or cancel one of them first; a QR that nobody scans ends by itself.`,
    )
  }

  /** Devices that somebody added and never linked a phone to. */
  async #removeNeverPaired(): Promise<void> {
    const before = this.#now() - maxNeverPairedMs
    const unused = this.list().filter((device) => isNeverPaired(device) && device.addedAt < before)
    for (const { id, state } of unused) {
      if (state.name === 'pairing') continue
      try {
        await this.remove(id)
        this.#log.info({ device: id }, 'removed a device that was never paired')
      } catch (error) {
        this.#log.warn(
          { device: id, reason: sentenceOf(error) },
          'could not remove a device that was never paired',
        )
      }
    }
  }

  #isTaken(number: string, deviceId: string): boolean {
    return this.list().some((device) => device.number === number && device.id !== deviceId)
  }

  #session(id: string): DeviceSession {
    const session = this.#sessions.get(id)
    if (session === undefined) throw new Failure('device_not_found', 'There is no such device.')
    return session
  }

  #connected(id: string): Connection {
    const { connection } = this.#session(id)
    if (connection === null) {
      const problem = networkProblemOf(this.#sessions.get(id)?.device)
      const more = problem === null ? '' : ` ${problem}`
      throw new Failure('device_disconnected', `The device is not connected; nothing was sent.${more}`)
    }
    return connection
  }

  #requireEndpoint(kind: DeviceKind): Endpoint {
    const endpoint = this.#endpointOf(kind)
    if (endpoint === null) {
      throw new Failure(
        'device_kind_unavailable',
        `Kurir was started without support for devices of kind ${kind}. Start it the same way as when the device was added.`,
      )
    }
    return endpoint
  }
}

function isNeverPaired({ paired, pairedAt, lastConnectedAt }: Device): boolean {
  return !paired && pairedAt === null && lastConnectedAt === null
}
