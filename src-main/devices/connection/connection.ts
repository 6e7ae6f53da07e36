import type { IncomingMessage } from 'node:http'
import type {
  AuthenticationCreds,
  BinaryNode,
  ConnectionState,
  GroupMetadata,
  WAMessage,
  WASocket,
  WAVersion,
  proto,
} from '@whiskeysockets/baileys'
import type { WebSocket } from 'ws'
import type { Logger } from '../../lib/logging/logger.ts'
import { Addressing } from '../addressing/addressing.ts'
import { Acknowledgements } from './sending/acknowledgements.ts'
import { baileys } from '../baileys/baileys.ts'
import { baileysLog } from '../baileys/process/baileys-log.ts'
import { connectionKeys } from '../session-keys/connection-keys.ts'
import type { ConnectionKeys } from '../session-keys/connection-keys.ts'
import type { EndReason, NewChatQuota } from '../device.ts'
import { endOf } from '../lifecycle/disconnect-reasons.ts'
import type { End } from '../lifecycle/disconnect-reasons.ts'
import { serverEndOf } from './device-receipts.ts'
import type { Endpoint } from './endpoint.ts'
import { holdFramesUntilWritten } from '../baileys/inbound/durable-writes.ts'
import type { DurableWrites } from '../baileys/inbound/durable-writes.ts'
import { noteDecryption } from '../baileys/inbound/decryption.ts'
import { noteEncryption } from '../baileys/outbound/send-context.ts'
import { oncePerDevice } from '../baileys/outbound/once-per-device.ts'
import { emitOwnMessages } from '../baileys/outbound/own-messages.ts'
import { guardInbound } from '../baileys/inbound/inbound-guard.ts'
import { asConnection } from '../baileys/process/library-errors.ts'
import { GroupMemory } from './groups/group-memory.ts'
import { Inbound } from '../baileys/inbound/inbound.ts'
import { initialHeartbeat, received } from '../lifecycle/heartbeat.ts'
import type { HeartbeatState } from '../lifecycle/heartbeat.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'
import { stanzaOfText } from '../baileys/outbound/sent-stanzas.ts'
import type { StanzaSink } from '../trace/stanza-trace.ts'
import { MediaConnection } from './media/media-connection.ts'
import { pushedQuotaOf } from './new-chat-quota.ts'
import { partOf } from '../session-keys/shared-caches.ts'
import type { SharedCaches } from '../session-keys/shared-caches.ts'
import type { ChatTimer, ChatTimers } from '../timers/chat-timers.ts'
import { setExpiration, timerIn } from '../timers/message-timer.ts'
import { PhoneData } from '../tokens/phone-data.ts'
import { answerRetries } from '../baileys/inbound/retry-answers.ts'
import { ignoreRefusals, ignoreStanzas, disableRetryCache } from '../baileys/inbound/ignored-stanzas.ts'
import { stayUnavailable } from '../baileys/quiet-presence.ts'
import { isOfConnection } from '../baileys/process/baileys-rejections.ts'
import { withVisibleMedia } from '../baileys/outbound/view-once.ts'
import { FailedStanzas } from './failed-stanzas.ts'

/** What one connection tells its device. Nothing is told after `ended`. */
export interface ConnectionEvents {
  opened(): void
  ended(end: End): void
  /** A stanza that a pairing or the receipts may care for. */
  stanza(node: BinaryNode): void
  receipt(node: BinaryNode): void
  /** The account's salt is known: tokens for strangers can be made. */
  saltKnown(): void
  /** WhatsApp's bar on new contacts; `until` in milliseconds. */
  timeLock(lock: { until: number | null } | null): void
  /** WhatsApp has said by itself how many new chats it allows. */
  newChatQuota(quota: NewChatQuota | null): void
  qr(text: string): void
  /** Baileys has changed the credentials in place. */
  credentials(credentials: AuthenticationCreds): void
}

export interface ConnectionOptions {
  deviceId: string
  endpoint: Endpoint
  version: WAVersion
  keys: SessionKeys
  caches: SharedCaches
  timers: ChatTimers
  /** Whether the device was linked so lately that its history may still come. */
  historyExpected: () => boolean
  getMessage: (key: { id: string; remoteJid: string }) => Uint8Array | undefined
  log: Logger
  now: () => number
  /** Is told of every stanza; null where nobody traces. */
  trace: StanzaSink | null
  events: ConnectionEvents
}

