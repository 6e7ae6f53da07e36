import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Failure } from '../../lib/failure.ts'
import type { HostPlatform } from './data-folder.ts'
import type { Cipher } from '../settings/cipher.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

/**
 * Each shell keeps the data key in its own way (the desktop in the keyring, headless in a file), so a folder
 * belongs to the shell that sealed it first. A known text, sealed, tells at once whether a key is the right one.
 */
const fileName = 'data-key-check.json'
const context = 'data key check'
const knownText = 'Kurir'

const checkSchema = z.object({ shell: z.enum(['desktop', 'headless']), sealed: z.base64() })
type Check = z.infer<typeof checkSchema>

/** Which shell sealed this folder; null where nothing is sealed yet. */
function sealedBy(folder: string): HostPlatform | null {
  return readCheck(folder)?.shell ?? null
}

/** Throws Failure `data_key_unavailable` where the other shell has the key of this folder. */
export function refuseOtherHost(folder: string, shell: HostPlatform): void {
  const owner = sealedBy(folder)
  if (owner === null || owner === shell) return
  throw new Failure(
    'data_key_unavailable',
    `This data folder was encrypted by the ${owner} program, and only that program has its key. Open it with that program, or choose another folder with --data-dir.`,
  )
}

/**
 * Makes sure that the seal is the one this folder was sealed with; at the first time, writes down that it is.
 * Throws Failure `data_key_unavailable`.
 */
export function checkDataKey(folder: string, cipher: Cipher, shell: HostPlatform): void {
  refuseOtherHost(folder, shell)
  const check = readCheck(folder)
  if (check === null) {
    const sealed = Buffer.from(cipher.encrypt(Buffer.from(knownText), context)).toString('base64')
    writeFileAtomic(join(folder, fileName), `${JSON.stringify({ shell, sealed } satisfies Check)}\n`)
    return
  }
  try {
    cipher.decrypt(Buffer.from(check.sealed, 'base64'), context)
  } catch (cause) {
    throw wrongKey(check.shell, cause)
  }
}

/** Before the folder gets another key, when nothing that matters was sealed with this one. */
export function forgetDataKeyCheck(folder: string): void {
  rmSync(join(folder, fileName), { force: true })
}

const whereTheKeyIs: Record<HostPlatform, string> = {
  desktop: `the keyring of the user who ran the desktop program first. Log in as that user`,
  headless: `the file data.key in the folder. Put that file back`,
}

function wrongKey(shell: HostPlatform, cause: unknown): Failure {
  return new Failure(
    'data_key_unavailable',
    `This is not the key that the ${shell} program encrypted this data folder with. The right key is in ${whereTheKeyIs[shell]}, or remove ${fileName} and pair all devices again.`,
    { cause },
  )
}

function readCheck(folder: string): Check | null {
  try {
    return checkSchema.parse(JSON.parse(readFileSync(join(folder, fileName), 'utf8')))
  } catch {
    return null // None yet, or not readable: it is written anew, and what cannot be opened says so itself.
  }
}
