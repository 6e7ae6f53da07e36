const minDelayMs = 1_000
const maxDelayMs = 60_000

/**
 * How long to wait before a reconnect, in milliseconds: full jitter below a ceiling that doubles from one
 * second to one minute, so that many devices that lost the same line do not come back all at once.
 *
 * @param attempt how many have failed in a row, from 1
 * @param random a number from 0 up to 1
 * @param longest milliseconds at most
 */
export function backOff(attempt: number, random: number, longest = maxDelayMs): number {
  const ceiling = Math.min(longest, minDelayMs * 2 ** Math.max(0, Math.min(attempt, 30) - 1))
  return Math.round(random * ceiling)
}

const minLongWaitMs = 15 * 60_000

/** A pause after which one fresh try is worth it where trying at once has not helped: 15 to 30 minutes. */
export function longDelayMs(random: number): number {
  return Math.round(minLongWaitMs * (1 + random))
}
