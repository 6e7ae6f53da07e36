import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { proto } from '@whiskeysockets/baileys'
import { createServer } from 'node:http'
import type { IncomingMessage as HttpRequest } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { boundRequests, closeUnread } from '../api/server/bounded-requests.ts'
import { Connections, hasEnded } from '../api/server/connections.ts'
import { loopbackHosts, refusalOf } from '../api/middleware/guard.ts'
import type { AccessPolicy } from '../api/middleware/guard.ts'
import type { Listeners } from '../lib/listeners.ts'
import type { Logger } from '../lib/logging/logger.ts'
import { openDatabase } from '../storage/database/database.ts'
import { limitUntilKnown, refuseUpgrade } from '../lib/websocket-guard.ts'
import { Accounts } from './accounts/accounts.ts'
import type { AccountTraits } from './accounts/accounts.ts'
import { openBlobs } from './media/blobs.ts'
import { makeNoiseIdentity } from './server/noise-identity.ts'
import { SandboxTimers, sandboxTimersMigrations } from './chats/sandbox-timers.ts'
import { Companions } from './accounts/companions.ts'
import { Contacts } from './chats/sandbox-contacts.ts'
import { Faults } from './control/faults.ts'
import type { Fault } from './control/faults.ts'
import { groupChange, Groups, sandboxGroupsMigrations } from './chats/sandbox-groups.ts'
import type { Group } from './chats/sandbox-groups.ts'
import { Incoming } from './chats/incoming.ts'
import type { IncomingMessage } from './chats/incoming.ts'
import { Inbox } from './delivery/inbox.ts'
import type { InboxMessage } from './delivery/inbox.ts'
import { enterCode } from './accounts/sandbox-link-code.ts'
import { ClientConnection } from './server/client-connection.ts'
import { ClientConnections } from './server/client-connections.ts'
import { openFile, openPublicFile } from './media/media-check.ts'
import { startMediaHosts } from './media/media-host.ts'
import { NewChatCaps } from './accounts/new-chat-cap.ts'
import { OfflineQueue } from './delivery/offline-queue.ts'
import type { QueueAnswer } from './delivery/offline-queue.ts'
import { offlineQueueMigrations, OfflineQueueTable } from './delivery/offline-queue-table.ts'
import { newsletter } from './chats/newsletters.ts'
import {
  notifyAppState,
  notifyDirtyAppState,
  notifyDeviceChange,
  notifyFewPreKeys,
  notifyGroupChange,
  notifyIdentityChange,
  notifyTimeLock,
} from './notices.ts'
import { sandboxNumber } from './accounts/sandbox-numbers.ts'
import { nextDevice } from './accounts/sandbox-pairing.ts'
import { migrate } from './phone/phone-migration.ts'
import { changeSalt, preparePhone } from './phone/phone-changes.ts'
import type { PreparedPhone } from './phone/phone-changes.ts'
import { phoneMigrations, PhoneTable } from './phone/phone-table.ts'
import { PhoneStates } from './phone/phone-state.ts'
import { giveToken } from './phone/phone-tokens.ts'
import { Presences } from './accounts/presence.ts'
import type { Appearance } from './accounts/presence.ts'
import { Receipts } from './delivery/sandbox-receipts.ts'
import type { ReceiptTimes } from './delivery/sandbox-receipts.ts'
import { Refusals } from './delivery/refusals.ts'
import type { Refusal } from './delivery/refusals.ts'
import { Reports } from './control/reports.ts'
import type { Report } from './control/reports.ts'
import { sandboxMigrations, SandboxTable } from './sandbox-table.ts'
import { refreshShown, scan } from './accounts/scan.ts'
import { seed } from './control/seed.ts'
import type { Seeded, Seedling } from './control/seed.ts'
import { disturb, isDisturbance } from './server/login.ts'
import type { Disturbance } from './server/login.ts'
import type { BinaryNode } from './server/nodes.ts'
import { closeWith } from './server/stream-errors.ts'
import { TimeLock } from './accounts/time-lock.ts'
import { makeTlsIdentity } from './server/tls-certificate.ts'
import type { TlsIdentity } from './server/tls-certificate.ts'
import { unlink } from './accounts/unlinking.ts'
import type { SandboxContext } from './sandbox-context.ts'

