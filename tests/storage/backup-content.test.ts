import { join } from 'node:path'
import { expect, it } from 'vitest'
import { backupContent } from '../../src-main/app/backup-content.ts'
import { Keys } from '../../src-main/keys/keys.ts'
import { messageStates } from '../../src-main/messages/message-state.ts'
import { readStory } from '../../src-main/messages/log/story.ts'
import { migrations } from '../../src-main/app/migrations.ts'
import { writeBackup } from '../../src-main/storage/backup/backup.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import { finishRestore } from '../../src-main/storage/backup/finish-restore.ts'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import { stageRestore } from './stage-restore.ts'
import { folder, quiet } from './support.ts'

interface MessageRow {
  state: number
  created_at: number
  story: string
}

function open(path: string) {
  return openDatabase({ file: join(path, 'kurir.sqlite'), migrations, log: quiet })
}

it('a backup restored on another PC has log and keys, no session keys, and nothing left to send', async () => {
  const [here, there] = [folder(), folder()]
  const database = open(here)
  const keys = new Keys({ database, cipher: cipherWith(Buffer.alloc(32, 1)), log: quiet })
  const { secret } = await keys.create({
    name: 'POS',
    devices: { all: true },
    rights: ['send'],
    expiresAt: null,
  })
  const message = database.statement(`
    INSERT INTO messages (sequence, request, id, device_id, recipient, kind, state, via, created_at, changed_at)
    VALUES (?, 1, ?, 'd', '6285500000500', 'text', ?, 'api', 1000, 1000)`)
  await database.write(() => {
    messageStates.forEach((state, number) => message.run(number + 1, `ID ${state}`, number))
    database.statement(`INSERT INTO session_credentials VALUES ('d', x'00')`).run()
    database
      .statement(`INSERT INTO session_keys (device_id, type, id, sealed) VALUES ('d', 'session', '1', x'00')`)
      .run()
  })
  const backup = join(here, 'backup')
  await writeBackup({ database, file: backup, settings: {}, version: '1', content: backupContent })
  await database.close()

  const counts = await stageRestore({ backup, folder: there, migrations, content: backupContent })
  expect(counts).toEqual({ messages: messageStates.length, keys: 1, devices: 0 })
  expect(finishRestore(there)).toBeNull()
  const restored = open(there)
  const other = new Keys({ database: restored, cipher: cipherWith(Buffer.alloc(32, 2)), log: quiet })
  expect(other.authenticate(secret, '::1').name).toBe('POS')
  expect(
    restored.statement('SELECT 1 FROM session_credentials UNION ALL SELECT 1 FROM session_keys').all(),
  ).toEqual([])
  const rows = restored
    .statement<MessageRow>('SELECT state, created_at, story FROM messages ORDER BY sequence')
    .all()
  expect(rows.map(({ state }) => messageStates[state])).toEqual([
    'expired',
    'expired',
    ...messageStates.slice(2),
  ])
  for (const { created_at, story } of rows.slice(0, 2)) {
    expect(readStory(created_at, story).at(-1)).toMatchObject({
      state: 'expired',
      note: 'a backup was restored',
    })
  }
  await restored.close()
})
