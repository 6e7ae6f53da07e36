import { AsyncLocalStorage } from 'node:async_hooks'
import { isDeepStrictEqual } from 'node:util'
import type { BinaryNode, WAVersion } from '@whiskeysockets/baileys'
import { Failure } from '../../failure.ts'
import { loadBaileys } from '../baileys/baileys.ts'
import { Connection } from '../connection/connection.ts'
import type { ConnectionEvents } from '../connection/connection.ts'
import type { Device, EndReason } from '../device.ts'
import { DeviceKeys } from '../session-keys/device-keys.ts'
import { bornStopped, DeviceRecord } from './device-record.ts'
import type { DeviceRow } from '../devices-table.ts'
import { endOfPairing } from './end-reasons.ts'
import type { End } from './end-reasons.ts'
import type { Endpoint } from '../connection/endpoint.ts'
import { maxTimerMs, newborn, next } from './life-cycle.ts'
import type { Effect, Life, LifeEvent } from './life-cycle.ts'
import type { Watched } from './liveness.ts'
import { QuotaWatch } from './quota-watch.ts'
import { Pairing } from '../pairing/pairing.ts'
import { receiptsOf, userOf } from '../connection/receipts.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'
import { ChatTimers } from '../timers/chat-timers.ts'
import { otherFormIn } from '../timers/other-form.ts'
import type { SessionRoom } from './session-room.ts'

/** After a device was linked its phone begins to send its history within so long. */
const historyExpectedMs = 60_000
/** How long a server may take to hear that a device logs out. */
const goodbyePatience = 2_000

/** One device while the program runs: its life cycle, and the effects that the life cycle asks for. */
export class DeviceSession {
  readonly #room: SessionRoom
  readonly #record: DeviceRecord
  readonly #keys: DeviceKeys
  readonly #quota: QuotaWatch
  /** What an end leads to is no part of the transaction or hand-over in whose midst it came. */
  readonly #outside = AsyncLocalStorage.snapshot()
  #life: Life
  #stateSince: number
  #connection: Connection | null = null
  #closing: Promise<void> = Promise.resolve()
  #watched: Watched | null = null
  #pairing: Pairing | null = null
  #how: 'qr' | 'code' = 'qr'
  #version: WAVersion | null = null
  #retry: NodeJS.Timeout | null = null
  /** Grows with every opening and closing; what an older one still does is of no account. */
  #opening = 0
  #giveSlotBack: (() => void) | null = null
  #stopping = false
  /** What came with the end that is being told. */
  #code: number | null = null

