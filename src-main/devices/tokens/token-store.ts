import type { HistoryToken } from '../history/history-facts.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'

/** What is known of the tokens between this account and one contact; times in seconds. */
export interface TokenRecord {
  /** The contact's own, which lets this account write to it; null where none has come. */
  token: Buffer | null
  givenAt: number
  /** When this account last gave the contact a token; null: never. */
  issuedAt: number | null
}

export type SaltSource = 'history' | 'app_state'

/**
 * Tokens under the contact's LID, and the account's salt: sealed, with the session keys, in the form in which Baileys
 * keeps tokens. One record is read or written at a time, however many contacts there are.
 */
export class TokenStore {
  readonly #keys: SessionKeys

  constructor(keys: SessionKeys) {
    this.#keys = keys
  }

  get(jid: string): TokenRecord {
    const { [jid]: kept } = this.#keys.get('tctoken', [jid])
    return {
      token: kept !== undefined && kept.token.length > 0 ? Buffer.from(kept.token) : null,
      givenAt: Number(kept?.timestamp ?? 0),
      issuedAt: kept?.senderTimestamp ?? null,
    }
  }

  /** Keeps a contact's token unless a later one is there. */
  learn({ jid, token, at, issuedAt }: HistoryToken): void {
    const known = this.get(jid)
    const isNewer = known.token === null || at >= known.givenAt
    this.#put(jid, {
      ...(isNewer ? { token, givenAt: at } : known),
      issuedAt: latest(known.issuedAt, issuedAt),
    })
  }

  issued(jid: string, at: number): void {
    const known = this.get(jid)
    this.#put(jid, { ...known, issuedAt: latest(known.issuedAt, at) })
  }

  get salt(): Buffer | null {
    const salt = this.#salt?.salt
    return salt === undefined || salt === null ? null : Buffer.from(salt)
  }

  /**
   * The account's salt, or that it has none any more. What app state says counts for more than a history.
   * False: it is as it was.
   */
  setSalt(salt: Buffer | null, from: SaltSource): boolean {
    const known = this.#salt
    if (known?.from === 'app_state' && from === 'history') return false
    if (known?.from === from && (salt === null ? known.salt === null : this.salt?.equals(salt) === true)) {
      return false
    }
    this.#keys.set({ 'nct-salt': { account: { salt, from } } })
    return true
  }

  get #salt(): { salt: Uint8Array | null; from: SaltSource } | undefined {
    return this.#keys.get('nct-salt', ['account'])['account']
  }

  #put(jid: string, { token, givenAt, issuedAt }: TokenRecord): void {
    const record = {
      token: token ?? Buffer.alloc(0),
      ...(token === null ? {} : { timestamp: String(givenAt) }),
      ...(issuedAt === null ? {} : { senderTimestamp: issuedAt }),
    }
    this.#keys.set({ tctoken: { [jid]: record } })
  }
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other)
}
