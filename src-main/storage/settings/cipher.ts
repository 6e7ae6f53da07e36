import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { Failure } from '../../lib/failure.ts'

/** version (1 byte) · nonce (12) · tag (16) · ciphertext */
const version = 1
const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + nonceBytes + tagBytes

/** Seals what must not lie on the disk in the clear: session keys, the sandbox's API key. */
export interface Cipher {
  /** `context` says what is sealed and whose; the same must be given to open it. */
  encrypt(plain: Uint8Array, context: string): Uint8Array
  /** Throws Failure `data_key_unavailable` where key, context or content are not what was sealed. */
  decrypt(sealed: Uint8Array, context: string): Uint8Array
}

/** AES-256-GCM under a key of 32 bytes, with a random nonce each time and the context authenticated. */
export function cipherWith(dataKey: Buffer): Cipher {
  if (dataKey.length !== 32) throw new Error('a data key has 32 bytes')
  // Bytes would be looked through anew each time.
  const key = createSecretKey(dataKey)
  return {
    encrypt(plain, context) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      cipher.setAAD(Buffer.from(context))
      const hidden = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), hidden])
    },
    decrypt(sealed, context) {
      if (sealed.length < headBytes || sealed[0] !== version) throw unopenable()
      const nonce = sealed.subarray(1, 1 + nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(sealed.subarray(1 + nonceBytes, headBytes))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()])
      } catch (error) {
        throw unopenable(error)
      }
    },
  }
}

function unopenable(cause?: unknown): Failure {
  return new Failure(
    'data_key_unavailable',
    'The encrypted data in this folder cannot be decrypted with the key of this computer and user.',
    { cause },
  )
}
