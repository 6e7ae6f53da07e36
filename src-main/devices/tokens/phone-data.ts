import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BinaryNode, proto, WASocket } from '@whiskeysockets/baileys'
import type { Logger } from '../../lib/logging/logger.ts'
import { AppState } from '../app-state/app-state.ts'
import type { Setting } from '../app-state/action-record.ts'
import { baileys } from '../baileys/baileys.ts'
import { userOf } from '../connection/device-receipts.ts'
import type { DownloadPlace } from '../history/encrypted-download.ts'
import type { HistoryFacts } from '../history/history-facts.ts'
import { HistoryIntake } from '../history/history-intake.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'
import type { ChatTimers } from '../timers/chat-timers.ts'
import { otherFormIn } from '../timers/other-form.ts'
import { PrivacyTokens } from './privacy-tokens.ts'
import { TokenStore } from './token-store.ts'
import type { SaltSource } from './token-store.ts'

export interface PhoneDataDependencies {
  socket: WASocket
  keys: SessionKeys
  timers: ChatTimers
  place: DownloadPlace
  log: Logger
  now: () => number
  /** Whether the device was linked so lately that its history may still come. */
  historyExpected: () => boolean
  /** The account has a salt: first messages to strangers can carry a token. */
  saltKnown: () => void
  /** The phone has migrated its chats to LIDs. */
  migrated: () => void
}

/** Records that are written between two turns of the event loop. */
const recordsAtOnce = 200
/** How long the first messages of a device that was linked just now wait for the salt, in milliseconds. */
const maxSaltWaitMs = 8_000

/**
 * What the account's phone shares with this device, over one connection: its history when the device is linked, and two
 * of its settings whenever they change. Of both is kept what sending needs.
 */
export class PhoneData {
  readonly tokens: PrivacyTokens
  readonly #dependencies: PhoneDataDependencies
  /** What follows from a message is no part of the transaction in whose midst that was decrypted. */
  readonly #outside = AsyncLocalStorage.snapshot()
  readonly #store: TokenStore
  readonly #history: HistoryIntake
  readonly #appState: AppState
  #waitingForSalt: { arrived: Promise<void>; stop: () => void } | null = null

  constructor(dependencies: PhoneDataDependencies) {
    const { socket, keys, place, log, now } = dependencies
    this.#dependencies = dependencies
    this.#store = new TokenStore(keys)
    this.tokens = new PrivacyTokens({
      socket,
      store: this.#store,
      log,
      now,
      otherFormOf: otherFormIn(keys),
      ownUsers: () => this.#ownUsers,
      saltArrived: () => this.#saltArrived(),
    })
    this.#history = new HistoryIntake({ keys, place, log, apply: (facts) => this.#keep(facts) })
    this.#appState = new AppState({ socket, keys, place, log, changed: (setting) => this.#changed(setting) })
    const { ws } = socket
    ws.on('CB:notification,type:server_sync', (node: BinaryNode) => this.#appState.sync(collectionsIn(node)))
    ws.on('CB:ib,,dirty', (node: BinaryNode) => {
      if (isDirtyAppState(node)) this.#appState.sync()
    })
  }

  /** The device is logged in. */
  opened(): void {
    this.#history.resume()
    // A device that was linked by an older version has the phone's keys, but never asked.
    if (this.#dependencies.keys.credentials.myAppStateKeyId) this.#appState.syncUnread()
  }

  /** Whether that is the own account, by number or LID. */
  isOwn(jid: string): boolean {
    return this.#ownUsers.includes(userOf(jid))
  }

  /** The own phone says something to its devices; called before that is confirmed. */
  told(message: proto.Message.IProtocolMessage): void {
    const { Message } = baileys().proto
    const { type, historySyncNotification, appStateSyncKeyShare } = message
    const { Type } = Message.ProtocolMessage
    if (type === Type.HISTORY_SYNC_NOTIFICATION && historySyncNotification) {
      this.#history.take(Message.HistorySyncNotification.encode(historySyncNotification).finish())
      this.#outside(() => setImmediate(() => this.#history.resume()))
    }
    // Baileys keeps the mappings that come with it (Utils/process-message.js), but does not see what follows.
    if (type === Type.LID_MIGRATION_MAPPING_SYNC && isMigrationDone(message)) this.#dependencies.migrated()
    if (type !== Type.APP_STATE_SYNC_KEY_SHARE) return
    for (const { keyId, keyData } of appStateSyncKeyShare?.keys ?? []) {
      if (!keyId?.keyId || !keyData) continue
      const id = Buffer.from(keyId.keyId).toString('base64')
      this.#dependencies.keys.set({
        'app-state-sync-key': { [id]: Message.AppStateSyncKeyData.fromObject(keyData) },
      })
    }
    this.#outside(() => setImmediate(() => this.#appState.sync()))
  }

