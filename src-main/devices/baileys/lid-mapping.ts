import { LRUCache } from 'lru-cache'
import type { SignalRepositoryWithLIDStore } from '@whiskeysockets/baileys'

/** A connection's LID mappings in memory; the session keys have all of them. */
const maxMappings = 500

interface Mapping {
  mappingCache: LRUCache<string, string>
}

/** Bounds Baileys' memory of LIDs, which has no bound and a timer for every entry. */
export function boundMappings({ lidMapping }: SignalRepositoryWithLIDStore): void {
  cacheOf(lidMapping).mappingCache = new LRUCache({ max: maxMappings })
}

/** Drops the LID of a phone number (its digits) from that memory, where Baileys offers no way to. */
export function forgetLid({ lidMapping }: SignalRepositoryWithLIDStore, number: string): void {
  cacheOf(lidMapping).mappingCache.delete(`pn:${number}`)
}

function cacheOf(lidMapping: SignalRepositoryWithLIDStore['lidMapping']): Mapping {
  return lidMapping as unknown as Mapping
}
