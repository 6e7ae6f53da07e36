import { randomBytes } from 'node:crypto'
import { chmod, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renameOver } from '../lib/rename-over.ts'
import { Failure } from '../lib/failure.ts'

const keyBytes = 32

/**
 * The key that seals session keys, kept in a file that only this user can read: a server has no keyring to
 * ask. Made at the first start, before there is anything to seal.
 *
 * @returns 32 bytes
 * @throws Failure data_key_unavailable when the file is not a key
 */
export async function dataKeyFromFile(folder: string): Promise<Buffer> {
  const file = join(folder, 'data.key')
  const kept = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new Failure('data_key_unavailable', `The key file ${file} cannot be read.`, { cause: error })
  })
  if (kept === null) return makeKey(file)
  if (kept.length !== keyBytes) {
    throw new Failure('data_key_unavailable', `The key file ${file} is damaged: put back a copy of it.`)
  }
  await chmod(file, 0o600)
  return kept
}

async function makeKey(file: string): Promise<Buffer> {
  const key = randomBytes(keyBytes)
  const unfinished = `${file}.tmp`
  const handle = await open(unfinished, 'w', 0o600)
  try {
    await handle.writeFile(key)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await renameOver(unfinished, file)
  return key
}
