import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { renameOverSync } from '../../lib/rename-over.ts'

/** SQLite's companions of a database file; they belong to it and move with it. */
const companions = ['-wal', '-shm']

type Reason = 'damaged' | 'replaced'

/**
 * Moves a file, a database with its companions, out of the way, under a name with the date, never over anything.
 * Answers the new path: `kurir.db` becomes `kurir.damaged-2026-11-22T09-30-00Z.db`.
 */
export function quarantine(file: string, why: Reason, now: number): string {
  const kept = freeName(file, why, now)
  renameOverSync(file, kept)
  moveCompanions(file, kept)
  return kept
}

/**
 * Ends what a kill broke off after the database itself was moved: SQLite would take a write-ahead log that is
 * left behind for that of whatever database comes in its place. Asked with the `now` of then, it brings them
 * together again. Answers where the database is; null where none was set aside then.
 */
export function finishQuarantine(file: string, why: Reason, now: number): string | null {
  const kept = takenName(file, why, now)
  const left = companions.filter((companion) => existsSync(file + companion))
  const belongs = kept !== null && !left.some((companion) => existsSync(kept + companion))
  if (left.length > 0) moveCompanions(file, belongs ? kept : freeName(file, why, now))
  return kept
}

function moveCompanions(file: string, kept: string): void {
  for (const companion of companions) {
    if (existsSync(file + companion)) renameOverSync(file + companion, kept + companion)
  }
}

function freeName(file: string, why: Reason, now: number): string {
  for (let attempt = 1; ; attempt++) {
    const name = nameOf(file, why, now, attempt)
    if (!isTaken(name)) return name
  }
}

/** The last that this moment's name was given to. */
function takenName(file: string, why: Reason, now: number): string | null {
  let last: string | null = null
  for (let attempt = 1; ; attempt++) {
    const name = nameOf(file, why, now, attempt)
    if (!isTaken(name)) return last
    if (existsSync(name)) last = name
  }
}

function nameOf(file: string, why: Reason, now: number, attempt: number): string {
  const extension = extname(file)
  const stem = basename(file, extension)
  const date = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  const suffix = attempt === 1 ? '' : `-${attempt}`
  return join(dirname(file), `${stem}.${why}-${date}${suffix}${extension}`)
}

function isTaken(name: string): boolean {
  return ['', ...companions].some((companion) => existsSync(name + companion))
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