export type { AccountTraits } from './accounts/accounts.ts'
export type { InboxMessage } from './delivery/inbox.ts'

export interface SandboxOptions {
  /** Its own SQLite file; null for a practice WhatsApp that is forgotten when it stops. */
  file: string | null
  log: Logger
  now?: () => number
  /** 0 or none: any free port. */
  port?: number
  /** Messages kept in the inbox; 10,000 unless said otherwise. */
  inboxLimit?: number
  /** Bytes of uploaded files kept, in a folder beside the file or in memory; 512 MiB unless said otherwise. */
  mediaLimit?: number
  /** How long recipients take, in milliseconds: at once and 50 unless said otherwise. */
  receiptTimes?: ReceiptTimes
  /** Whether recipients send receipts at all; they do unless said otherwise. */
  receipts?: boolean
  /** How accounts are treated that no device has been linked to; all of the traits unless said otherwise. */
  accountTraits?: Partial<AccountTraits>
  /** Whether phones tell devices that are linked of their history and settings; they do unless said otherwise. */
  history?: boolean
  /** How long a client may owe an acknowledgement, in milliseconds; 50 minutes unless said otherwise. */
  owedAckMs?: number
  /** A device query about more users is never answered; 256 unless said otherwise. */
  maxUsyncUsers?: number
  /** What its media host shows, for one that clients are to know again after a restart; else one of its own. */
  tls?: TlsIdentity
  /** What its media hosts are called, for clients that reach them by a proxy; 127.0.0.1 unless said otherwise. */
  mediaHostName?: string
  /** What the clients' address ends with, for those that are to find it again after a restart; else one of its own. */
  secret?: string
}

/** As WhatsApp Web takes it where no end is named. */
const usualLockMs = 60_000
/** oxidezap/whatsapp-rust issue 1101: 50 minutes and 2 seconds. */
const defaultOwedAckMs = 50 * 60_000
const defaultMaxUsyncUsers = 256
const defaultMediaLimitBytes = 512 * 1024 * 1024
const path = '/ws/chat'
const loopback = '127.0.0.1'
/** What WhatsApp Web's own page, and Baileys in its name, sends as Origin (Baileys, Defaults/index.js). */
const clientOrigin = 'https://web.whatsapp.com'
/** Connections at once: more than one program has devices. Those that have not shown the secret path go first. */
const maxConnections = 1_024
/** A client's hello, its certificate and its credentials are some kilobytes. */
const maxLoginBytes = 64 * 1024
const loginWithinMs = 30_000

/** Starts a practice WhatsApp on loopback that real WhatsApp Web clients can pair with and send through. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const context = makeWorld(options)
  const target = `${path}?${options.secret ?? randomBytes(24).toString('base64url')}`
  const hosts = new Set<string>()
  const accessPolicy: AccessPolicy = { hosts, origins: new Set([clientOrigin]) }
  const connections = new Connections(() => maxConnections)
  const http = createServer({ headersTimeout: 10_000, connectionsCheckingInterval: 1_000 })
  boundRequests(http, connections, (request, response) => {
    closeUnread(request.socket)
    response.writeHead(426).end()
  })
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 32 << 20 })
  http.on('upgrade', (request, duplex, head) => {
    const stream = duplex as Socket
    if (hasEnded(stream)) return
    const status = refusedUpgrade(request, accessPolicy, target)
    if (status !== null) return refuseUpgrade(stream, status)
    sockets.handleUpgrade(request, stream, head, (socket) => {
      connections.keep(stream)
      const lift = limitUntilKnown(stream, { maxBytes: maxLoginBytes, withinMs: loginWithinMs })
      context.lines.add(new ClientConnection(socket, context, lift))
    })
  })
  http.listen(options.port ?? 0, loopback)
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  for (const host of loopbackHosts(port)) hosts.add(host)
  const media = await startMediaHosts(context, options.mediaHostName)
  context.media = media
  return new Sandbox(context, `ws://${loopback}:${port}${target}`, async () => {
    for (const line of context.lines.all()) line.cut()
    sockets.close()
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
    await media.stop()
    await context.receipts.stop()
    await context.database.close()
  })
}

/** Why a WebSocket may not be opened, as a status line says it. Web pages may not, nor whoever does not know the address. */
function refusedUpgrade(request: HttpRequest, accessPolicy: AccessPolicy, target: string): string | null {
  if (refusalOf(request.headers, accessPolicy) !== null) return '403 Forbidden'
  return isSame(request.url ?? '', target) ? null : '404 Not Found'
}

