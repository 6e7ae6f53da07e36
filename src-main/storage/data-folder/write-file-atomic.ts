import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { renameOverSync } from '../../lib/rename-over.ts'

/** Writes a small file so that it is there whole or not at all, for this user's eyes only (0600). */
export function writeFileAtomic(file: string, content: string | Uint8Array): void {
  // A name that nobody can foresee, and no file that is there: in a shared folder somebody else could have laid it out.
  const unfinished = `${file}.${randomUUID()}.tmp`
  try {
    writeFileSync(unfinished, content, { flag: 'wx', mode: 0o600, flush: true })
    renameOverSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}
