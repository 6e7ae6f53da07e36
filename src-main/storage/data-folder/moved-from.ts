import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { databaseName } from '../backup/finish-restore.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

const noteName = 'moved-from.json'

const noteSchema = z.object({
  earlier: z.string(),
  /** Of the database that was copied; null where there was none yet. */
  database: z.object({ size: z.number(), mtimeMs: z.number() }).nullable(),
})

/** Written into a copy before it takes its place: which folder it is of, and how that was. */
export function noteOrigin(copy: string, earlier: string): void {
  const note: z.infer<typeof noteSchema> = { earlier, database: stateOfDatabase(earlier) }
  writeFileAtomic(join(copy, noteName), JSON.stringify(note))
}

/**
 * Once the copy is in its place: gives the folder that it is of another name, so that no other program and no other PC of
 * the same user goes on with it. One that was changed since is left alone.
 */
export function finishLeaving(wanted: string, earlier: string): void {
  const file = join(wanted, noteName)
  if (!existsSync(file)) return
  const note = noteSchema.safeParse(readNote(file)).data
  if (note?.earlier === earlier && existsSync(earlier) && isAsItWas(note.database, earlier)) {
    renameSync(earlier, freeNameFor(earlier))
  }
  rmSync(file, { force: true })
}

function isAsItWas(then: z.infer<typeof noteSchema>['database'], folder: string): boolean {
  const now = stateOfDatabase(folder)
  return then?.size === now?.size && then?.mtimeMs === now?.mtimeMs
}

function stateOfDatabase(folder: string): { size: number; mtimeMs: number } | null {
  const found = statSync(join(folder, databaseName), { throwIfNoEntry: false })
  return found === undefined ? null : { size: found.size, mtimeMs: found.mtimeMs }
}

function readNote(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

function freeNameFor(folder: string): string {
  const date = new Date().toISOString().slice(0, 10)
  for (let attempt = 1; ; attempt += 1) {
    const name = `${folder}.moved-${date}${attempt === 1 ? '' : `-${attempt}`}`
    if (!existsSync(name)) return name
  }
}
