/** Session keys are asked for that are not to be had: not saved, given up, or of a connection that is over. */
export class KeysUnavailable extends Error {}

/** What the work makes; undefined where the keys are not to be had any more: the connection ends by itself then. */
export function whileKept<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof KeysUnavailable) return undefined
    throw error
  }
}
