import { isIPv6 } from 'node:net'
import { LRUCache } from 'lru-cache'
import { Failure } from '../../lib/failure.ts'

interface Bucket {
  tokens: number
  at: number
}

const minuteMs = 60_000
/** Callers remembered at once; whoever falls out begins with a full minute's worth again. */
const callersRemembered = 1_000

/** Strangers of all networks together may ask so many times as often as those of one. */
const maxNetworks = 10

/** Buckets of a caller without a known key: his network's, and one for all. */
export interface UnidentifiedBuckets {
  readonly network: string
  readonly all: string
}

/**
 * @param kind what is counted apart from other things
 * @param address whoever has one IPv6 address has the 2^64 beside it, too (RFC 4291, 2.5.4)
 */
export function unidentifiedBuckets(kind: string, address: string): UnidentifiedBuckets {
  return { network: `${kind} ${networkOf(address)}`, all: `${kind} of all` }
}

function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const { hostname } = new URL(`http://[${address.replace(/%.*/s, '')}]/`)
  const [head = '', tail = ''] = hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  const groups = hostname.includes('::') ? [...before, ...zeros, ...after] : before
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** How often one caller may call: a bucket each that fills evenly and holds a minute's worth. */
export class RequestRate {
  readonly #buckets = new LRUCache<string, Bucket>({ max: callersRemembered })
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * Counts one request of a caller.
   * @param perMinute 0: no limit
   * @throws Failure too_many_requests, with the time of the next one
   */
  take(caller: string, perMinute: number): void {
    if (perMinute === 0) return
    const bucket = this.#filled(caller, perMinute)
    this.#requireOne(bucket, perMinute)
    bucket.tokens -= 1
  }

  /** Counts one request of somebody without a known key. @throws Failure too_many_requests */
  takeUnidentified({ network, all }: UnidentifiedBuckets, perMinute: number): void {
    this.take(network, perMinute)
    this.take(all, perMinute * maxNetworks)
  }

  /** The same without counting it. */
  checkUnidentified({ network, all }: UnidentifiedBuckets, perMinute: number): void {
    this.check(network, perMinute)
    this.check(all, perMinute * maxNetworks)
  }

  /** The same as `take` without counting it. */
  check(caller: string, perMinute: number): void {
    if (perMinute !== 0) this.#requireOne(this.#filled(caller, perMinute), perMinute)
  }

  #filled(caller: string, perMinute: number): Bucket {
    const now = this.#now()
    const bucket = this.#buckets.get(caller) ?? { tokens: perMinute, at: now }
    // A clock that was set back by hours is not to keep its callers out for as long.
    const passed = Math.max(0, now - bucket.at)
    bucket.tokens = Math.min(perMinute, bucket.tokens + (passed * perMinute) / minuteMs)
    bucket.at = now
    this.#buckets.set(caller, bucket)
    return bucket
  }

  #requireOne({ tokens, at }: Bucket, perMinute: number): void {
    if (tokens >= 1) return
    throw new Failure(
      'too_many_requests',
      `More than ${String(perMinute)} requests a minute. Wait as long as Retry-After says.`,
      { until: at + ((1 - tokens) * minuteMs) / perMinute },
    )
  }
}
