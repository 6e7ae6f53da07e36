import { AsyncLocalStorage } from 'node:async_hooks'
import { isDeepStrictEqual } from 'node:util'
import type { BinaryNode, WAVersion } from '@whiskeysockets/baileys'
import { Failure } from '../../lib/failure.ts'
import { loadBaileys } from '../baileys/baileys.ts'
import { Connection } from '../connection/connection.ts'
import type { ConnectionEvents } from '../connection/connection.ts'
import type { Device, EndReason } from '../device.ts'
import { DeviceKeys } from '../session-keys/device-keys.ts'
import { bornStopped, DeviceRecord } from './device-record.ts'
import type { DeviceRow } from '../store/devices-table.ts'
import { endOfPairing } from './disconnect-reasons.ts'
import type { End } from './disconnect-reasons.ts'
import type { Endpoint } from '../connection/endpoint.ts'
import { maxTimerMs, initialState, next } from './device-machine.ts'
import type { Effect, DeviceMachineState, DeviceMachineEvent } from './device-machine.ts'
import type { HeartbeatTarget } from './heartbeat.ts'
import { QuotaWatch } from './quota-watch.ts'
import { Pairing } from '../pairing/pairing.ts'
import { receiptsOf, userOf } from '../connection/device-receipts.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'
import { ChatTimers } from '../timers/chat-timers.ts'
import { otherFormIn } from '../timers/other-form.ts'
import type { DeviceContext } from './device-context.ts'

/** After a device was linked its phone begins to send its history within so long. */
const historyExpectedMs = 60_000
/** How long a server may take to hear that a device logs out. */
const goodbyeTimeoutMs = 2_000

/** One device while the program runs: its life cycle, and the effects that the life cycle asks for. */
export class DeviceSession {
  readonly #context: DeviceContext
  readonly #record: DeviceRecord
  readonly #keys: DeviceKeys
  readonly #quota: QuotaWatch
  /** What an end leads to is no part of the transaction or hand-over in whose midst it came. */
  readonly #outside = AsyncLocalStorage.snapshot()
  #life: DeviceMachineState
  #stateSince: number
  #connection: Connection | null = null
  #closing: Promise<void> = Promise.resolve()
  #watched: HeartbeatTarget | null = null
  #pairing: Pairing | null = null
  #how: 'qr' | 'code' = 'qr'
  #version: WAVersion | null = null
  #retry: NodeJS.Timeout | null = null
  /** Grows with every opening and closing; what an older one still does is of no account. */
  #opening = 0
  #returnSlot: (() => void) | null = null
  #stopping = false
  /** What came with the end that is being told. */
  #code: number | null = null

