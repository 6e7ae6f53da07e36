/** For so long an equal call gets the outcome of the earlier one, while that was not told. */
export const repeatWindowMs = 15 * 60_000
/** For so long an Idempotency-Key names the request that it came with first. */
export const idempotencyWindowMs = 24 * 3_600_000

/** What is known of an earlier request that a call may be a repeat of. */
export interface Earlier {
  number: number
  fingerprint: Uint8Array
  createdAt: number
  toldAt: number | null
}

export type IdempotencyResult =
  | { as: 'new' }
  | { as: 'repeat'; number: number }
  /** The Idempotency-Key came with another request before. */
  | { as: 'reused' }

/**
 * Whether a call repeats an earlier one.
 *
 * An Idempotency-Key settles it alone, told or not: the caller itself says what is one request and what are
 * two. Without one, an equal call is a repeat until the outcome was told, and for 15 minutes at most:
 * receipts and reminders repeat legitimately.
 *
 * @param byContent the latest untold request of the same fingerprint
 * @param byKey     the latest request with the same Idempotency-Key, of the same API key
 */
export function findRepeat(
  call: { fingerprint: Uint8Array; idempotencyKey: string | null; now: number },
  byContent: Earlier | undefined,
  byKey: Earlier | undefined,
): IdempotencyResult {
  if (call.idempotencyKey !== null) {
    if (byKey === undefined || isOver(byKey, call.now, idempotencyWindowMs)) return { as: 'new' }
    return sameBytes(byKey.fingerprint, call.fingerprint)
      ? { as: 'repeat', number: byKey.number }
      : { as: 'reused' }
  }
  if (byContent === undefined || byContent.toldAt !== null) return { as: 'new' }
  if (isOver(byContent, call.now, repeatWindowMs)) return { as: 'new' }
  return { as: 'repeat', number: byContent.number }
}

function isOver(earlier: Earlier, now: number, window: number): boolean {
  return now - earlier.createdAt >= window
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}
