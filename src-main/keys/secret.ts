import { hash, randomBytes } from 'node:crypto'

/** Lets a leaked key be recognised for what it is, by people and by secret scanners. */
const prefix = 'kurir_'
/** 32 bytes in base64url. */
const form = /^kurir_[\w-]{43}$/

/** A new secret: 256 random bits behind the prefix, 49 characters that need no encoding in a URL. */
export function newSecret(): { secret: string; hash: string } {
  const secret = prefix + randomBytes(32).toString('base64url')
  return { secret, hash: sha256(secret) }
}

/**
 * What is kept of a secret: its SHA-256 in hex. With 256 random bits there is nothing to guess, so the hash
 * need not be slow. Null where the text cannot be a key at all.
 */
export function hashOf(secret: string): string | null {
  return form.test(secret) ? sha256(secret) : null
}

function sha256(secret: string): string {
  return hash('sha256', secret, 'hex')
}