  constructor(row: DeviceRow, context: DeviceContext) {
    this.#context = context
    this.#record = new DeviceRecord(row, context)
    this.#keys = new DeviceKeys({
      deviceId: row.id,
      table: context.keysTable,
      cipher: context.cipher,
      cache: context.caches.keys,
      failed: (error) => {
        this.#record.complain(error)
        void this.#connection?.close('keys_not_saved')
      },
    })
    this.#quota = new QuotaWatch({
      known: () => this.device.newChatQuota,
      learned: (quota) => void this.#setNewChatQuota(quota),
      log: context.log,
    })
    this.#stateSince = context.now()
    this.#life = bornStopped(initialState(this.#keys.exist, row.unpairedReason), row, this.#stateSince)
  }

  get row(): DeviceRow {
    return this.#record.row
  }

  get device(): Device {
    const { row } = this.#record
    const { id, kind, name, number, addedAt, pairedAt, timeLock, newChatQuota, lastConnectedAt } = row
    const { state, paired } = this.#life
    const now = this.#context.now()
    const lifted = timeLock !== null && timeLock.until !== null && timeLock.until <= now
    return {
      id,
      kind,
      name,
      number,
      addedAt,
      paired,
      state,
      stateSince: this.#stateSince,
      lastConnectedAt: state.name === 'connected' ? now : lastConnectedAt,
      timeLock: lifted ? null : timeLock,
      newChatQuota: newChatQuota?.until != null && newChatQuota.until <= now ? null : newChatQuota,
      pairedAt,
      relinkAdvised: paired && !row.makesTokens,
    }
  }

  /** The connection, while it is open. */
  get connection(): Connection | null {
    return this.#connection?.open === true ? this.#connection : null
  }

  /** At the start of the program. */
  begin(): void {
    const { state } = this.#life
    if (state.name === 'connecting') void this.#open()
    // A ban that WhatsApp told an earlier run of, and that is not over.
    if (state.name === 'waiting') this.#retryAfter(state.nextTryAt - this.#context.now())
  }

  pair(how: 'qr' | 'code'): void {
    this.#how = how
    if (this.#life.state.name !== 'pairing') this.dispatch({ type: 'pair' })
    else if (how === 'code' && this.#connection !== null) void this.#pairing?.wantCode(this.#connection)
  }

  /** Goes on to the next state and does what it asks for. */
  dispatch(event: DeviceMachineEvent): void {
    if (this.#stopping) return
    const before = this.#life
    const { life, effects } = next(before, event)
    this.#life = life
    if (life.state !== before.state || life.paired !== before.paired) this.#noteChange(before)
    for (const effect of effects) this.#outside(() => this.#do(effect))
  }

  async rename(name: string): Promise<void> {
    await this.#record.save({ name })
    this.#context.changed(this.device)
  }

  /** Takes it off WhatsApp's list too where it is connected; its keys are wiped in any case. */
  async logOut(): Promise<void> {
    // The end that follows from it is no end of WhatsApp's making.
    this.#opening++
    await this.#sendGoodbye()
    this.dispatch({ type: 'log_out' })
    await this.#closing
    await this.#keys.wipe()
  }

  /** For a device that is removed: it is logged out and its keys wiped, and from then on it is deaf to all orders. */
  async retire(): Promise<void> {
    await this.logOut()
    await this.stop()
    // Of a pairing that somebody has begun meanwhile nothing stays either.
    await this.#keys.wipe()
  }

  /** For the end of the program, or the device's: nothing is changed but that the line is closed. */
  async stop(): Promise<void> {
    const wasConnected = this.#life.state.name === 'connected' && !this.#stopping
    this.#stopping = true
    this.#clearRetry()
    this.#close()
    await this.#closing
    await this.#keys.settle()
    if (wasConnected) await this.#record.save({ lastConnectedAt: this.#context.now() })
  }

  #noteChange(before: DeviceMachineState): void {
    const { state } = this.#life
    const now = this.#context.now()
    const lasted = now - this.#stateSince
    if (before.state.name !== state.name) {
      this.#stateSince = now
      this.#record.noteState(before.state, state, lasted, this.#code)
    }
    this.#context.changed(this.device)
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case 'open':
        this.#clearRetry()
        void this.#open()
        break
      case 'close':
        this.#clearRetry()
        this.#close()
        break
      case 'wipe':
        this.#keys.wipe().catch((error: unknown) => this.#record.complain(error))
        break
      case 'renew_version':
        void this.#renewVersion()
        break
      case 'wait':
        this.#retryAfter(effect.ms)
    }
  }

  #retryAfter(ms: number): void {
    this.#retry = setTimeout(() => this.dispatch({ type: 'retry' }), Math.min(ms, maxTimerMs))
  }

  async #open(): Promise<void> {
    const opening = ++this.#opening
    const { kind } = this.#record.row
    const endpoint = this.#context.endpointOf(kind)
    if (endpoint === null) return this.dispatch({ type: 'unusable', reason: 'not_in_this_run' })
    const giveBack = await this.#context.slots.take()
    try {
      await Promise.all([loadBaileys(), this.#closing])
      const version = await this.#context.versionFor(kind)
      if (opening !== this.#opening) return giveBack()
      this.#returnSlot = giveBack
      this.#dial(endpoint, version)
    } catch (error) {
      giveBack()
      if (opening === this.#opening) this.#cannotOpen(error)
    }
  }

  #dial(endpoint: Endpoint, version: WAVersion): void {
    const isPairing = this.#life.state.name === 'pairing'
    this.#pairing = isPairing ? this.#newPairing() : null
    const keys = isPairing ? this.#keys.forPairing() : this.#keys.kept()
    const deviceId = this.#record.row.id
    this.#version = version
    this.#connection = new Connection({
      deviceId,
      endpoint,
      version,
      keys,
      caches: this.#context.caches,
      timers: new ChatTimers({
        deviceId,
        table: this.#context.timersTable,
        otherFormOf: otherFormIn(keys),
        failed: (error) => this.#record.complain(error),
      }),
      historyExpected: () => this.#context.now() - (this.row.pairedAt ?? 0) < historyExpectedMs,
      getMessage: (key) => this.#context.getMessage(deviceId, key),
      log: this.#context.log,
      now: this.#context.now,
      trace: this.#context.trace,
      events: this.#events(keys),
    })
  }

  #cannotOpen(error: unknown): void {
    this.#record.complain(error)
    if (error instanceof Failure && error.code === 'data_key_unavailable')
      this.dispatch({ type: 'unusable', reason: 'keys_unreadable' })
    else this.#ended({ reason: 'unreachable', code: null })
  }

  #newPairing(): Pairing {
    const { number, id } = this.#record.row
    return new Pairing(this.#how, {
      number,
      now: this.#context.now,
      dispatch: (event) => this.dispatch(event),
      refusal: (scanned) => {
        if (number !== null && number !== scanned) return 'wrong_phone'
        return this.#context.isTaken(scanned, id) ? 'number_taken' : null
      },
      accepted: (scanned) => {
        // Another link is a new session to WhatsApp, whoever it is with: its pace begins anew.
        const linked = { pairedAt: this.#context.now(), newChatQuota: null, makesTokens: true }
        void this.#record.save({ number: scanned, ...linked })
        this.dispatch({ type: 'paired' })
      },
    })
  }

  /** What a connection tells counts for as long as it is the one in use. */
  #events(keys: SessionKeys): ConnectionEvents {
    const opening = this.#opening
    const current = (): Connection | null => (opening === this.#opening ? this.#connection : null)
    return {
      opened: () => this.#opened(current()),
      ended: (end) => {
        if (current() !== null) this.#ended(end)
      },
      qr: (text) => {
        const connection = current()
        if (connection === null) return
        this.#releaseSlot()
        this.#pairing?.qr(text, connection)
      },
      stanza: (node) => {
        const connection = current()
        if (connection !== null) this.#pairing?.stanza(node, connection)
      },
      credentials: (credentials) => {
        const connection = current()
        if (connection !== null) this.#pairing?.credentials(credentials, connection)
        if (this.#pairing === null || this.#pairing.progress.paired) keys.noteCredentials()
      },
      receipt: (node) => this.#receipt(node, keys),
      timeLock: (timeLock) => void this.#setTimeLock(timeLock),
      newChatQuota: (quota) => void this.#setNewChatQuota(quota),
      saltKnown: () => void this.#saltKnown(),
    }
  }

  async #saltKnown(): Promise<void> {
    if (this.#record.row.makesTokens) return
    await this.#record.save({ makesTokens: true })
    this.#context.changed(this.device)
  }

  async #setTimeLock(timeLock: Device['timeLock']): Promise<void> {
    await this.#record.save({ timeLock })
    this.#context.changed(this.device)
  }

  /** A new chat was refused because the quota is used up. */
  newChatRefused(): void {
    this.#quota.refused()
  }

  async #setNewChatQuota(newChatQuota: Device['newChatQuota']): Promise<void> {
    if (isDeepStrictEqual(newChatQuota, this.#record.row.newChatQuota)) return
    await this.#record.save({ newChatQuota })
    this.#context.changed(this.device)
  }

  #receipt(node: BinaryNode, keys: SessionKeys): void {
    const { me } = keys.credentials
    const own = {
      users: [me?.id, me?.lid].flatMap((jid) => (jid === undefined ? [] : [userOf(jid)])),
      isToSelf: (messageId: string) => this.#context.caches.toSelf.has(messageId),
    }
    const receipts = receiptsOf(node, this.#record.row.id, own, this.#context.now())
    for (const receipt of receipts) this.#context.receipt(receipt)
  }

  #opened(connection: Connection | null): void {
    this.#releaseSlot()
    if (connection === null) return
    this.#watched = {
      heartbeat: connection.heartbeat,
      isOwed: () => connection.acknowledgements.areAwaited,
      ask: () => connection.ask(),
      onTimeout: () => void connection.close('silence'),
    }
    this.#context.heartbeats.watch(this.#watched)
    this.dispatch({ type: 'opened', at: this.#context.now() })
    this.#quota.begin(connection)
    // It may have been lifted while nobody was here to be told.
    if (this.device.timeLock !== null) connection.askForTimeLock()
  }

  #ended(end: End): void {
    const pairing = this.#pairing
    if (this.#connection !== null) this.#closing = this.#connection.closed
    this.#release()
    const { reason, code, forMs } = pairing === null ? end : endOfPairing(end, pairing.progress)
    if (pairing !== null && !pairing.progress.paired) this.#keys.forget()
    const { state } = this.#life
    const at = this.#context.now()
    const connectedMs = state.name === 'connected' ? at - state.since : 0
    this.#code = code
    const until = forMs === undefined ? {} : { forMs }
    this.dispatch({ type: 'ended', reason, at, random: Math.random(), connectedMs, ...until })
    this.#code = null
  }

  async #renewVersion(): Promise<void> {
    const { kind } = this.#record.row
    const opening = this.#opening
    const newer = this.#version !== null && (await this.#context.renewVersion(kind, this.#version))
    if (opening !== this.#opening) return
    this.dispatch({ type: 'version', newer, at: this.#context.now(), random: Math.random() })
  }

  /** A server that does not answer is not waited for. */
  async #sendGoodbye(): Promise<void> {
    const { connection } = this
    if (connection === null) return
    try {
      const timeoutMs = new Promise((resolve) => setTimeout(resolve, goodbyeTimeoutMs).unref())
      await Promise.race([connection.socket.logout(), timeoutMs])
    } catch (error) {
      this.#record.complain(error)
    }
  }

  /** Closes the line, if there is one, without anything following from it. */
  #close(reason: EndReason = 'by_operator'): void {
    this.#opening++
    const connection = this.#connection
    this.#release()
    if (connection === null) return
    this.#closing = Promise.all([this.#closing, connection.close(reason)]).then(
      () => {},
      (error: unknown) => this.#record.complain(error),
    )
  }

  #release(): void {
    this.#releaseSlot()
    if (this.#watched !== null) this.#context.heartbeats.forget(this.#watched)
    this.#watched = null
    this.#quota.end()
    this.#connection = null
    this.#pairing = null
  }

  #releaseSlot(): void {
    this.#returnSlot?.()
    this.#returnSlot = null
  }

  #clearRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
  }
}