function isSame(given: string, ours: string): boolean {
  const [one, other] = [given, ours].map((text) => hash('sha256', text, 'buffer'))
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}

function makeWorld(options: SandboxOptions): SandboxContext {
  const { file, log } = options
  const now = options.now ?? Date.now
  const database = openDatabase({
    file: file ?? ':memory:',
    migrations: [
      ...sandboxMigrations,
      ...phoneMigrations,
      ...offlineQueueMigrations,
      ...sandboxTimersMigrations,
      ...sandboxGroupsMigrations,
    ],
    log,
  })
  const table = new SandboxTable(database)
  const phoneTable = new PhoneTable(database)
  const times = options.receiptTimes ?? { delivered: 0, read: 50 }
  const context: SandboxContext = {
    now,
    noise: makeNoiseIdentity(now()),
    tls: options.tls ?? makeTlsIdentity(now()),
    blobs: openBlobs(file === null ? null : `${file}.media`, options.mediaLimit ?? defaultMediaLimitBytes),
    media: null,
    database,
    table,
    phoneTable,
    phones: new PhoneStates(database, phoneTable),
    appStateAsked: [],
    sharesHistory: options.history !== false,
    accounts: new Accounts(database, table, options.accountTraits ?? {}),
    companions: new Companions(database, table),
    contacts: new Contacts(database, table),
    inbox: new Inbox(database, options.inboxLimit ?? 10_000),
    lines: new ClientConnections(),
    faults: new Faults(),
    presences: new Presences(),
    reports: new Reports(log, now),
    refusals: new Refusals(),
    timeLock: new TimeLock(now),
    newChatCaps: new NewChatCaps(now),
    receipts: new Receipts(() => context, options.receipts === false ? null : times),
    offline: new OfflineQueue(
      () => context,
      new OfflineQueueTable(database),
      options.owedAckMs ?? defaultOwedAckMs,
    ),
    incoming: new Incoming(() => context),
    timers: new SandboxTimers(database),
    groups: new Groups(database),
    maxUsyncUsers: options.maxUsyncUsers ?? defaultMaxUsyncUsers,
  }
  return context
}

/** A running practice WhatsApp, and what can be done with it. */
export class Sandbox {
  /** Where clients connect: `ws://127.0.0.1:PORT/ws/chat?SECRET`. Whoever knows it may. */
  readonly url: string
  /** The root, as PEM, that clients have to trust for uploads and downloads. */
  readonly certificate: string
  /** The public key of the root of its Noise certificates, for a client that verifies them. */
  readonly noiseRoot: Buffer
  /** The ports that it listens on: the clients' and the media hosts'. */
  readonly ports: number[]
  /** Hears of every message that a recipient receives. */
  readonly onReceived: Listeners<InboxMessage>
  /** The channel that every account may write to. */
  readonly newsletter = newsletter
  readonly #issued = new Set<string>()
  readonly #context: SandboxContext
  readonly #stop: () => Promise<void>

  constructor(context: SandboxContext, url: string, stop: () => Promise<void>) {
    this.url = url
    this.certificate = context.tls.root
    this.noiseRoot = context.noise.root
    this.ports = [Number(new URL(url).port), ...(context.media?.ports ?? [])]
    this.onReceived = context.inbox.onReceived
    this.#context = context
    this.#stop = stop
  }

  /** The groups that every account is in. */
  get groups(): Group[] {
    return this.#context.groups.all()
  }

