import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

/** SQLite's companions of a database file; they belong to it and move with it. */
const companions = ['-wal', '-shm']

/**
 * Moves a file, a database with its companions, out of the way, under a name with the date, never over anything.
 * Answers the new path: `kurir.db` becomes `kurir.damaged-2026-11-22T09-30-00Z.db`.
 */
export function setAside(file: string, why: 'damaged' | 'replaced', now: number): string {
  const kept = freeName(file, why, now)
  renameSync(file, kept)
  for (const companion of companions) {
    if (existsSync(file + companion)) renameSync(file + companion, kept + companion)
  }
  return kept
}

function freeName(file: string, why: string, now: number): string {
  const extension = extname(file)
  const stem = basename(file, extension)
  const date = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  for (let attempt = 1; ; attempt++) {
    const suffix = attempt === 1 ? '' : `-${attempt}`
    const name = join(dirname(file), `${stem}.${why}-${date}${suffix}${extension}`)
    if (![name, ...companions.map((companion) => name + companion)].some((path) => existsSync(path)))
      return name
  }
}

/** A note beside the database that damage was met in use, so that the next start looks at all of it. */
export const damageNote = (file: string): string => `${file}.damage-seen`

export function noteDamage(file: string): void {
  try {
    writeFileSync(damageNote(file), '', { mode: 0o600 })
  } catch {
    // A disk that takes no note: the next start meets the damage again when it comes to it.
  }
}

export function forgetDamage(file: string): void {
  rmSync(damageNote(file), { force: true })
}
