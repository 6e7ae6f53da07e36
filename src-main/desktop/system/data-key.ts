import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { safeStorage } from 'electron'
import type { ProgramInfo } from '../../../src-preload/contract.ts'
import { sessionKeysTables } from '../../devices/session-keys/session-keys-table.ts'
import { Failure, sentenceOf } from '../../lib/failure.ts'
import { forgetDataKeyCheck } from '../../storage/data-folder/data-key-check.ts'
import { holdsRows } from '../../storage/database/holds-rows.ts'
import { databaseName } from '../../storage/backup/finish-restore.ts'
import { quarantine } from '../../storage/data-folder/quarantine.ts'
import { writeFileAtomic } from '../../storage/data-folder/write-file-atomic.ts'

const keyBytes = 32
const sealedName = 'data-key.sealed'
/** How often a key store that says "temporarily unavailable" is asked, and how long it is left alone in between. */
const maxAttempts = 4
const pauseMs = 1_500

export interface DataKey {
  /** 32 bytes. */
  key: Buffer
  /** What protects it on the disk. */
  sealedBy: ProgramInfo['sealedBy']
}

/**
 * The key that seals session keys, itself sealed by the system's key store, in a file of the data folder (0600). Made at
 * the first start, before there is anything to seal.
 *
 * Whether there is a key store cannot be asked: once Electron is ready, `isAsyncEncryptionAvailable` is always true, and
 * `getSelectedStorageBackend` goes by the desktop's name (electron: electron_api_safe_storage.cc). What it does tells.
 *
 * @throws Failure key_store_unavailable where it refuses or does not answer, data_key_unavailable where it is not the
 * one that sealed the key
 */
export async function openDataKey(folder: string): Promise<DataKey> {
  const file = join(folder, sealedName)
  if (!existsSync(file)) return makeKey(file)
  const sealed = await readFile(file)
  const opened = await unseal(sealed)
  if (opened === null) {
    if (holdsRows(join(folder, databaseName), sessionKeysTables)) throw otherKeyStore(file)
    // On Windows the store's own key is lost with a power cut in the first seconds of the first start: Chromium writes
    // it down later than this program does. Nothing that matters is sealed yet: a new key does no harm.
    forgetDataKeyCheck(folder)
    quarantine(file, 'replaced', Date.now())
    return makeKey(file)
  }
  const key = Buffer.from(opened.result, 'base64')
  if (key.length !== keyBytes) {
    throw new Failure('data_key_unavailable', `The key file ${file} is damaged: put back a copy of it.`)
  }
  // The store's own key was changed, or there is a better store now.
  return opened.shouldReEncrypt ? cipher(file, key) : { key, sealedBy: protectionOf(sealed) }
}

function makeKey(file: string): Promise<DataKey> {
  return cipher(file, randomBytes(keyBytes))
}

async function cipher(file: string, key: Buffer): Promise<DataKey> {
  const sealed = await safeStorage.encryptStringAsync(key.toString('base64')).catch((error: unknown) => {
    throw keyStoreUnavailable(error)
  })
  writeFileAtomic(file, sealed)
  return { key, sealedBy: protectionOf(sealed) }
}

/**
 * On Linux a key store that is missing, locked or refused is replaced by a password that is the same on every computer:
 * it hides, and protects nothing. Such ciphertexts begin with `v10` (Chromium: PosixKeyProvider); those of the keyring and
 * of the desktop portal do not. On Windows and macOS all begin with `v10`.
 */
function protectionOf(sealed: Buffer): ProgramInfo['sealedBy'] {
  const isObfuscated = process.platform === 'linux' && sealed.subarray(0, 3).toString('latin1') === 'v10'
  return isObfuscated ? 'basic_text' : 'keyring'
}

/** null where the key store answers that it cannot open it. */
async function unseal(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean } | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await safeStorage.decryptStringAsync(sealed)
    } catch (error) {
      if (!/temporarily unavailable/.test(sentenceOf(error))) return null
      if (attempt === maxAttempts) throw keyStoreUnavailable(error)
    }
    await pause(pauseMs)
  }
}

function keyStoreUnavailable(cause: unknown): Failure {
  return new Failure(
    'key_store_unavailable',
    'The system’s key store, which keeps the key of Kurir’s data, refused access or did not respond. Unlock it, allow Kurir to ' +
      'use it, and start again. Nothing is lost.',
    { cause },
  )
}

function otherKeyStore(file: string): Failure {
  return new Failure(
    'data_key_unavailable',
    `The key in ${file} cannot be decrypted with this user’s key store. Unlock it, or use the computer and user that Kurir ` +
      'was set up with.',
  )
}
