import { isIP } from 'node:net'
import type { SettingName } from './settings-schema.ts'

/** Brings entries that an operator copied to the form that is used: a host without scheme and path. */
export function tidiedSetting(name: SettingName, value: unknown): unknown {
  if (name !== 'media.trustedHosts' || !Array.isArray(value)) return value
  return value.map((entry: unknown) => (typeof entry === 'string' ? withoutSchemeAndPath(entry) : entry))
}

/**
 * What a setting takes instead of a value that would do nothing, completing "takes …"; null where it can be used. Asked
 * of what is set, not of what is kept: one entry that was taken earlier must not cost the others.
 */
export function unusableSetting(name: SettingName, value: unknown): string | null {
  if (!Array.isArray(value)) return null
  const isUsable = entryChecks[name]?.isUsable
  const bad = isUsable === undefined ? undefined : value.find((entry: unknown) => !isUsable(String(entry)))
  return bad === undefined ? null : `${entryChecks[name]?.takes ?? ''}, not “${String(bad)}”`
}

const entryChecks: Partial<Record<SettingName, { takes: string; isUsable: (entry: string) => boolean }>> = {
  'media.trustedHosts': {
    takes: 'hosts such as kasir.lan, kasir.lan:8080, 192.168.1.5 or 192.168.1.0/24, separated by commas',
    isUsable: isHostOrBlock,
  },
  'api.allowedOrigins': {
    takes: 'web addresses with their scheme, such as https://toko.example, separated by commas',
    isUsable: (entry) => /^[a-z][a-z\d+.-]*:\/\/[^\s/*]+/i.test(entry),
  },
  'api.lanAddresses': {
    takes: 'addresses of this PC such as 192.168.1.5, separated by commas',
    isUsable: (entry) => isIP(entry) !== 0,
  },
}

function withoutSchemeAndPath(entry: string): string {
  return /^https?:\/\/([^/?#\s]+)(?:[/?#]\S*)?$/i.exec(entry.trim())?.[1] ?? entry
}

function isHostOrBlock(entry: string): boolean {
  if (isIP(entry) !== 0) return true
  const [network = '', bits = '', ...rest] = entry.split('/')
  if (entry.includes('/')) {
    const most = isIP(network) === 6 ? 128 : 32
    return rest.length === 0 && isIP(network) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
  }
  return !/[?#@*\\\s]/.test(entry) && URL.canParse(`ws://${entry}`)
}
