/** What a device has sent lately, as the pace needs it. Times in milliseconds since the epoch. */
export interface Sent {
  inHour: number
  /** When the hour has room again, should it be full. */
  hourFreeAt: number
  inDay: number
  dayFreeAt: number
  newInDay: number
  newFreeAt: number
}

export interface SendLimits {
  perHour: number
  perDay: number
  newContactsPerDay: number
}

export type SendLimit =
  | { reached: null }
  | {
      reached: 'messages an hour' | 'messages a day' | 'new contacts a day'
      sendLimit: number
      until: number
      /** It is the share of one key; the device itself may send more. */
      isShare?: true
    }

/** Whether one more message is within the ceilings; the one that takes longest to pass is named. */
export function sendLimitFor(sent: Sent, ceilings: SendLimits, newContact: boolean): SendLimit {
  const reached: SendLimit[] = []
  if (sent.inHour >= ceilings.perHour) {
    reached.push({ reached: 'messages an hour', sendLimit: ceilings.perHour, until: sent.hourFreeAt })
  }
  if (sent.inDay >= ceilings.perDay) {
    reached.push({ reached: 'messages a day', sendLimit: ceilings.perDay, until: sent.dayFreeAt })
  }
  if (newContact && sent.newInDay >= ceilings.newContactsPerDay) {
    reached.push({
      reached: 'new contacts a day',
      sendLimit: ceilings.newContactsPerDay,
      until: sent.newFreeAt,
    })
  }
  return reached.reduce<SendLimit>((longest, one) => (untilOf(one) > untilOf(longest) ? one : longest), {
    reached: null,
  })
}

const dayMs = 24 * 3_600_000
const warmUpFirstDay = 20
const warmUpStep = 10

/**
 * How many new contacts a device may write to in a day, and until when that holds: one that was linked lately begins with
 * 20, and may write to 10 more with each day. Nothing is known of how WhatsApp weighs new links; this is caution.
 *
 * @param pairedAt milliseconds since the epoch; null for a device that is past its warm-up
 */
export function newContactsAllowed(
  sendLimit: number,
  pairedAt: number | null,
  now: number,
): { perDay: number; until: number } {
  if (pairedAt === null || sendLimit <= warmUpFirstDay) return { perDay: sendLimit, until: Infinity }
  // Where the clock was set back, it is the first day.
  const days = Math.max(0, Math.floor((now - pairedAt) / dayMs))
  const perDay = warmUpFirstDay + days * warmUpStep
  if (perDay >= sendLimit) return { perDay: sendLimit, until: Infinity }
  return { perDay, until: Math.max(now, pairedAt + (days + 1) * dayMs) }
}

function untilOf(sendLimit: SendLimit): number {
  return sendLimit.reached === null ? -Infinity : sendLimit.until
}

/** Messages that leave one right after the other before a burst is slowed; a till sells no faster. */
const free = 6
/** Of those, first messages to new contacts: what gets numbers blocked is many of them at once. */
const freeNew = 3
/** The gap of a burst, and of a long one, in milliseconds; new contacts wait as long again. */
const gapMs = 1_000
const longGapMs = 2_000
const longBurst = 30

/**
 * How long the device rests after a message, in milliseconds: not at all in ordinary use, and some seconds
 * in a burst, never twice the same.
 *
 * @param burst how many messages, and how many first ones to new contacts, left in the last minute, this included
 * @param chance from 0 to 1
 */
export function restAfter(burst: { all: number; new: number }, newContact: boolean, chance: number): number {
  const jitter = 0.5 + chance
  if (newContact && burst.new > freeNew) return Math.round(2 * gapMs * jitter)
  if (burst.all <= free) return 0
  return Math.round((burst.all > longBurst ? longGapMs : gapMs) * jitter)
}
