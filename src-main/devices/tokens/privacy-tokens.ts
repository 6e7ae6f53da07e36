import { createHmac } from 'node:crypto'
import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'
import { sentenceOf } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { baileys } from '../baileys/baileys.ts'
import { userOf } from '../connection/device-receipts.ts'
import { whileKept } from '../session-keys/keys-unavailable.ts'
import { isIssueDue, isTokenValid } from './token-age.ts'
import type { TokenStore } from './token-store.ts'

export interface PrivacyTokensDependencies {
  socket: WASocket
  store: TokenStore
  log: Logger
  /** In milliseconds. */
  now: () => number
  /** The other name of a person, without asking WhatsApp; null where it is not known. */
  otherFormOf: (jid: string) => string | null
  /** The user parts of the own number's JID and LID. */
  ownUsers: () => readonly string[]
  /** Resolves when a salt may be on its way no longer: it came, or was waited for in vain. */
  saltArrived: () => Promise<void>
}

/** Announcements of WhatsApp itself, and its bots, take no tokens (tulir/whatsmeow cstoken.go). */
const announcements = '0'
const bot = /^(?:1313555\d{4}|131655500\d{2})$/

/**
 * The tokens without which WhatsApp answers 463 to a message to somebody who has not written first: the contact's own
 * (`tctoken`), which it gives to whom it writes, or one that is made of the account's salt (`cstoken`).
 *
 * It takes the place of Baileys' own (Utils/tc-token-utils.js), which knows no cstoken and attaches depending on a server
 * setting (tulir/whatsmeow@8528b5e0, tulir/whatsmeow@82d579d5).
 */
export class PrivacyTokens {
  readonly #dependencies: PrivacyTokensDependencies
  readonly #issuing = new Set<string>()

  constructor(dependencies: PrivacyTokensDependencies) {
    this.#dependencies = dependencies
    const { ws } = dependencies.socket
    ws.on('CB:notification,type:privacy_token', (node: BinaryNode) => whileKept(() => this.#given(node)))
    ws.on('CB:notification,type:encrypt', (node: BinaryNode) => whileKept(() => this.#identityChanged(node)))
  }

  /**
   * The node to attach to a message to that person: the contact's own token while it is valid, else one made of the
   * salt, else none. A device that was linked just now waits for what its phone tells, though not long.
   */
  async nodeFor(jid: string): Promise<BinaryNode | null> {
    if (!this.#isRegular(jid)) return null
    if (this.#validToken(jid) === null) await this.#dependencies.saltArrived()
    const own = this.#validToken(jid)
    if (own !== null) return { tag: 'tctoken', attrs: {}, content: own }
    const { salt } = this.#dependencies.store
    const lid = this.#lidOf(jid)
    if (salt === null || lid === null) return null
    return { tag: 'cstoken', attrs: {}, content: createHmac('sha256', salt).update(lid).digest() }
  }

  /** Whether a message to that person carries a token, as far as is known now. */
  hasTokenFor(jid: string): boolean {
    if (!this.#isRegular(jid)) return true
    return (
      this.#validToken(jid) !== null || (this.#dependencies.store.salt !== null && this.#lidOf(jid) !== null)
    )
  }

  /** A message to that person was taken: it is given this account's token, once a week. */
  sentTo(jid: string): void {
    const now = this.#nowSeconds
    if (!this.#isRegular(jid) || !isIssueDue(this.#record(jid).issuedAt, now)) return
    void this.#issue(jid, now)
  }

  get #nowSeconds(): number {
    return Math.floor(this.#dependencies.now() / 1_000)
  }

  #isRegular(jid: string): boolean {
    if (!jid.endsWith('@s.whatsapp.net') && !jid.endsWith('@lid')) return false
    const user = userOf(jid)
    return user !== announcements && !bot.test(user) && !this.#dependencies.ownUsers().includes(user)
  }

  /** Without a device: tokens are a person's. */
  #lidOf(jid: string): string | null {
    return jid.endsWith('@lid') ? `${userOf(jid)}@lid` : this.#dependencies.otherFormOf(jid)
  }

  /** Kept under the LID, or under the number where that was not known when it came. */
  #record(jid: string): ReturnType<TokenStore['get']> {
    const { store, otherFormOf } = this.#dependencies
    const own = store.get(this.#storageName(jid))
    if (own.token !== null) return own
    const number = jid.endsWith('@lid') ? otherFormOf(jid) : `${userOf(jid)}@s.whatsapp.net`
    const older = number === null ? own : store.get(number)
    return { ...older, issuedAt: own.issuedAt ?? older.issuedAt }
  }

  #storageName(jid: string): string {
    return this.#lidOf(jid) ?? `${userOf(jid)}@s.whatsapp.net`
  }

  #validToken(jid: string): Buffer | null {
    const { token, givenAt } = this.#record(jid)
    return token !== null && isTokenValid(givenAt, this.#nowSeconds) ? token : null
  }

  /** `<tokens><token type="trusted_contact" t jid>…`: `jid` is this device, the contact is `sender_lid` or `from`. */
  #given(node: BinaryNode): void {
    const { from, sender_lid: senderLid } = node.attrs
    const jid = senderLid?.endsWith('@lid') === true ? senderLid : from
    if (jid === undefined || !this.#isRegular(jid)) return
    const { getBinaryNodeChild, getBinaryNodeChildren } = baileys()
    for (const { attrs, content } of getBinaryNodeChildren(getBinaryNodeChild(node, 'tokens'), 'token')) {
      const at = Number(attrs['t'])
      const isToken = attrs['type'] === 'trusted_contact' && content instanceof Uint8Array
      if (!isToken || content.length === 0 || !(at > 0)) continue
      const name = this.#storageName(jid)
      this.#dependencies.store.learn({ jid: name, token: Buffer.from(content), at, issuedAt: null })
    }
  }

  /** The contact's new phone has no token of this account's: it is given the same one, with its time. */
  #identityChanged(node: BinaryNode): void {
    const { from } = node.attrs
    const isOfPhone = from !== undefined && !from.includes(':')
    if (!isOfPhone || baileys().getBinaryNodeChild(node, 'identity') === undefined) return
    if (!this.#isRegular(from)) return
    const { issuedAt } = this.#record(from)
    if (issuedAt !== null && isTokenValid(issuedAt, this.#nowSeconds)) void this.#issue(from, issuedAt)
  }

  /** By LID where the server says so (property 14303, which Baileys asks for), else by number. */
  async #issue(jid: string, at: number): Promise<void> {
    const name = this.#storageName(jid)
    if (this.#issuing.has(name)) return
    this.#issuing.add(name)
    const { socket, store, log, otherFormOf } = this.#dependencies
    const number = jid.endsWith('@lid') ? otherFormOf(jid) : `${userOf(jid)}@s.whatsapp.net`
    try {
      await socket.issuePrivacyTokens(
        [socket.serverProps.lidTrustedTokenIssueToLid ? name : (number ?? name)],
        at,
      )
      store.issued(name, at)
    } catch (error) {
      log.debug({ reason: sentenceOf(error) }, 'could not give a contact a privacy token')
    } finally {
      this.#issuing.delete(name)
    }
  }
}