  end(): void {
    this.#history.end()
    this.#appState.end()
    this.#waitingForSalt?.stop()
  }

  get #ownUsers(): readonly string[] {
    const { me } = this.#dependencies.keys.credentials
    return [me?.id, me?.lid].flatMap((jid) => (jid === undefined ? [] : [userOf(jid)]))
  }

  /** In portions, with everybody else's turn between them: an account may have ten thousand contacts. */
  async #keep({ tokens, mappings, timers, salt }: HistoryFacts): Promise<void> {
    const { keys, timers: chatTimers } = this.#dependencies
    if (salt !== null) this.#setSalt(salt, 'history')
    await inPortions(mappings, (pair) => this.#learnMapping(pair))
    const otherFormOf = otherFormIn(keys)
    await inPortions(tokens, (token) => {
      const lid = token.jid.endsWith('@lid') ? token.jid : otherFormOf(token.jid)
      this.#store.learn({ ...token, jid: lid ?? token.jid })
    })
    await inPortions(timers, ({ jid, ...timer }) => chatTimers.learn(jid, timer))
    await keys.saved()
  }

  /** Fills gaps only: what the server says of a person's LID counts for more (WhatsApp Web's order of sources). */
  #learnMapping({ pn, lid }: { pn: string; lid: string }): void {
    const { keys } = this.#dependencies
    const [number, lidUser] = [userOf(pn), userOf(lid)]
    const known = keys.get('lid-mapping', [number, `${lidUser}_reverse`])
    if (known[number] !== undefined || known[`${lidUser}_reverse`] !== undefined) return
    keys.set({ 'lid-mapping': { [number]: lidUser, [`${lidUser}_reverse`]: number } })
  }

  #changed(setting: Setting): void {
    if (setting.kind === 'nct_salt') return this.#setSalt(setting.salt, 'app_state')
    const { socket, keys } = this.#dependencies
    const { me } = keys.credentials
    const { name } = setting
    if (me === undefined || !name || me.name === name) return
    socket.ev.emit('creds.update', { me: { ...me, name } })
  }

  #setSalt(salt: Buffer | null, from: SaltSource): void {
    this.#store.setSalt(salt, from)
    if (this.#store.salt === null) return
    this.#waitingForSalt?.stop()
    this.#dependencies.saltKnown()
  }

  /** Once on a connection, and only while the history of a device that was linked just now comes. */
  #saltArrived(): Promise<void> {
    const isExpected = this.#history.isPending || this.#dependencies.historyExpected()
    if (this.#store.salt !== null || !isExpected) return Promise.resolve()
    if (this.#waitingForSalt === null) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, maxSaltWaitMs)
      const stop = (): void => {
        clearTimeout(timer)
        resolve()
      }
      this.#waitingForSalt = { arrived: promise, stop }
    }
    return this.#waitingForSalt.arrived
  }
}

async function inPortions<T>(all: readonly T[], keep: (one: T) => void): Promise<void> {
  for (let begin = 0; begin < all.length; begin += recordsAtOnce) {
    for (const one of all.slice(begin, begin + recordsAtOnce)) keep(one)
    await nextTurn()
  }
}

/** Its time is what tells that the chats are migrated (oxidezap/whatsapp-rust#943). */
function isMigrationDone({ lidMigrationMappingSyncMessage }: proto.Message.IProtocolMessage): boolean {
  const payload = lidMigrationMappingSyncMessage?.encodedMappingPayload
  if (!payload) return false
  try {
    return Number(baileys().proto.LIDMigrationMappingSyncPayload.decode(payload).chatDbMigrationTimestamp) > 0
  } catch {
    return false
  }
}

/** All of a notification's collections; Baileys heeds the first. */
function collectionsIn(node: BinaryNode): string[] {
  return baileys()
    .getBinaryNodeChildren(node, 'collection')
    .flatMap(({ attrs }) => attrs['name'] ?? [])
}

function isDirtyAppState(node: BinaryNode): boolean {
  return baileys().getBinaryNodeChild(node, 'dirty')?.attrs['type'] === 'syncd_app_state'
}
