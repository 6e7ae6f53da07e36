import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Database } from '../../src-main/storage/database/database.ts'
import { notesMigrations } from './notes-migrations.ts'

export const quiet = pino({ level: 'silent' })

/** Runs a file of this folder as a program of its own; killed after the test if it still runs. */
export function program(name: string, ...parameters: string[]): ChildProcessByStdio<null, Readable, null> {
  const child = spawn(process.execPath, [join(import.meta.dirname, name), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'kurir-storage-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A disk of its own of so many KiB, or null where this user cannot make one. */
export function smallDisk(kibibytes: number): string | null {
  const path = join(folder(), 'disk')
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', path])
  })
  return path
}

/** A database of notes, closed after the test. */
export function notes(file: string): Database {
  const database = openDatabase({ file, migrations: notesMigrations, log: quiet })
  onTestFinished(() => database.close())
  return database
}

export function add(database: Database, text: string): Promise<unknown> {
  return database.write(() => database.statement('INSERT INTO notes (text) VALUES (?)').run(text))
}

export function texts(database: Database): string[] {
  return database
    .statement<{ text: string }>('SELECT text FROM notes ORDER BY id')
    .all()
    .map(({ text }) => text)
}
