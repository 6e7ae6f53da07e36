import { LRUCache } from 'lru-cache'
import type { GroupMetadata, PossiblyExtendedCacheStore } from '@whiskeysockets/baileys'
import { contactsRemembered } from '../../lib/contacts-remembered.ts'
import { createKeyCache } from './session-key-store.ts'
import type { KeyCache } from './session-key-store.ts'

type Kept = object | number | string | boolean

const hourMs = 60 * 60 * 1_000

/**
 * What all devices remember together, each under its own prefix: bounds that hold for 50 devices as for one,
 * and nothing that a reconnect would lose or leave behind.
 */
export interface SharedCaches {
  keys: KeyCache
  /** Which devices a person has. Baileys forgets them after five minutes and asks again, under its lock. */
  recipientDevices: LRUCache<string, Kept>
  groups: LRUCache<string, GroupMetadata>
  /** How often a recipient asked for a message again, and the like: small numbers by message. */
  counters: LRUCache<string, Kept>
  /** Ids of messages to the own number, whose phone answers as their recipient. */
  toSelf: LRUCache<string, true>
}

export function createSharedCaches(): SharedCaches {
  return {
    keys: createKeyCache(),
    recipientDevices: new LRUCache({ max: contactsRemembered, ttl: 6 * hourMs }),
    groups: new LRUCache({
      maxSize: 50_000,
      sizeCalculation: ({ participants }) => participants.length + 1,
      ttl: hourMs,
    }),
    counters: new LRUCache({ max: 5_000, ttl: hourMs }),
    toSelf: new LRUCache({ max: 1_000 }),
  }
}

/** One device's part of a shared cache, in the form that Baileys takes. */
export function partOf(cache: LRUCache<string, Kept>, prefix: string): PossiblyExtendedCacheStore {
  const name = (key: string): string => `${prefix}\n${key}`
  const get = (key: string): unknown => cache.get(name(key))
  const set = (key: string, value: unknown): void => {
    if (value !== undefined && value !== null) cache.set(name(key), value)
  }
  const store = {
    get,
    set,
    del: (key: string): void => void cache.delete(name(key)),
    flushAll: (): void => {
      for (const key of cache.keys()) if (key.startsWith(name(''))) cache.delete(key)
    },
    mget: async (keys: string[]) => Object.fromEntries(keys.map((key) => [key, get(key)])),
    mset: (entries: { key: string; value: unknown }[]): void => {
      for (const { key, value } of entries) set(key, value)
    },
  }
  // Baileys lets the caller choose the type of what it reads.
  return store as PossiblyExtendedCacheStore
}
