import { withoutPassword } from '../../egress/proxy-address.ts'
import type { Cipher } from './cipher.ts'
import type { SettingName } from './settings-schema.ts'

/**
 * Splits a setting's value from what must not be kept, shown, exported or backed up in the clear: the password in a proxy's
 * URL. `secret` is null where it holds none.
 */
export function splitSecret(name: SettingName, value: unknown): { value: unknown; secret: string | null } {
  if (name !== 'network.proxy' || typeof value !== 'string') return { value, secret: null }
  const { url, password } = withoutPassword(value)
  return { value: url, secret: password }
}

/** What a secret is kept under, beside its setting. No setting has that name, so that no backup has it either. */
export const secretKey = (name: SettingName): string => `${name}.secret`

/** Seals it for that very value: with another user or at another proxy it is worth nothing. */
export function sealSecret(cipher: Cipher, name: SettingName, value: unknown, secret: string): string {
  return Buffer.from(cipher.encrypt(Buffer.from(secret), contextOf(name, value))).toString('base64')
}

/** null where there is none, or none that this data key and that value open. */
export function openSecret(cipher: Cipher, name: SettingName, value: unknown, kept: unknown): string | null {
  if (typeof kept !== 'string') return null
  try {
    return Buffer.from(cipher.decrypt(Buffer.from(kept, 'base64'), contextOf(name, value))).toString()
  } catch {
    return null
  }
}

const contextOf = (name: SettingName, value: unknown): string => `setting ${name} ${String(value)}`
