import { LRUCache } from 'lru-cache'
import { Failure } from '../failure.ts'

interface Bucket {
  tokens: number
  at: number
}

const minute = 60_000
/** Callers remembered at once; whoever falls out begins with a full minute's worth again. */
const callersRemembered = 1_000

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
    this.#demandOne(bucket, perMinute)
    bucket.tokens -= 1
  }

  /** The same without counting it. */
  demand(caller: string, perMinute: number): void {
    if (perMinute !== 0) this.#demandOne(this.#filled(caller, perMinute), perMinute)
  }

  #filled(caller: string, perMinute: number): Bucket {
    const now = this.#now()
    const bucket = this.#buckets.get(caller) ?? { tokens: perMinute, at: now }
    // A clock that was set back by hours is not to keep its callers out for as long.
    const passed = Math.max(0, now - bucket.at)
    bucket.tokens = Math.min(perMinute, bucket.tokens + (passed * perMinute) / minute)
    bucket.at = now
    this.#buckets.set(caller, bucket)
    return bucket
  }

  #demandOne({ tokens, at }: Bucket, perMinute: number): void {
    if (tokens >= 1) return
    throw new Failure(
      'too_many_requests',
      `More than ${String(perMinute)} requests a minute. Wait as long as Retry-After says.`,
      { until: at + ((1 - tokens) * minute) / perMinute },
    )
  }
}