  constructor(row: DeviceRow, room: SessionRoom) {
    this.#room = room
    this.#record = new DeviceRecord(row, room)
    this.#keys = new DeviceKeys({
      deviceId: row.id,
      table: room.keysTable,
      seal: room.seal,
      cache: room.caches.keys,
      failed: (thrown) => {
        this.#record.complain(thrown)
        void this.#connection?.close('keys_not_saved')
      },
    })
    this.#quota = new QuotaWatch({
      known: () => this.device.newChatQuota,
      learned: (quota) => void this.#setNewChatQuota(quota),
      log: room.log,
    })
    this.#stateSince = room.now()
    this.#life = bornStopped(newborn(this.#keys.exist, row.unpairedReason), row, this.#stateSince)
  }

  get row(): DeviceRow {
    return this.#record.row
  }

  get device(): Device {
    const { row } = this.#record
    const { id, kind, name, number, addedAt, pairedAt, timeLock, newChatQuota, lastConnectedAt } = row
    const { state, paired } = this.#life
    const now = this.#room.now()
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
    if (state.name === 'waiting') this.#retryAfter(state.nextTryAt - this.#room.now())
  }

  pair(how: 'qr' | 'code'): void {
    this.#how = how
    if (this.#life.state.name !== 'pairing') this.tell({ type: 'pair' })
    else if (how === 'code' && this.#connection !== null) void this.#pairing?.wantCode(this.#connection)
  }

  /** Goes on to the next state and does what it asks for. */
  tell(event: LifeEvent): void {
    if (this.#stopping) return
    const before = this.#life
    const { life, effects } = next(before, event)
    this.#life = life
    if (life.state !== before.state || life.paired !== before.paired) this.#noteChange(before)
    for (const effect of effects) this.#outside(() => this.#do(effect))
  }

  async rename(name: string): Promise<void> {
    await this.#record.save({ name })
    this.#room.changed(this.device)
  }

  /** Takes it off WhatsApp's list too where it is connected; its keys are wiped in any case. */
  async logOut(): Promise<void> {
    // The end that follows from it is no end of WhatsApp's making.
    this.#opening++
    await this.#sayGoodbye()
    this.tell({ type: 'log_out' })
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
    if (wasConnected) await this.#record.save({ lastConnectedAt: this.#room.now() })
  }

  #noteChange(before: Life): void {
    const { state } = this.#life
    const now = this.#room.now()
    const lasted = now - this.#stateSince
    if (before.state.name !== state.name) {
      this.#stateSince = now
      this.#record.noteState(before.state, state, lasted, this.#code)
    }
    this.#room.changed(this.device)
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
        this.#keys.wipe().catch((thrown: unknown) => this.#record.complain(thrown))
        break
      case 'renew_version':
        void this.#renewVersion()
        break
      case 'wait':
        this.#retryAfter(effect.ms)
    }
  }

  #retryAfter(ms: number): void {
    this.#retry = setTimeout(() => this.tell({ type: 'retry' }), Math.min(ms, maxTimerMs))
  }

  async #open(): Promise<void> {
    const opening = ++this.#opening
    const { kind } = this.#record.row
    const endpoint = this.#room.endpointOf(kind)
    if (endpoint === null) return this.tell({ type: 'unusable', reason: 'not_in_this_run' })
    const giveBack = await this.#room.slots.take()
    try {
      await Promise.all([loadBaileys(), this.#closing])
      const version = await this.#room.versionFor(kind)
      if (opening !== this.#opening) return giveBack()
      this.#giveSlotBack = giveBack
      this.#dial(endpoint, version)
    } catch (thrown) {
      giveBack()
      if (opening === this.#opening) this.#cannotOpen(thrown)
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
      caches: this.#room.caches,
      timers: new ChatTimers({
        deviceId,
        table: this.#room.timersTable,
        otherFormOf: otherFormIn(keys),
        failed: (thrown) => this.#record.complain(thrown),
      }),
      historyExpected: () => this.#room.now() - (this.row.pairedAt ?? 0) < historyExpectedMs,
      getMessage: (key) => this.#room.getMessage(deviceId, key),
      log: this.#room.log,
      now: this.#room.now,
      trace: this.#room.trace,
      events: this.#events(keys),
    })
  }

  #cannotOpen(thrown: unknown): void {
    this.#record.complain(thrown)
    if (thrown instanceof Failure && thrown.code === 'data_key_unavailable')
      this.tell({ type: 'unusable', reason: 'keys_unreadable' })
    else this.#ended({ reason: 'unreachable', code: null })
  }

  #newPairing(): Pairing {
    const { number, id } = this.#record.row
    return new Pairing(this.#how, {
      number,
      now: this.#room.now,
      tell: (event) => this.tell(event),
      refusal: (scanned) => {
        if (number !== null && number !== scanned) return 'wrong_phone'
        return this.#room.isTaken(scanned, id) ? 'number_taken' : null
      },
      accepted: (scanned) => {
        // Another link is a new session to WhatsApp, whoever it is with: its pace begins anew.
        const linked = { pairedAt: this.#room.now(), newChatQuota: null, makesTokens: true }
        void this.#record.save({ number: scanned, ...linked })
        this.tell({ type: 'paired' })
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
    this.#room.changed(this.device)
  }

  async #setTimeLock(timeLock: Device['timeLock']): Promise<void> {
    await this.#record.save({ timeLock })
    this.#room.changed(this.device)
  }

  /** A new chat was refused because the quota is used up. */
  newChatRefused(): void {
    this.#quota.refused()
  }

  async #setNewChatQuota(newChatQuota: Device['newChatQuota']): Promise<void> {
    if (isDeepStrictEqual(newChatQuota, this.#record.row.newChatQuota)) return
    await this.#record.save({ newChatQuota })
    this.#room.changed(this.device)
  }

  #receipt(node: BinaryNode, keys: SessionKeys): void {
    const { me } = keys.credentials
    const own = {
      users: [me?.id, me?.lid].flatMap((jid) => (jid === undefined ? [] : [userOf(jid)])),
      isToSelf: (messageId: string) => this.#room.caches.toSelf.has(messageId),
    }
    const receipts = receiptsOf(node, this.#record.row.id, own, this.#room.now())
    for (const receipt of receipts) this.#room.receipt(receipt)
  }

  #opened(connection: Connection | null): void {
    this.#releaseSlot()
    if (connection === null) return
    this.#watched = {
      vitals: connection.vitals,
      isOwed: () => connection.acknowledgements.areAwaited,
      ask: () => connection.ask(),
      declareDead: () => void connection.close('silence'),
    }
    this.#room.liveness.watch(this.#watched)
    this.tell({ type: 'opened', at: this.#room.now() })
    this.#quota.begin(connection)
    // It may have been lifted while nobody was here to be told.
    if (this.device.timeLock !== null) connection.askForTimeLock()
  }

  #ended(end: End): void {
    const pairing = this.#pairing
    if (this.#connection !== null) this.#closing = this.#connection.closed
    this.#letGo()
    const { reason, code, forMs } = pairing === null ? end : endOfPairing(end, pairing.progress)
    if (pairing !== null && !pairing.progress.paired) this.#keys.forget()
    const { state } = this.#life
    const at = this.#room.now()
    const connectedMs = state.name === 'connected' ? at - state.since : 0
    this.#code = code
    const until = forMs === undefined ? {} : { forMs }
    this.tell({ type: 'ended', reason, at, random: Math.random(), connectedMs, ...until })
    this.#code = null
  }

  async #renewVersion(): Promise<void> {
    const { kind } = this.#record.row
    const opening = this.#opening
    const newer = this.#version !== null && (await this.#room.renewVersion(kind, this.#version))
    if (opening !== this.#opening) return
    this.tell({ type: 'version', newer, at: this.#room.now(), random: Math.random() })
  }

  /** A server that does not answer is not waited for. */
  async #sayGoodbye(): Promise<void> {
    const { connection } = this
    if (connection === null) return
    try {
      const patience = new Promise((resolve) => setTimeout(resolve, goodbyePatience).unref())
      await Promise.race([connection.socket.logout(), patience])
    } catch (thrown) {
      this.#record.complain(thrown)
    }
  }

  /** Closes the line, if there is one, without anything following from it. */
  #close(reason: EndReason = 'by_operator'): void {
    this.#opening++
    const connection = this.#connection
    this.#letGo()
    if (connection === null) return
    this.#closing = Promise.all([this.#closing, connection.close(reason)]).then(
      () => {},
      (thrown: unknown) => this.#record.complain(thrown),
    )
  }

  #letGo(): void {
    this.#releaseSlot()
    if (this.#watched !== null) this.#room.liveness.forget(this.#watched)
    this.#watched = null
    this.#quota.end()
    this.#connection = null
    this.#pairing = null
  }

  #releaseSlot(): void {
    this.#giveSlotBack?.()
    this.#giveSlotBack = null
  }

  #clearRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
  }
}
