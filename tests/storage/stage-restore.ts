import type { BackupContent } from '../../src-main/storage/backup/backup.ts'
import type { Migration, Row } from '../../src-main/storage/database/database.ts'
import { Restores, type RestoreInclude } from '../../src-main/storage/backup/restores.ts'

export interface Staging {
  backup: string
  folder: string
  migrations: readonly Migration[]
  content: BackupContent
  include?: RestoreInclude
  credentials?: readonly Row[]
}

/** Lays a backup ready in one go, as the program does once the operator was asked: all of it, unless told otherwise. */
export async function stageRestore(options: Staging): Promise<Record<string, number>> {
  const restores = new Restores({
    ...options,
    credentials: () => options.credentials ?? [],
    settings: () => ({ values: {}, secrets: {} }),
  })
  try {
    const { id } = await restores.prepare(options.backup)
    return await restores.finish(id, options.include ?? { keys: true, access: true })
  } finally {
    await restores.stop()
  }
}
