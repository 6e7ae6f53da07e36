import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { loadBaileys } from '../../src-main/devices/baileys/baileys.ts'
import { DevicesTable } from '../../src-main/devices/store/devices-table.ts'
import { createKeyCache, SessionKeys } from '../../src-main/devices/session-keys/session-key-store.ts'
import { SessionKeysTable } from '../../src-main/devices/session-keys/session-keys-table.ts'
import { dataKeyFromFile } from '../../src-main/headless/data-key-file.ts'
import { Keys } from '../../src-main/keys/keys.ts'
import { migrations } from '../../src-main/app/migrations.ts'
import { openDatabase, type Database } from '../../src-main/storage/database/database.ts'
import { databaseName } from '../../src-main/storage/backup/finish-restore.ts'
import { cipherWith, type Cipher } from '../../src-main/storage/settings/cipher.ts'
import type { Account } from './practice.ts'

const log = pino({ level: 'silent' })

/** A data folder as a program left it that had paired these devices, and one API key. */
export interface Seeded {
  folder: string
  apiKey: string
  deviceIds: string[]
}

/** @param fill what else is to be in the database */
export async function seedFolder(
  accounts: readonly Account[],
  fill: (database: Database, deviceIds: string[]) => Promise<void> = async () => {},
): Promise<Seeded> {
  await loadBaileys()
  const folder = temporaryFolder()
  const cipher = cipherWith(await dataKeyFromFile(folder))
  const database = openDatabase({ file: join(folder, databaseName), migrations, log })
  const deviceIds: string[] = []
  for (const account of accounts) deviceIds.push(await addDevice(database, cipher, account))
  const keys = new Keys({ database, cipher, log })
  const { secret } = await keys.create({
    name: 'bench',
    devices: { all: true },
    rights: ['send', 'read', 'manage'],
    expiresAt: null,
  })
  await keys.stop()
  await fill(database, deviceIds)
  await database.close()
  writeFileSync(join(folder, 'settings.json'), '{}', { mode: 0o600 })
  return { folder, apiKey: secret, deviceIds }
}

async function addDevice(database: Database, cipher: Cipher, account: Account): Promise<string> {
  const id = randomUUID()
  await new DevicesTable(database).add({
    id,
    kind: 'custom',
    name: `Phone ${account.number}`,
    number: account.number,
    addedAt: Date.now(),
    lastConnectedAt: Date.now(),
    makesTokens: true,
    stoppedReason: null,
    stoppedUntil: null,
    unpairedReason: null,
    timeLock: null,
    newChatQuota: null,
    pairedAt: null,
  })
  const keys = new SessionKeys(
    {
      deviceId: id,
      table: new SessionKeysTable(database),
      cipher,
      cache: createKeyCache(),
      failed: (error) => {
        throw error
      },
    },
    account.credentials,
  )
  keys.noteCredentials()
  await keys.saved()
  return id
}

/** A folder that is gone when the benchmark ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-bench-'))
  folders.push(folder)
  return folder
}

const folders: string[] = []
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