  /** A practice phone scans a QR; resolves once the client is linked. Throws ScanRefused. */
  async scan(qr: string, number: string): Promise<void> {
    await scan(this.#context, qr, number)
  }

  /** A code of eight characters is typed into the phone of that number. Throws ScanRefused. */
  async enterCode(code: string, number: string): Promise<void> {
    await enterCode(this.#context, code, number)
  }

  /** Registers companions without pairing; answers what to merge into the credentials of each. */
  seed(seedlings: readonly Seedling[]): Promise<Seeded[]> {
    return seed(this.#context, seedlings)
  }

  /** Whether a client waits for a code to be typed into the phone of that number. */
  waitingForCode(number: string): boolean {
    return this.#context.lines.all().some((line) => line.codeOffer?.number === number)
  }

  /** A number of nobody's yet, for one more device. */
  freeNumber(): string {
    for (let last = 1; ; last++) {
      const number = String(BigInt(sandboxNumber) + 900n + BigInt(last))
      if (this.#issued.has(number) || this.#context.companions.of(number).length > 0) continue
      this.#issued.add(number)
      return number
    }
  }

  /** How WhatsApp treats that account from now on; its linked devices are not told. */
  async setAccount(number: string, traits: Partial<AccountTraits>): Promise<void> {
    await this.#context.accounts.set(number, traits)
  }

  /** An account's phone migrates its chats to LIDs and tells its linked devices. */
  async migrate(number: string): Promise<void> {
    await migrate(this.#context, number)
  }

  /** The operator removes the linked devices of that number on the phone. */
  async logOut(number: string): Promise<void> {
    for (const companion of this.#context.companions.of(number)) {
      const line = this.#context.lines.of(companion)
      await unlink(this.#context, companion)
      if (line !== undefined) closeWith(this.#context, line, 401)
    }
  }

  /** Links another device to a recipient; answers its number. Clients are told, unless it is done `quietly`. */
  async addDevice(number: string, { quietly = false } = {}): Promise<number> {
    const device = nextDevice(this.#context, number)
    await this.#context.contacts.endpoint(number, 0)
    await this.#context.contacts.addDevice(number, device)
    if (!quietly) notifyDeviceChange(this.#context, 'add', number, device)
    return device
  }

  async removeDevice(number: string, device: number): Promise<void> {
    await this.#context.contacts.removeDevice(number, device)
    notifyDeviceChange(this.#context, 'remove', number, device)
  }

  /** A recipient's phone is set up anew: another identity. Clients are told, unless it is done `quietly`. */
  async changeIdentity(number: string, { quietly = false } = {}): Promise<void> {
    await this.#context.contacts.reinstall(number)
    if (!quietly) notifyIdentityChange(this.#context, number)
  }

  /** A recipient has no one-time pre-keys any more, or has again. */
  exhaustPreKeys(number: string, exhausted = true): void {
    this.#context.contacts.exhaustPreKeys(number, exhausted)
  }

  /** The companions' own one-time pre-keys are used up, and they are told to upload more. */
  async useUpPreKeys(number: string): Promise<void> {
    for (const companion of this.#context.companions.of(number)) {
      await this.#context.companions.dropPreKeys(companion)
      notifyFewPreKeys(this.#context, companion)
    }
  }

  /**
   * A contact is saved, or the like, on the phone of an account: its companions are told. `collection` is WhatsApp's
   * name of what changed; `critical_block` has the account's own name.
   */
  changeAppState(number: string, ...collections: string[]): void {
    for (const companion of this.#context.companions.of(number)) {
      notifyAppState(this.#context, companion, collections)
    }
  }

  /** Which collections of that account's app state were asked for so far, in that order. */
  appStateAsked(number: string): string[] {
    return this.#context.appStateAsked.filter((asked) => asked.number === number).map(({ name }) => name)
  }

  /** What the phone of an account will tell devices that are linked to it from now on. */
  preparePhone(number: string, prepared: PreparedPhone): Promise<void> {
    return preparePhone(this.#context, number, prepared)
  }

  /**
   * The account gets another salt for its tokens to strangers, or loses it (null). Its devices are told by app state.
   */
  changeSalt(number: string, salt: Buffer | null): Promise<void> {
    return changeSalt(this.#context, number, salt)
  }

  /** The server says that devices' app state may be old: they are to ask for it. */
  markAppStateDirty(number: string): void {
    for (const companion of this.#context.companions.of(number)) notifyDirtyAppState(this.#context, companion)
  }

  /** A contact gives an account its token; `givenAt` in seconds, now unless said otherwise. */
  giveToken(contact: string, number: string, givenAt?: number): Promise<void> {
    return giveToken(this.#context, contact, number, givenAt)
  }

  /** The tokens that an account has given its contacts, in that order; times in seconds. */
  issuedTokens(number: string): { contact: string; issuedAt: number }[] {
    return this.#context.phoneTable.issued(number)
  }

  /** How many messages of its own phone linked devices have not confirmed: parts of the history, and the like. */
  unconfirmed(number: string): number {
    return this.#context.companions
      .of(number)
      .reduce((sum, companion) => sum + this.#context.phoneTable.peerMessages(companion).length, 0)
  }

  /** How many one-time pre-keys each companion of an account has here. */
  preKeyCounts(number: string): number[] {
    return this.#context.companions.of(number).map((companion) => companion.preKeyCount)
  }

  /** A contact that is known by its LID only: looking its number up answers with that. */
  showByLidOnly(number: string): void {
    this.#context.contacts.showByLidOnly(number)
  }

  /** WhatsApp's bar on new contacts: `until` in milliseconds since the epoch. Clients are told, unless `quietly`. */
  setTimeLock(active: boolean, until: number | null = null, { quietly = false } = {}): void {
    this.#context.timeLock.set(active, until)
    if (!quietly) notifyTimeLock(this.#context)
  }

  /** A practice phone writes to an account, whose linked devices get it when they are there; answers its id. */
  write(
    from: string,
    to: string,
    content: IncomingMessage['content'],
    how: Omit<IncomingMessage, 'from' | 'to' | 'content'> = {},
  ): Promise<string> {
    return this.#context.incoming.write({ from, to, content, ...how })
  }

  /** A contact posts a status, which the account's linked devices get; answers its id. */
  postStatus(from: string, to: string, tag: 'status' | 'message' = 'status'): Promise<string> {
    return this.#context.incoming.postStatus(from, to, tag)
  }

  /** A message that linked devices are told of and not given: `<unavailable type/>`; answers its id. */
  sendPlaceholder(from: string, to: string, type: string): Promise<string> {
    return this.#context.incoming.placeholder(from, to, type)
  }

  /** A stanza of any tag from the phone of `from` to an account's linked devices; answers its id. */
  queueStanza(from: string, to: string, tag: string): Promise<string> {
    return this.#context.incoming.stanza(from, to, tag)
  }

  /** How an account's linked devices answered what came for them, the latest thousand. */
  answers(number: string): QueueAnswer[] {
    return this.#context.offline.answers(number)
  }

  /** How many stanzas an account's linked devices have not acknowledged. */
  unacknowledged(number: string): number {
    return this.#context.companions
      .of(number)
      .reduce((sum, companion) => sum + this.#context.offline.waiting(companion), 0)
  }

  /** Makes a group, which every account is a member of besides those named; its JID is chosen where none is given. */
  async addGroup(group: Omit<Group, 'jid'> & { jid?: string }): Promise<Group> {
    const made = { jid: `1203630000000${String(this.groups.length + 1).padStart(5, '0')}@g.us`, ...group }
    await this.#context.groups.save(made)
    return made
  }

  /** Changes a group. Its members' linked devices are told, unless it is done `quietly`: 421 then tells a stale client. */
  async setGroup(jid: string, change: Partial<Omit<Group, 'jid'>>, { quietly = false } = {}): Promise<void> {
    const known = this.#context.groups.of(jid)
    if (known === undefined) throw new Error(`There is no group ${jid}.`)
    const changed = { ...known, ...change }
    await this.#context.groups.save(changed)
    if (!quietly) notifyGroupChange(this.#context, jid, groupChange(changed))
  }

  /**
   * Messages between two numbers disappear after so many seconds, or with 0 not any more. The account's linked devices
   * are told by the contact's phone, as WhatsApp's server does not know it, unless it is done `quietly`.
   */
  async setTimer(
    account: string,
    contact: string,
    expiration: number,
    { quietly = false } = {},
  ): Promise<void> {
    const setAtSeconds = Math.floor(this.#context.now() / 1_000)
    await this.#context.timers.set(account, contact, { seconds: expiration, setAtSeconds })
    if (quietly) return
    const protocolMessage = {
      type: proto.Message.ProtocolMessage.Type.EPHEMERAL_SETTING,
      ephemeralExpiration: expiration,
      ephemeralSettingTimestamp: setAtSeconds,
    }
    await this.write(contact, account, { protocolMessage })
  }

  /** How many messages an account has not heard all receipts of. */
  unreported(number: string): number {
    return this.#context.companions
      .of(number)
      .reduce((sum, { device }) => sum + this.#context.inbox.unreported(number, device, 10_000).length, 0)
  }

  /** What was received, the latest `limit` (1,000); by one number where it is named. */
  inbox(number: string | null = null, limit = 1000): InboxMessage[] {
    return this.#context.inbox.list(number, limit)
  }

  /** The decrypted file of a message; null where it has none or its file is no longer kept. */
  async blob(messageId: string): Promise<Buffer | null> {
    const media = this.#context.inbox.media(messageId)
    if (media === undefined) return null
    const parts: Buffer[] = []
    const open = media.mediaKey === '' ? openPublicFile : openFile
    await open(this.#context.blobs, media, (part) => parts.push(part))
    return Buffer.concat(parts)
  }

  /** Which messages were answered with an error, the latest ten thousand. */
  refusals(): Refusal[] {
    return this.#context.refusals.all()
  }

  /** What clients did wrong, the latest thousand. */
  reports(): Report[] {
    return this.#context.reports.all()
  }

  fault(fault: Fault): void {
    if (fault.kind === 'new-chat-cap') return this.#cap(fault)
    if (fault.kind === 'time-lock') return this.#lock(fault.ms ?? usualLockMs)
    if (isDisturbance(fault)) this.#disturb(fault)
    else if (fault.kind === 'refresh') this.#refresh(fault)
    else this.#context.faults.add(fault)
  }

  /** Retires the secrets of the QRs that are shown; where none is, that of the next one that is scanned. */
  #refresh(fault: Extract<Fault, { kind: 'refresh' }>): void {
    const waiting = this.#context.lines.all().filter((line) => line.pairing?.pending === null)
    for (const line of waiting) refreshShown(this.#context, line, fault.qr)
    if (waiting.length === 0) this.#context.faults.add(fault)
  }

  /** Does it to the connections that are open; what is left waits for those that log in. */
  #disturb(fault: Disturbance): void {
    const count = fault.count ?? 1
    const open = this.#context.lines
      .all()
      .filter((line) => line.number !== null && (fault.number === undefined || line.number === fault.number))
      .slice(0, count)
    for (const line of open) disturb(this.#context, line, fault)
    if (open.length < count) this.#context.faults.add({ ...fault, count: count - open.length })
  }

  /** The faults whose moment has not come. */
  faults(): Fault[] {
    return this.#context.faults.all()
  }

  #cap({ total, ms, number }: Extract<Fault, { kind: 'new-chat-cap' }>): void {
    const { companions, newChatCaps } = this.#context
    const numbers =
      number === undefined ? [...new Set(companions.all().map((companion) => companion.number))] : [number]
    for (const one of numbers) newChatCaps.set(one, total, ms)
  }

  /** Clients are told that it begins; that it has ended they are not. */
  #lock(ms: number): void {
    const { timeLock, now } = this.#context
    timeLock.set(true, now() + ms, { enforcement: 'WEB_COMPANION_ONLY', endsByItself: true })
    notifyTimeLock(this.#context)
  }

  /** Whether contacts see an account online because of its companions, and its phone is silent. */
  appearance(number: string): Appearance {
    return this.#context.presences.of(this.#context, number)
  }

  /** Sends a stanza to an account's companions that are connected, whatever its shape. */
  sendStanza(number: string, stanza: BinaryNode): void {
    for (const line of this.#linesOf(number)) line.send(stanza)
  }

  /** Sends bytes in place of an encoded stanza to an account's companions, encrypted as one. */
  sendPlain(number: string, plain: Uint8Array): void {
    for (const line of this.#linesOf(number)) line.sendPlain(plain)
  }

  /** Whether a companion of an account is logged in and ready. */
  isConnected(number: string): boolean {
    return this.#context.companions
      .of(number)
      .some((companion) => this.#context.lines.of(companion) !== undefined)
  }

  /** Writes bytes to the connections of an account as they are. */
  sendRaw(number: string, bytes: Uint8Array): void {
    for (const line of this.#linesOf(number)) line.sendRaw(bytes)
  }

  #linesOf(number: string): ClientConnection[] {
    return this.#context.lines.all().filter((line) => line.number === number)
  }

  clearFaults(): void {
    this.#context.faults.clear()
  }

  /** Closes every connection and the file. */
  stop(): Promise<void> {
    return this.#stop()
  }
}
