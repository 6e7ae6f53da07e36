import { randomUUID } from 'node:crypto'
import type { Credentials, RestoredKey } from '../storage/backup/backup.ts'
import type { Row } from '../storage/database/database.ts'
import { maxKeyNameCharacters, type KeyDevices } from './api-key.ts'
import { keptKey, type KeyRow } from './keys-table.ts'

/** API keys in a backup: they let whoever has them in, so that a restore asks before it takes one over. */
export const keyCredentials: Credentials = { table: 'api_keys', identity: 'hash', describe, beside }

/** SHA-256 in hex: what no secret has as its hash is of no use. */
const hashPattern = /^[\da-f]{64}$/

function describe(row: Row): RestoredKey | null {
  try {
    const { key, hash } = keptKey(row as unknown as KeyRow)
    if (!hashPattern.test(hash) || key.name === '' || key.name.length > maxKeyNameCharacters) return null
    return {
      name: key.name,
      lastFour: key.lastFour.slice(0, 4),
      devices: scopeOf(key.devices),
      rights: key.rights,
    }
  } catch {
    return null
  }
}

function scopeOf(devices: KeyDevices): RestoredKey['devices'] {
  if ('all' in devices) return 'all'
  return 'kind' in devices ? 'sandbox' : 'chosen'
}

function beside(row: Row, others: readonly Row[]): Row {
  const isIdTaken = others.some((other) => other['id'] === row['id'])
  const names = new Set(others.map((other) => String(other['name']).toLowerCase()))
  return {
    ...row,
    id: isIdTaken ? randomUUID() : (row['id'] ?? null),
    name: freeName(String(row['name']), names),
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2, free = name; ; number++) {
    if (!taken.has(free.toLowerCase())) return free
    free = `${name.slice(0, maxKeyNameCharacters - 6)} (${number})`
  }
}
