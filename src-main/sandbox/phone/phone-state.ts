import { randomBytes } from 'node:crypto'
import type { Database } from '../../storage/database/database.ts'
import { emptyCollection } from './phone-app-state.ts'
import type { Collection, CollectionName } from './phone-app-state.ts'
import type { PhoneTable } from './phone-table.ts'

/** What a phone tells a newly linked device of its chats. */
export interface KnownContact {
  number: string
  /** When the contact gave its token, in seconds; null where it has given none. */
  tokenAt: number | null
  /** When this account gave the contact its own, in seconds; null where it has not. */
  issuedAt: number | null
  /** After how many seconds messages disappear in that chat; 0: they stay. */
  expirationSeconds: number
}

/** Where a linked device finds the salt for tokens to strangers. */
export type SaltPlaces = 'both' | 'history' | 'app-state' | 'none'

/** What one practice phone shares with the devices that are linked to it. */
export interface PhoneState {
  /** The key that app state is encrypted under; base64. */
  key: { id: string; data: string }
  /** base64; null where the account has none. */
  salt: string | null
  saltPlaces: SaltPlaces
  contacts: KnownContact[]
  /** The largest part of the history has at least so many bytes when inflated. */
  historyBytes: number
  collections: Partial<Record<CollectionName, Collection>>
}

/** The states of all practice phones, each made when it is first needed. */
export class PhoneStates {
  readonly #database: Database
  readonly #table: PhoneTable

  constructor(database: Database, table: PhoneTable) {
    this.#database = database
    this.#table = table
  }

  of(number: string): PhoneState {
    const text = this.#table.state(number)
    return text === undefined ? newState() : (JSON.parse(text) as PhoneState)
  }

  /** Resolves once the change is kept; changes of one phone are made in the order in which they are asked for. */
  change(number: string, change: (state: PhoneState) => void): Promise<void> {
    return this.#database.write(() => {
      const state = this.of(number)
      change(state)
      this.#table.saveState(number, JSON.stringify(state))
    })
  }
}

/** The phone's own collection, made where it has none. */
export function collectionOf(state: PhoneState, name: CollectionName): Collection {
  return (state.collections[name] ??= emptyCollection())
}

function newState(): PhoneState {
  return {
    key: { id: randomBytes(6).toString('base64'), data: randomBytes(32).toString('base64') },
    salt: randomBytes(32).toString('base64'),
    saltPlaces: 'both',
    contacts: [],
    historyBytes: 0,
    collections: {},
  }
}
