import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits until something is the case, as long as a busy machine may need.
 * @throws Error naming what was waited for
 */
export async function until<Value>(
  what: string,
  look: () => Value | null | undefined | false | Promise<Value | null | undefined | false>,
  within = 45_000,
): Promise<Value> {
  const deadline = Date.now() + within
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await sleep(50)
  }
}
