import crypto, { createSecretKey } from 'node:crypto'
import type { BinaryLike, CipherKey, KeyObject } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

type Key = BinaryLike | CipherKey

/**
 * Hands keys that come as bytes to OpenSSL as key objects. Node 24 takes 11 µs to find out that bytes are no key
 * object, which it does by an exception, and 3 µs to make one; Baileys and libsignal have some thirty of those
 * for every message, a tenth of what it costs. Nothing else about ciphers and HMACs changes.
 *
 * To be called before Baileys is loaded; a second time does nothing.
 */
export function giveKeyObjects(): void {
  if (given) return
  given = true
  for (const name of ['createHmac', 'createCipheriv', 'createDecipheriv'] as const) {
    const original = crypto[name] as (algorithm: string, key: Key, ...more: unknown[]) => unknown
    const quick = (algorithm: string, key: Key, ...more: unknown[]): unknown =>
      original(algorithm, keyObjectOf(key), ...more)
    Object.assign(crypto, { [name]: quick })
  }
  // For those who have imported them by name.
  syncBuiltinESMExports()
}

let given = false

function keyObjectOf(key: Key): Key | KeyObject {
  return key instanceof Uint8Array && key.length > 0 ? createSecretKey(key) : key
}