/** Queries that are not answered in so long are given up; a send has its own deadline besides. */
const queryTimeoutMs = 10_000
/** For the line to be there, and as long again for the first that is heard on it. */
const connectTimeout = 15_000
/** From dialling until WhatsApp has let the device in, or shown something to pair with. */
const loginTimeoutMs = 60_000
/** How often a bar on new contacts that names no end is asked about. */
const openLockIntervalMs = 10 * 60_000
/** A server that does not answer a close is not waited for. */
const closeTimeoutMs = 300

/** One socket's life, from dialling to its end. It is used once; a reconnect makes another. */
export class Connection {
  readonly socket: WASocket
  readonly acknowledgements = new Acknowledgements()
  /** Where files are uploaded to. */
  readonly media = new MediaConnection({ query: (node) => this.socket.query(node) })
  readonly addressing: Addressing
  /** What the phone shares with the device, and the tokens that come of it. */
  readonly phoneData: PhoneData
  readonly heartbeat: HeartbeatState
  readonly groups: GroupMemory
  /** Kept when the line itself is closed too, which may be a little later. */
  readonly closed: Promise<void>
  readonly #options: ConnectionOptions
  readonly #keys: ConnectionKeys
  readonly #line: WebSocket
  readonly #gate: DurableWrites
  /** Answers what comes, where Baileys does not as WhatsApp expects it. */
  readonly #inbound: Inbound
  readonly #failed: FailedStanzas
  /** What the server said last, where it ends the connection with it: `<stream:error>` or `<failure>`. */
  #lastWord: BinaryNode | null = null
  /** Those who are to hear of its end. */
  readonly #waiting = new Set<() => void>()
  readonly #login: NodeJS.Timeout
  readonly #dialling: NodeJS.Timeout
  #openLock: NodeJS.Timeout | undefined
  #timeLocksTold = 0
  #open = false
  #isEnding = false
  #isOver = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#keys = connectionKeys(options.keys)
    this.groups = new GroupMemory(options.deviceId, options.caches, this.#keys, options.keys.credentials)
    this.#inbound = new Inbound(options.keys.credentials, options.log)
    this.heartbeat = initialHeartbeat(options.now())
    this.socket = asConnection(
      () => void this.close('library_failed'),
      () => this.#dial(),
    )
    // Baileys' own transactions write after the message is out: ours take their place (connection-keys.ts).
    this.socket.authState.keys = this.#keys
    disableRetryCache(this.socket)
    stayUnavailable(this.socket, () => this.open)
    ignoreStanzas(this.socket)
    // Before others listen for acknowledgements: it takes all listeners away.
    ignoreRefusals(this.socket)
    answerRetries({
      socket: this.socket,
      isOwn: (jid) => this.addressing.isOwn(jid),
      messageOf: (id, jid) => this.#messageOf(id, jid),
      counts: partOf(options.caches.counters, `${options.deviceId} retries`),
      failed: () => options.log.warn('could not resend a message'),
    })
    this.#inbound.listen(this.socket)
    this.addressing = new Addressing({
      socket: this.socket,
      keys: options.keys,
      deviceCache: partOf(options.caches.recipientDevices, options.deviceId),
      log: options.log,
    })
    this.phoneData = this.#newPhoneData()
    this.#line = lineOf(this.socket)
    this.closed = new Promise((resolve) => {
      this.#line.once('close', () => resolve())
    })
    this.#failed = new FailedStanzas(options.deviceId, options.caches.counters, options.log)
    guardInbound(this.socket, this.#line, {
      frame: (error) => this.#frameFailed(error),
      stanza: (error, stanza) => this.#stanzaFailed(error, stanza),
    })
    this.#gate = holdFramesUntilWritten(this.#line, options.keys, () => void this.close('keys_not_saved'))
    this.socket.ws.close = () => this.#hangUp()
    this.#dialling = setTimeout(() => void this.#tooSlow(), connectTimeout)
    this.#listen()
    this.#login = setTimeout(() => void this.close('silence'), loginTimeoutMs)
  }

  get credentials(): AuthenticationCreds {
    return this.#options.keys.credentials
  }

  get open(): boolean {
    return this.#open && !this.#isEnding && !this.#isOver
  }

  /**
   * What the work makes, unless the connection has ended or ends before: then what `instead` makes, or throws.
   * Nothing of it is kept once it is settled: a connection lasts for weeks, and a promise of its end would keep
   * everybody who ever waited for that.
   */
  async raceWithClose<Made, Instead>(work: Promise<Made>, instead: () => Instead): Promise<Made | Instead> {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (this.#isOver) resolve()
    else this.#waiting.add(resolve)
    try {
      return await Promise.race([work, promise.then(instead)])
    } finally {
      this.#waiting.delete(resolve)
    }
  }

  /** Ends it for a reason of our own, which `ended` tells at once. Kept when the line is closed. */
  async close(reason: EndReason): Promise<void> {
    if (reason === 'silence') this.#line.terminate()
    this.#finish({ reason, code: null })
    await this.socket.end(undefined)
    await this.closed
  }

  /** No frame leaves before that is kept. */
  holdFrames(until: () => Promise<void>): void {
    this.#gate.hold(until)
  }

  /** Sends what the server answers at once, without waiting for that. */
  ask(): void {
    const { socket } = this
    const ping = {
      tag: 'iq',
      attrs: { id: socket.generateMessageTag(), to: 's.whatsapp.net', type: 'get', xmlns: 'w:p' },
      content: [{ tag: 'ping', attrs: {} }],
    }
    socket.sendNode(ping).catch(() => {
      // The line is gone, which its own end tells.
    })
  }

  /** The answer comes as an event; none means, after a refusal, that only that contact is barred. */
  askForTimeLock(): void {
    const told = this.#timeLocksTold
    this.socket.fetchAccountReachoutTimelock().then(
      () => {
        // A notification that came meanwhile may be newer than the answer, whichever was told first.
        if (this.#timeLocksTold > told + 1) this.askForTimeLock()
      },
      () => this.#options.log.info('could not read the restriction on new contacts'),
    )
  }

  #dial(): WASocket {
    const { makeWASocket, DEFAULT_CONNECTION_CONFIG } = baileys()
    const { endpoint, deviceId, caches, version, keys, trace } = this.#options
    return makeWASocket({
      ...(endpoint.url === null ? {} : { waWebSocketUrl: endpoint.url }),
      ...(isPlain(endpoint) ? {} : { agent: endpoint.agent }),
      fetchAgent: endpoint.agent,
      version,
      browser: browserName(),
      auth: { creds: keys.credentials, keys: this.#keys },
      logger: baileysLog(this.#options.log, trace === null ? undefined : (text) => this.#sent(text, trace)),
      // Kurir watches the dialling by itself. Baileys would watch every frame besides, with a timer, two stacks and an
      // exception each: a twentieth of what a message costs. A frame that the line does not take ends with the line.
      connectTimeoutMs: 0,
      defaultQueryTimeoutMs: queryTimeoutMs,
      // Kurir asks by itself (heartbeat.ts), so that this one only ever finds a line alive.
      keepAliveIntervalMs: 120_000,
      emitOwnEvents: false,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      shouldSyncHistoryMessage: () => false,
      transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
      patchMessageBeforeSending: oncePerDevice,
      userDevicesCache: this.groups.recipientDevices,
      msgRetryCounterCache: partOf(caches.counters, `${deviceId} retries`),
      callOfferCache: partOf(caches.counters, `${deviceId} calls`),
      placeholderResendCache: partOf(caches.counters, `${deviceId} placeholders`),
      cachedGroupMetadata: (jid) => this.groupMetadata(jid),
      getMessage: async ({ id, remoteJid }) => (id && remoteJid ? this.#messageOf(id, remoteJid) : undefined),
      makeSignalRepository: ({ creds }, logger, numberToLid) => {
        const auth = { creds, keys: this.#keys }
        const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, numberToLid)
        const own = emitOwnMessages(
          noteEncryption(repository),
          (jid) => this.phoneData.isOwn(jid),
          (message) => this.phoneData.told(message),
        )
        return noteDecryption(own, this.#keys, this.#inbound)
      },
    })
  }

  #newPhoneData(): PhoneData {
    const { endpoint, events, keys, timers, log, now, historyExpected } = this.#options
    const hostnames = async (): Promise<readonly string[]> => (await this.media.hosts()).hostnames
    return new PhoneData({
      socket: this.socket,
      keys,
      timers,
      place: { agent: endpoint.agent, hostnames },
      log,
      now,
      historyExpected,
      saltKnown: () => events.saltKnown(),
      migrated: () => this.addressing.account.learn('lid_told'),
    })
  }

  /** A message that was sent, for a recipient who asks for it again: with the timer that its chat has now. */
  async #messageOf(id: string, remoteJid: string): Promise<proto.IMessage | undefined> {
    const kept = this.#options.getMessage({ id, remoteJid })
    if (kept === undefined) return undefined
    const message = baileys().proto.Message.decode(kept)
    setExpiration(message, await this.timerOf(remoteJid).catch(() => null))
    return withVisibleMedia(message)
  }

  /** A group's members, from the cache where they are there; Baileys asks every time. */
  async groupMetadata(jid: string): Promise<GroupMetadata> {
    const known = this.groups.metadata(jid)
    if (known !== undefined) return known
    const metadata = await this.socket.groupMetadata(jid)
    this.groups.keepMetadata(jid, metadata)
    return metadata
  }

  /** What is known of disappearing messages; history is to be taught to it, too. */
  get timers(): ChatTimers {
    return this.#options.timers
  }

  /** The timer of a chat's messages; null where they stay. That of a group is part of its metadata. */
  async timerOf(jid: string): Promise<ChatTimer | null> {
    const learned = this.timers.of(jid)
    if (!jid.endsWith('@g.us')) return learned
    const { ephemeralDuration = 0 } = await this.groupMetadata(jid)
    if (ephemeralDuration === 0) return null
    const isSame = learned?.expirationSeconds === ephemeralDuration
    return isSame ? learned : { expirationSeconds: ephemeralDuration, setAtSeconds: 0 }
  }

  /**
   * The list of a recipient's devices may be old, and that of the own ones, which got a copy: they are asked for again,
   * though not more than once an hour.
   */
  invalidateDeviceList(jid: string, ownToo: boolean): void {
    const { caches, deviceId } = this.#options
    const { lids, deviceLists, own } = this.addressing
    const { pn, lid } = lids.known(jid)
    const invalidated = `${deviceId} doubted\n${pn ?? lid ?? jid}`
    if (caches.counters.has(invalidated)) return
    caches.counters.set(invalidated, true)
    deviceLists.forget(pn, lid)
    if (ownToo) deviceLists.forget(own.pn, own.lid)
    this.groups.forget(jid)
  }

  /** What a message to that recipient names is old: members, their names and devices, and the own ones. */
  forgetRecipient(jid: string): void {
    const { lids, deviceLists, own } = this.addressing
    const { pn, lid } = lids.known(jid)
    deviceLists.forget(pn, lid, own.pn, own.lid)
    this.groups.forget(jid)
  }

  #listen(): void {
    const { ws, ev } = this.socket
    const { events } = this.#options
    ws.once('open', () => this.#dialling.refresh())
    ws.once('frame', () => clearTimeout(this.#dialling))
    // The WebSocket ends by itself only where nobody listens for this; Baileys does, and does nothing.
    ws.once('unexpected-response', (_request: unknown, { statusCode }: IncomingMessage) => {
      ws.emit('error', new Error(`Unexpected server response: ${String(statusCode)}`))
    })
    ws.on('frame', (frame: BinaryNode | Uint8Array) => this.#received(frame))
    ws.on('CB:ack,class:message', (node: BinaryNode) => this.acknowledgements.take(node))
    ws.on('CB:receipt', (node: BinaryNode) => events.receipt(node))
    ws.on('CB:notification,type:mex', (node: BinaryNode) => {
      const quota = pushedQuotaOf(node)
      if (quota !== undefined) events.newChatQuota(quota)
    })
    ws.on('CB:notification,type:w:gp2', (node: BinaryNode) => {
      const { from } = node.attrs
      if (from !== undefined) this.groups.forgetMetadata(from)
    })
    ev.on('creds.update', () => {
      if (!this.#isOver) events.credentials(this.#options.keys.credentials)
    })
    ev.on('messages.upsert', ({ messages }) => {
      for (const message of messages) this.#learnTimer(message)
    })
    ev.on('connection.update', (update) => this.#update(update))
  }

  #received(frame: BinaryNode | Uint8Array): void {
    received(this.heartbeat, this.#options.now())
    if (frame instanceof Uint8Array) return
    this.#options.trace?.note(this.#options.deviceId, 'in', frame)
    if (frame.tag === 'stream:error' || frame.tag === 'failure') this.#lastWord = frame
    this.#options.events.stanza(frame)
  }

  #sent(text: string, trace: StanzaSink): void {
    const stanza = stanzaOfText(text)
    if (stanza !== null) trace.note(this.#options.deviceId, 'out', stanza)
  }

  #frameFailed(error: unknown): void {
    // What the end of the connection leaves half read says nothing.
    if (this.#isOver || this.#isEnding) return
    this.#failed.noteFrame(error)
    void this.close('bad_frame')
  }

  #stanzaFailed(error: unknown, stanza: BinaryNode): void {
    if (this.#isOver || this.#isEnding) return
    if (isOfConnection(error)) {
      this.#options.log.debug('a Baileys operation was cancelled because its connection closed')
      return
    }
    if (this.#failed.note(error, stanza) === 'first') void this.close('bad_stanza')
    else this.#leaveOut(stanza)
  }

  /** It would come again at each login, and hold up what is behind it, until it is acknowledged. */
  #leaveOut(stanza: BinaryNode): void {
    if (!this.#open || !wantAcknowledgement.has(stanza.tag)) return
    this.socket.sendMessageAck(stanza).catch(() => {
      // The line is gone, which its own end tells.
    })
  }

  #learnTimer(message: WAMessage): void {
    const found = timerIn(message)
    if (found !== null) this.timers.learn(...found)
  }

  #update({ connection, lastDisconnect, qr, reachoutTimeLock }: Partial<ConnectionState>): void {
    if (this.#isOver) return
    const { events } = this.#options
    if (qr !== undefined || connection === 'open') clearTimeout(this.#login)
    if (qr !== undefined) events.qr(qr)
    if (reachoutTimeLock !== undefined) this.#timeLockTold(reachoutTimeLock)
    if (connection === 'open' && !this.#open) {
      this.#open = true
      this.addressing.loggedIn()
      this.phoneData.opened()
      events.opened()
    }
    if (connection === 'close') this.#finish(endOf(lastDisconnect?.error, this.#lastWord))
  }

  /**
   * One without an end is asked about again: new contacts are refused before they reach WhatsApp, so that nothing else
   * would ever ask, and who misses the notification of its end would keep it for good.
   */
  #timeLockTold({ isActive, timeEnforcementEnds }: NonNullable<ConnectionState['reachoutTimeLock']>): void {
    this.#timeLocksTold++
    const until = serverEndOf(timeEnforcementEnds?.getTime(), Date.now())
    clearInterval(this.#openLock)
    if (isActive === true && until === null) {
      this.#openLock = setInterval(() => this.askForTimeLock(), openLockIntervalMs)
    }
    this.#options.events.timeLock(isActive === true ? { until } : null)
  }

  /** As Baileys would tell it. */
  async #tooSlow(): Promise<void> {
    const reason = this.#line.readyState === this.#line.CONNECTING ? 'unreachable' : 'silence'
    this.#line.terminate()
    this.#finish({ reason, code: 408 })
    await this.socket.end(undefined)
  }

  #finish(end: End): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#dialling)
    clearTimeout(this.#login)
    clearInterval(this.#openLock)
    this.#keys.close()
    this.phoneData.end()
    this.#inbound.end()
    for (const settle of this.#waiting) settle()
    this.#waiting.clear()
    this.#options.events.ended(end)
  }

  /**
   * Takes the place of the WebSocket client's close, which waits half a minute for a server that is not there
   * any more, and only then lets Baileys say that the connection has ended.
   */
  async #hangUp(): Promise<void> {
    this.#isEnding = true
    const line = this.#line
    if (line.readyState === line.CLOSED) return
    line.close()
    const timer = setTimeout(() => line.terminate(), closeTimeoutMs)
    await this.closed
    clearTimeout(timer)
  }
}

/** Stanzas that the server keeps until they are acknowledged. */
const wantAcknowledgement: ReadonlySet<string> = new Set([
  'message',
  'receipt',
  'notification',
  'call',
  'status',
])

/** The WebSocket itself, which Baileys has made by the time makeWASocket returns. */
function lineOf(socket: WASocket): WebSocket {
  const { socket: line } = socket.ws as unknown as { socket: WebSocket | null }
  if (line === null) throw new Error('Baileys has not opened a WebSocket')
  return line
}

/** A loopback line without TLS takes no agent for it. */
function isPlain({ url }: Endpoint): boolean {
  return url !== null && url.startsWith('ws:')
}

/** One of the common ones: WhatsApp refuses to link odd names. The phone shows it among its linked devices. */
function browserName(): [string, string, string] {
  const { Browsers } = baileys()
  if (process.platform === 'win32') return Browsers.windows('Chrome')
  return process.platform === 'darwin' ? Browsers.macOS('Chrome') : Browsers.ubuntu('Chrome')
}
