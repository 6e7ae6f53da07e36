import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { app } from './app.ts'
import { machine } from './machine.ts'
import { partOf } from './part.ts'

/**
 * As shell/browser/api/electron_api_safe_storage.cc and Chromium's os_crypt behave: once Electron is ready,
 * encryption counts as available whatever the key store does; what it does shows in the ciphertext, or as a refusal.
 */
export const safeStorage = partOf<Electron.SafeStorage>()({
  isAsyncEncryptionAvailable: async () => app.isReady(),
  // From the name of the desktop, not from what the key store answered.
  getSelectedStorageBackend: () => (app.isReady() ? machine.backend : 'unknown'),
  encryptStringAsync: async (text) => {
    const provider = providerForWriting()
    if (provider === null) throw failure('encrypting the text', 'encryptStringAsync')
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', provider.key, nonce)
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.from(provider.prefix), nonce, cipher.getAuthTag(), encrypted])
  },
  decryptStringAsync: async (ciphertext) => {
    if (machine.keyStore === 'busy') {
      throw new Error('safeStorage.decryptStringAsync is temporarily unavailable. Please try again.')
    }
    const prefix = ciphertext.subarray(0, 3).toString('latin1')
    const preferred = providerForWriting()
    try {
      const provider = [preferred, obfuscation].find((one) => one?.prefix === prefix)
      if (provider === null || provider === undefined) throw new Error('no provider')
      const decipher = createDecipheriv('aes-256-gcm', provider.key, ciphertext.subarray(3, 15))
      decipher.setAuthTag(ciphertext.subarray(15, 31))
      const result = Buffer.concat([decipher.update(ciphertext.subarray(31)), decipher.final()]).toString()
      return { result, shouldReEncrypt: provider.prefix !== preferred?.prefix }
    } catch {
      throw failure('decrypting the ciphertext', 'decryptStringAsync')
    }
  },
})

interface Provider {
  prefix: 'v10' | 'v11'
  key: Buffer
}

/** What Linux falls back to: a password that is the same on every computer. */
const obfuscation: Provider = { prefix: 'v10', key: keyFrom('peanuts') }

function providerForWriting(): Provider | null {
  if (!app.isReady() || machine.keyStore === 'refuses') return null
  if (process.platform === 'linux') {
    return machine.keyring === null ? obfuscation : { prefix: 'v11', key: keyFrom(machine.keyring) }
  }
  if (machine.keyring === null) return null
  const local = process.platform === 'win32' ? localStateKey() : ''
  return { prefix: 'v10', key: keyFrom(`${machine.keyring} ${local}`) }
}

let stateKey: string | null = null

/**
 * Windows: the key itself lies in `Local State` of the session data, sealed by the user's own. Chromium writes that
 * file some ten seconds after it changed, or at an orderly end; what is killed before has lost it.
 */
function localStateKey(): string {
  if (stateKey !== null) return stateKey
  const file = join(app.getPath('sessionData'), 'Local State')
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { os_crypt: { encrypted_key: string } }
    stateKey = kept.os_crypt.encrypted_key
    return stateKey
  }
  const made = randomBytes(32).toString('base64')
  stateKey = made
  const write = (): void => writeFileSync(file, JSON.stringify({ os_crypt: { encrypted_key: made } }))
  setTimeout(write, 10_000).unref()
  process.once('exit', write)
  return made
}

function keyFrom(word: string): Buffer {
  return createHash('sha256').update(word).digest()
}

function failure(what: string, method: string): Error {
  return new Error(`Error while ${what} provided to safeStorage.${method}.`)
}
