import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, it } from 'vitest'

/** Milliseconds for many awaits: the best of several rounds, so that a busy machine does not count. */
async function costOfAwaiting(): Promise<number> {
  let best = Infinity
  for (let round = 0; round < 7; round++) {
    const began = performance.now()
    for (let count = 0; count < 20_000; count++) await Promise.resolve(count)
    best = Math.min(best, performance.now() - began)
  }
  return best
}

it('sockets that were logged in once do not slow down every promise of the process', async () => {
  await costOfAwaiting()
  const none = await costOfAwaiting()
  // Baileys makes one for every socket and never lets it go; before Node 24 each was paid for for ever.
  const storages = Array.from({ length: 300 }, () => new AsyncLocalStorage<object>())
  for (const storage of storages) await storage.run({}, async () => Promise.resolve())
  const many = await costOfAwaiting()
  expect(storages).toHaveLength(300)
  expect(many / none).toBeLessThan(3)
})
