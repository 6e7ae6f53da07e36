import type { BinaryNode, PossiblyExtendedCacheStore, WASocket } from '@whiskeysockets/baileys'
import { sentenceOf } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { baileys } from '../baileys/baileys.ts'
import { userOf } from '../connection/device-receipts.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'
import { AccountForm } from './account-form.ts'
import type { AddressForm } from './account-form.ts'
import { DeviceLists } from './device-lists.ts'
import { Lids } from './lids.ts'
import type { Person } from './lids.ts'

export interface AddressingDependencies {
  socket: WASocket
  keys: SessionKeys
  /** The device's part of the cache in which Baileys looks for the devices of people. */
  deviceCache: PossiblyExtendedCacheStore
  log: Logger
}

/** A message that was never answered for is not held up longer by a question about the account. */
const maxWaitMs = 3_000
/** `lid_one_on_one_migration_enabled`; where it is absent it is off (oxidezap/whatsapp-rust#943). */
const migrationProperty = '9435'

/** Under which names one account writes to people, over one connection. */
export class Addressing {
  readonly account: AccountForm
  readonly lids: Lids
  readonly deviceLists: DeviceLists
  readonly #dependencies: AddressingDependencies
  #asked: Promise<void> = Promise.resolve()

  constructor(dependencies: AddressingDependencies) {
    const { socket, keys, deviceCache } = dependencies
    this.#dependencies = dependencies
    this.account = new AccountForm(keys)
    this.lids = new Lids(socket, keys)
    this.deviceLists = new DeviceLists(socket, deviceCache)
    this.#listen()
  }

  /** The form for the next message. Waited for where nothing is known of the account yet, though not for long. */
  async form(): Promise<AddressForm> {
    if (this.account.evidence === null) {
      const timeout = Promise.withResolvers<void>()
      const timer = setTimeout(timeout.resolve, maxWaitMs)
      await Promise.race([this.#asked, timeout.promise]).finally(() => clearTimeout(timer))
    }
    return this.account.form
  }

  /** The names of the own account, without its device. */
  get own(): Person {
    const { me } = this.#dependencies.keys.credentials
    const nameOf = (jid: string | undefined): string | null =>
      jid === undefined ? null : baileys().jidNormalizedUser(jid)
    return { pn: nameOf(me?.id), lid: nameOf(me?.lid) }
  }

  /** Whether that is the own account, by either name. */
  isOwn(jid: string): boolean {
    const { pn, lid } = this.own
    return [pn, lid].some((name) => name !== null && userOf(name) === userOf(jid))
  }

  /** To be called when the device is logged in: asks whether the account is migrated, unless that is certain. */
  loggedIn(): void {
    if (this.account.evidence !== 'lid_taken') this.#asked = this.#askProperty()
  }

  /**
   * Baileys' own question names the hash of what it got last, which is answered with nothing; so it is asked once more
   * without.
   */
  async #askProperty(): Promise<void> {
    const { socket, log } = this.#dependencies
    const props = { tag: 'props', attrs: { protocol: '1' } }
    const attrs = { to: 's.whatsapp.net', xmlns: 'abt', type: 'get' }
    try {
      const answer = (await socket.query({ tag: 'iq', attrs, content: [props] })) as BinaryNode | undefined
      if (answer !== undefined) this.account.learn(isMigrated(answer) ? 'lid_told' : 'pn_told')
    } catch (error) {
      log.info({ reason: sentenceOf(error) }, 'could not read whether the account is migrated to LIDs')
    }
  }

  #listen(): void {
    const { ws } = this.#dependencies.socket
    ws.on('CB:iq,,pair-success', (iq: BinaryNode) => this.#linked(iq))
    ws.on('CB:ack,class:message', (ack: BinaryNode) => this.#acknowledged(ack))
    ws.on('CB:notification,type:devices', (notification: BinaryNode) => this.#devicesChanged(notification))
  }

  /** `client-props` is read since tulir/whatsmeow@37a86e67; Baileys leaves it. */
  #linked(iq: BinaryNode): void {
    const { getBinaryNodeChild, proto } = baileys()
    const props = getBinaryNodeChild(getBinaryNodeChild(iq, 'pair-success'), 'client-props')
    if (!(props?.content instanceof Uint8Array)) return
    const { isChatDbLidMigrated } = proto.ClientPairingProps.decode(props.content)
    this.account.learnWhilePairing(isChatDbLidMigrated === true ? 'lid_told' : 'pn_told')
  }

  /**
   * The recipient's number has another LID: writing on to the old one is reported to end in a suspension
   * (`refresh_lid`: oxidezap/whatsapp-rust@117e921e, WhiskeySockets/Baileys#2661).
   */
  #acknowledged({ attrs }: BinaryNode): void {
    const { from, refresh_lid: refresh } = attrs
    if (refresh !== 'true' || from === undefined) return
    const { pn, lid } = this.lids.known(from)
    this.deviceLists.forget(pn, lid)
    if (pn !== null) this.lids.forget(pn)
  }

  /** Baileys mends the list under the phone number only: both are asked for again (Socket/messages-recv.js). */
  #devicesChanged({ attrs, content }: BinaryNode): void {
    const changes = Array.isArray(content) ? content : []
    const devices = changes.flatMap((change) => (Array.isArray(change.content) ? change.content : []))
    const named = [attrs, ...devices.map((device) => device.attrs)]
    const jids = named.flatMap((one) => [one['from'], one['jid'], one['lid']])
    for (const jid of jids) {
      if (jid === undefined) continue
      const { pn, lid } = this.lids.known(jid)
      this.deviceLists.forget(pn, lid)
    }
  }
}

function isMigrated(answer: BinaryNode): boolean {
  const { getBinaryNodeChild, getBinaryNodeChildren } = baileys()
  const props = getBinaryNodeChildren(getBinaryNodeChild(answer, 'props'), 'prop')
  const value = props.find(({ attrs }) => attrs['config_code'] === migrationProperty)?.attrs['config_value']
  return value === 'true' || value === '1'
}
