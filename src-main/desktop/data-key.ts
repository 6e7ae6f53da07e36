import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { safeStorage } from 'electron'
import type { ProgramInfo } from '../../src-preload/contract.ts'
import { Failure } from '../failure.ts'
import { writeWhole } from '../storage/whole-file.ts'

const keyBytes = 32
const sealedName = 'data-key.sealed'
const plainName = 'data-key.plain'

export interface DataKey {
  /** 32 bytes. */
  key: Buffer
  /** What protects it on the disk. */
  sealedBy: ProgramInfo['sealedBy']
}

/**
 * The key that seals session keys, itself sealed by the system's keyring, in a file of the data folder (0600).
 * Made at the first start, before there is anything to seal. A Linux without any keyring has nothing to seal
 * with: the key is then kept as it is, and Settings says so; it is sealed at the first start with a keyring.
 *
 * @throws Failure data_key_unavailable where the keyring cannot be had, or is not the one that sealed it
 */
export async function openDataKey(folder: string): Promise<DataKey> {
  const sealed = join(folder, sealedName)
  const plain = join(folder, plainName)
  const keyring = await safeStorage.isAsyncEncryptionAvailable()
  if (existsSync(sealed)) {
    if (!keyring) throw noKeyring()
    return { key: await unseal(sealed), sealedBy: protection() }
  }
  const key = existsSync(plain) ? wholeKey(plain, await readFile(plain)) : randomBytes(keyBytes)
  if (keyring) {
    await seal(sealed, key)
    rmSync(plain, { force: true })
    return { key, sealedBy: protection() }
  }
  if (process.platform !== 'linux') throw noKeyring()
  writeWhole(plain, key)
  return { key, sealedBy: 'file' }
}

/** `basic_text` seals with a password that is the same on every computer: it hides, and protects nothing. */
function protection(): ProgramInfo['sealedBy'] {
  const hides = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text'
  return hides ? 'basic_text' : 'keyring'
}

async function seal(file: string, key: Buffer): Promise<void> {
  writeWhole(file, await safeStorage.encryptStringAsync(key.toString('base64')))
}

async function unseal(file: string): Promise<Buffer> {
  const sealed = await readFile(file)
  const { result, shouldReEncrypt } = await safeStorage
    .decryptStringAsync(sealed)
    .catch((thrown: unknown) => {
      throw otherKeyring(file, thrown)
    })
  const key = wholeKey(file, Buffer.from(result, 'base64'))
  // The keyring's own key was changed, or there is a stronger one now.
  if (shouldReEncrypt) await seal(file, key)
  return key
}

function wholeKey(file: string, key: Buffer): Buffer {
  if (key.length === keyBytes) return key
  throw new Failure('data_key_unavailable', `The key file ${file} is damaged: put back a copy of it.`)
}

function noKeyring(): Failure {
  return new Failure(
    'data_key_unavailable',
    'The system’s keyring, which keeps the key of Kurir’s data, does not answer. Unlock it and start again.',
  )
}

function otherKeyring(file: string, cause: unknown): Failure {
  return new Failure(
    'data_key_unavailable',
    `The key in ${file} cannot be opened with this user’s keyring. Unlock the keyring, or use the computer and ` +
      'user that Kurir was set up with.',
    { cause },
  )
}
